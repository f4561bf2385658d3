import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dial, openService, type Peer, type Service, see } from '../../test/tcp-peers.ts';
import { createRandom } from '../time/random.ts';
import { openEmbeddedLink } from './embedded-link.ts';
import type { Link } from './link.ts';
import { createPortChooser } from './link-ports.ts';

/** The claims that both kinds of link share are in link-claims.test.ts; here time is moved by hand. */
describe('an embedded link by its own clock', () => {
  let service: Service;
  let link: Link;
  let caller: Peer;
  let nowUs: number;
  let waiting: { readonly dueUs: number; readonly ring: () => void }[];

  beforeEach(async () => {
    nowUs = 0;
    waiting = [];
    service = await openService();
    link = await openEmbeddedLink({
      id: 'l',
      upstreamPort: service.port,
      roundTripMs: 40,
      ports: createPortChooser(createRandom(`clock/${process.pid}`)),
      clock: () => nowUs,
      alarm: { at: (dueUs, ring) => waiting.push({ dueUs, ring }) },
    });
    caller = dial(link.port);
  });
  afterEach(async () => {
    caller.socket.destroy();
    await link.close();
    await service[Symbol.asyncDispose]();
  });

  /** Waits until the link has taken something to carry, and moves the clock to its arrival. */
  const arrive = async (): Promise<number> => {
    await expect.poll(() => waiting.length, { timeout: 5_000, interval: 2 }).toBe(1);
    const [next] = waiting.splice(0);
    nowUs = next?.dueUs ?? Number.NaN;
    next?.ring();
    return nowUs;
  };

  it('a fresh connection is answered after two round trips, an open one after one', async () => {
    caller.socket.write('a');
    expect(await arrive()).toBe(60_000);
    expect(await arrive()).toBe(80_000);
    await see(caller, { received: 'a' });
    caller.socket.write('b');
    expect(await arrive()).toBe(100_000);
    expect(await arrive()).toBe(120_000);
    await see(caller, { received: 'ab' });
  });

  it('a connection that sends late has paid part of its handshake by waiting', async () => {
    await expect.poll(() => service.connections.length).toBe(1);
    nowUs = 30_000;
    caller.socket.write('a');
    expect(await arrive()).toBe(60_000);
    expect(await arrive()).toBe(80_000);
  });

  it('slowness is added half each way, and not to what set out before', async () => {
    caller.socket.write('a');
    await arrive();
    await arrive();
    await link.apply({ kind: 'passing', addedMs: 60 });
    caller.socket.write('b');
    expect(await arrive()).toBe(80_000 + 50_000);
    await expect.poll(() => waiting.length).toBe(1);
    await link.apply({ kind: 'passing', addedMs: 0 });
    expect(await arrive()).toBe(80_000 + 100_000);
  });

  it('what is under way when a silence begins is lost', async () => {
    caller.socket.write('a');
    await expect.poll(() => waiting.length).toBe(1);
    await link.apply({ kind: 'silence' });
    await arrive();
    await link.apply({ kind: 'passing', addedMs: 0 });
    await see(caller, { error: 'ECONNRESET', received: '' });
    expect(service.connections.map(({ received }) => received)).toEqual(['']);
  });
});
