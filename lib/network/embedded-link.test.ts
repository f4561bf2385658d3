import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dial, openService, type Peer, type Service, see } from '../../test/tcp-peers.ts';
import { createRandom } from '../time/random.ts';
import { openEmbeddedLink } from './embedded-link.ts';
import type { Link } from './link.ts';
import type { LinkEffect } from './link-effect.ts';
import { createPortChooser } from './link-ports.ts';

const slow = (addedMs: number): LinkEffect => ({
  id: 'f',
  effect: { kind: 'slow', delay: { kind: 'fixed', addedMs } },
  connections: { which: 'all', share: 1 },
  seed: 1,
});

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
    await link.apply([slow(60)]);
    caller.socket.write('b');
    expect(await arrive()).toBe(80_000 + 50_000);
    await expect.poll(() => waiting.length).toBe(1);
    await link.apply([]);
    expect(await arrive()).toBe(80_000 + 100_000);
  });

  it('what is under way when a silence begins is lost', async () => {
    caller.socket.write('a');
    await expect.poll(() => waiting.length).toBe(1);
    await link.apply([{ ...slow(0), effect: { kind: 'silence' } }]);
    await arrive();
    await link.apply([]);
    await see(caller, { error: 'ECONNRESET', received: '' });
    expect(service.connections.map(({ received }) => received)).toEqual(['']);
  });

  it('a narrow path carries in pieces, each when its bytes are through', async () => {
    const wide: LinkEffect = { ...slow(0), effect: { kind: 'narrow', bytesPerSecond: 10_000 } };
    await link.apply([wide]);
    caller.socket.write('x'.repeat(1_000));
    // 500 bytes a piece: 50 ms each, behind the 60 ms of a fresh connection's first flight.
    expect(await arrive()).toBe(60_000 + 50_000);
    await expect.poll(() => waiting.length).toBeGreaterThan(0);
    expect(waiting.map(({ dueUs }) => dueUs)).toContain(60_000 + 100_000);
  });

  it('a stalled flight holds up all behind it', async () => {
    caller.socket.write('a');
    await arrive();
    await arrive();
    await link.apply([{ ...slow(0), effect: { kind: 'stalls', share: 1, stallMs: 200 } }]);
    caller.socket.write('b');
    await expect.poll(() => waiting.length).toBe(1);
    expect(waiting[0]?.dueUs).toBe(80_000 + 20_000 + 200_000);
    await link.apply([]);
    caller.socket.write('c');
    await expect
      .poll(() => {
        for (const { dueUs, ring } of waiting.splice(0)) {
          nowUs = Math.max(nowUs, dueUs);
          ring();
        }
        return service.connections.map(({ received }) => received);
      })
      .toEqual(['abc']);
    expect(nowUs).toBeGreaterThanOrEqual(300_000);
  });
});
