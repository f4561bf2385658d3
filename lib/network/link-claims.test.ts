import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { partOrSkip } from '../../test/required-part.ts';
import { dial, exchange, GOODBYE, openService, type Peer, type Service, see } from '../../test/tcp-peers.ts';
import { monotonicUs } from '../time/monotonic.ts';
import { createRandom } from '../time/random.ts';
import { ABILITIES, type Ability } from './abilities.ts';
import type { ConnectionChoice, Effect } from './link-effect.ts';
import { type Network, openNetwork } from './network.ts';
import type { NetworkConfig } from './network-config.ts';

/** One suite of claims, whichever way links are made; what one of them cannot do stands in the table of abilities. */

const ROUND_TRIP_MS = 40;
const FAR_AWAY_MS = 60_000;

describe('the embedded network', () => claims({ kind: 'embedded' }));

const toxiproxy = await partOrSkip('toxiproxy');
toxiproxy.suite('the network of Toxiproxy', () =>
  claims({ kind: 'toxiproxy', toxiproxyPath: toxiproxy.path }),
);

function claims(kind: Pick<NetworkConfig, 'kind' | 'toxiproxyPath'>): void {
  let service: Service;
  let network: Network;
  let expired: string[] = [];
  const callers: Peer[] = [];
  const can = (what: Ability): boolean => ABILITIES[what][kind.kind].can !== 'no';
  /** Where it is only nearly so, the other network is held to less. */
  const exactly = (what: Ability): boolean => ABILITIES[what][kind.kind].can === 'yes';

  /**
   * Bounds on time are one-sided: a busy machine makes an exchange longer, nothing makes it shorter but the
   * rounding of clocks and, with Toxiproxy, of injected milliseconds.
   */
  const leastUs = (ms: number): number => (ms - (kind.kind === 'toxiproxy' ? 2.5 : 0.01)) * 1_000;

  const port = (link = 'near'): number => network.ready.links.find(({ id }) => id === link)?.port ?? 0;
  const call = (link?: string): Peer => {
    const caller = dial(port(link));
    callers.push(caller);
    return caller;
  };
  /** A caller whose connection has carried something there and back. */
  const established = async (link?: string): Promise<Peer> => {
    const caller = call(link);
    await exchange(caller);
    return caller;
  };
  const fault = (
    id: string,
    effect: Effect,
    {
      links = ['near'],
      leaseMs = FAR_AWAY_MS,
      ...connections
    }: Partial<ConnectionChoice> & { links?: readonly string[]; leaseMs?: number } = {},
  ) =>
    network.setFault({
      id,
      links,
      effect,
      connections: { which: 'all', share: 1, ...connections },
      seed: 1,
      leaseMs,
    });
  const slow = (addedMs: number): Effect => ({ kind: 'slow', delay: { kind: 'fixed', addedMs } });

  beforeAll(async () => {
    service = await openService();
    const link = {
      location: 'eu-west-1',
      host: 'sts.test',
      upstreamPort: service.port,
      roundTripMs: ROUND_TRIP_MS,
    };
    network = await openNetwork(
      {
        ...kind,
        links: ['near', 'other'].map((id) => ({ ...link, id })),
        edges: [],
        seed: 1,
      },
      {
        random: createRandom(`claims/${kind.kind}/${process.pid}`),
        news: {
          expired: (faults) => expired.push(...faults),
          replaced: ({ reason }) => expect.unreachable(reason),
          tampered: (sentence) => expect.unreachable(sentence),
          lost: (reason) => expect.unreachable(reason),
        },
      },
    );
  });
  afterEach(async () => {
    for (const id of network.observe().faults) await network.clearFault({ id });
    for (const { socket } of callers.splice(0)) socket.destroy();
    expired = [];
  });
  afterAll(async () => {
    await network.close();
    await service[Symbol.asyncDispose]();
  });

  describe('a healthy link', () => {
    it('adds its round trip to every exchange', async () => {
      const caller = await established();
      expect(await exchange(caller)).toBeGreaterThanOrEqual(leastUs(ROUND_TRIP_MS));
    });

    it.runIf(can('handshake'))(
      'lets a fresh connection pay its TCP round trip on the first flight',
      async () => {
        expect(await exchange(call())).toBeGreaterThanOrEqual(leastUs(2 * ROUND_TRIP_MS));
      },
    );

    it('keeps every byte and their order', async () => {
      const random = createRandom('bytes');
      const sent = Buffer.from(Array.from({ length: 1_000_000 }, () => random.below(256)));
      const caller = call();
      for (let at = 0; at < sent.length; ) {
        const size = 1 + random.below(40_000);
        caller.socket.write(sent.subarray(at, at + size));
        at += size;
      }
      await expect.poll(() => caller.received.length, { timeout: 10_000 }).toBe(sent.length);
      expect(hash(Buffer.from(caller.received, 'latin1'))).toBe(hash(sent));
    });

    it.runIf(can('halfClose'))(
      'carries what the service still says after the caller has hung up',
      async () => {
        const caller = call();
        caller.socket.end('last words');
        await see(caller, { received: `last words${GOODBYE}`, ended: true });
      },
    );

    it.runIf(can('halfClose'))(
      'carries what the caller still says after the service has hung up',
      async () => {
        const caller = await established();
        const peer = service.connections.at(-1) as Peer;
        peer.socket.end();
        await see(caller, { ended: true, closed: false });
        caller.socket.end('are you there?');
        await see(peer, { received: '.are you there?', ended: true });
      },
    );

    it('tells the service when a caller dies', async () => {
      const caller = await established();
      const peer = service.connections.at(-1) as Peer;
      caller.socket.resetAndDestroy();
      await expect.poll(() => peer.ended || peer.error !== undefined, { timeout: 5_000 }).toBe(true);
    });
  });

  describe('refused', () => {
    it('refuses connects from the moment the order is confirmed', async () => {
      await fault('down', { kind: 'refused' });
      await see(call(), { error: 'ECONNREFUSED', connected: false });
    });

    it('ends open connections', async () => {
      const caller = await established();
      await fault('down', { kind: 'refused' });
      await over(caller);
    });

    it.runIf(can('closedNotReset'))('resets them', async () => {
      const caller = await established();
      await fault('down', { kind: 'refused' });
      await see(caller, { error: 'ECONNRESET', ended: false });
    });

    it('leaves other links alone', async () => {
      const caller = await established('other');
      await fault('down', { kind: 'refused' });
      await exchange(caller);
      await established('other');
    });

    it('lifted, the same port answers again, as often as one likes', async () => {
      const before = port();
      for (let round = 0; round < 5; round += 1) {
        await fault('down', { kind: 'refused' });
        await see(call(), { error: 'ECONNREFUSED' });
        await network.clearFault({ id: 'down' });
        await established();
      }
      expect(port()).toBe(before);
    });
  });

  describe('silence', () => {
    it('accepts a connect and never answers, and the service hears nothing', async () => {
      await fault('quiet', { kind: 'silence' });
      const heard = service.connections.map(({ received }) => received).join('').length;
      const caller = call();
      caller.socket.write('hello?');
      await see(caller, { connected: true });
      // Two whole exchanges elsewhere began later and are over: an answer would have been here by now.
      const witness = await established('other');
      await exchange(witness);
      expect(caller).toMatchObject({ received: '', ended: false, error: undefined, closed: false });
      expect(service.connections.map(({ received }) => received).join('').length).toBe(heard + 2);
    });

    it('swallows what open connections say, in both directions', async () => {
      const caller = await established();
      const peer = service.connections.at(-1) as Peer;
      await fault('quiet', { kind: 'silence' });
      caller.socket.write('up');
      peer.socket.write('down');
      const witness = await established('other');
      await exchange(witness);
      expect(peer.received).toBe('.');
      expect(caller).toMatchObject({ received: '.', ended: false, error: undefined });
    });

    it.runIf(can('hangUpInSilence'))('hides it when the service hangs up', async () => {
      const caller = await established();
      const peer = service.connections.at(-1) as Peer;
      await fault('quiet', { kind: 'silence' });
      peer.socket.end();
      const witness = await established('other');
      await exchange(witness);
      expect(caller).toMatchObject({ ended: false, error: undefined });
    });

    it('lifted, connections that lost bytes are ended and new ones are served', async () => {
      const old = await established();
      await fault('quiet', { kind: 'silence' });
      const fresh = call();
      for (const caller of [old, fresh]) caller.socket.write('lost');
      await see(fresh, { connected: true });
      // The bytes are under way to the proxy: an exchange elsewhere is time enough for them to be lost.
      await established('other');
      await network.clearFault({ id: 'quiet' });
      await over(old);
      await over(fresh);
      expect(old.received + fresh.received).toBe('.');
      await established();
    });

    it.runIf(can('idleAfterSilence'))('lifted, a connection that lost nothing lives on', async () => {
      const caller = await established();
      await fault('quiet', { kind: 'silence' });
      await network.clearFault({ id: 'quiet' });
      await exchange(caller);
    });
  });

  describe('slow', () => {
    it('adds to the round trip of open and of new connections', async () => {
      const caller = await established();
      await fault('far', slow(60));
      const least = leastUs(ROUND_TRIP_MS + 60);
      expect(await exchange(caller)).toBeGreaterThanOrEqual(least);
      expect(await exchange(await established())).toBeGreaterThanOrEqual(least);
    });

    it.runIf(can('heldBack'))('lifted, what is under way still takes its time', async () => {
      const caller = await established();
      const witness = await established('other');
      await fault('far', slow(160));
      const took = exchange(caller);
      await exchange(witness);
      await network.clearFault({ id: 'far' });
      expect(await took).toBeGreaterThanOrEqual(leastUs(ROUND_TRIP_MS + 80));
    });

    it('lifted, new traffic is served', async () => {
      await fault('far', slow(60));
      await network.clearFault({ id: 'far' });
      await established();
    });
  });

  describe.runIf(process.platform === 'linux')('unreachable', () => {
    it('lets no connect through and refuses none', async () => {
      await fault('gone', { kind: 'unreachable' });
      const caller = call();
      for (let round = 0; round < 3; round += 1) await established('other');
      expect(caller).toMatchObject({ connected: false, error: undefined, ended: false });
    });

    it.runIf(can('unreachableOpen'))('open connections fall silent', async () => {
      const caller = await established();
      await fault('gone', { kind: 'unreachable' });
      caller.socket.write('hello?');
      await established('other');
      expect(caller).toMatchObject({ received: '.', ended: false, error: undefined });
    });

    it('lifted, the same port answers again, as often as one likes', async () => {
      const before = port();
      for (let round = 0; round < 3; round += 1) {
        await fault('gone', { kind: 'unreachable' });
        await network.clearFault({ id: 'gone' });
        await established();
      }
      expect(port()).toBe(before);
    });

    it('gives way to refused and comes back behind it', async () => {
      await fault('gone', { kind: 'unreachable' });
      await fault('down', { kind: 'refused' });
      await see(call(), { error: 'ECONNREFUSED' });
      await network.clearFault({ id: 'down' });
      const caller = call();
      await established('other');
      await established('other');
      expect(caller).toMatchObject({ connected: false, error: undefined });
    });
  });

  describe('one way', () => {
    it('requests are lost: the service hears nothing', async () => {
      const caller = await established();
      const peer = service.connections.at(-1) as Peer;
      await fault('deaf', { kind: 'one-way', lost: 'requests' });
      caller.socket.write('hello?');
      await established('other');
      await established('other');
      expect(peer.received).toBe('.');
      expect(caller).toMatchObject({ received: '.', ended: false, error: undefined });
    });

    it('answers are lost: the service hears, and the caller does not know', async () => {
      const caller = await established();
      const peer = service.connections.at(-1) as Peer;
      await fault('mute', { kind: 'one-way', lost: 'answers' });
      caller.socket.write('hello?');
      await see(peer, { received: '.hello?' });
      await established('other');
      expect(caller).toMatchObject({ received: '.', ended: false, error: undefined });
    });

    it('lifted, new connections are served', async () => {
      await fault('mute', { kind: 'one-way', lost: 'answers' });
      await network.clearFault({ id: 'mute' });
      await established();
    });
  });

  describe('reset', () => {
    it('lets a connect through and resets when the caller speaks', async () => {
      await fault('rude', { kind: 'reset' });
      const caller = call();
      caller.socket.write('hello');
      await see(caller, { connected: true, error: 'ECONNRESET', received: '' });
    });

    it('ends open connections', async () => {
      const caller = await established();
      await fault('rude', { kind: 'reset' });
      caller.socket.write('hello');
      await over(caller);
      if (exactly('reset')) expect(caller.error).toBe('ECONNRESET');
    });

    it('lifted, new connections are served', async () => {
      await fault('rude', { kind: 'reset' });
      await network.clearFault({ id: 'rude' });
      await established();
    });
  });

  describe('cut short', () => {
    it('closes a connection after so many bytes toward the caller', async () => {
      await fault('short', { kind: 'cut-short', afterBytes: 3 });
      const caller = call();
      caller.socket.write('12345678');
      await over(caller);
      expect(caller.received).toBe('123');
    });

    it('lifted, connections carry as much as they like', async () => {
      await fault('short', { kind: 'cut-short', afterBytes: 3 });
      await network.clearFault({ id: 'short' });
      const caller = call();
      caller.socket.write('12345678');
      await see(caller, { received: '12345678' });
    });
  });

  describe('narrow', () => {
    it('carries no more bytes a second than it is wide', async () => {
      await fault('thin', { kind: 'narrow', bytesPerSecond: 20_000 });
      const caller = await established();
      const beganUs = monotonicUs();
      caller.socket.write('x'.repeat(8_000));
      await expect.poll(() => caller.received.length, { timeout: 10_000 }).toBe(8_001);
      // 400 ms each way, one after the other in pieces: no less than one way's.
      expect(monotonicUs() - beganUs).toBeGreaterThan(300_000);
    });
  });

  describe('jitter', () => {
    it('delays by no less than its least draw', async () => {
      await fault('jolt', { kind: 'slow', delay: { kind: 'jittered', addedMs: 60, jitterMs: 20 } });
      const caller = await established();
      for (let round = 0; round < 3; round += 1) {
        expect(await exchange(caller)).toBeGreaterThanOrEqual(leastUs(ROUND_TRIP_MS + 40));
      }
    });

    it.runIf(can('slow-quantiles'))('may come from a table of quantiles', async () => {
      const points = [
        { share: 0.5, addedMs: 50 },
        { share: 1, addedMs: 90 },
      ];
      await fault('table', { kind: 'slow', delay: { kind: 'quantiles', points } });
      const caller = await established();
      expect(await exchange(caller)).toBeGreaterThanOrEqual(leastUs(ROUND_TRIP_MS + 50));
    });
  });

  describe.runIf(can('stalls'))('stalls', () => {
    it('hold up a flight and all behind it', async () => {
      const caller = await established();
      await fault('lossy', { kind: 'stalls', share: 1, stallMs: 100 });
      expect(await exchange(caller)).toBeGreaterThanOrEqual(leastUs(ROUND_TRIP_MS + 200));
    });
  });

  describe('a share of the connections', () => {
    it('is hit, and the others are not', async () => {
      await fault('some', { kind: 'reset' }, { share: 0.5 });
      const outcomes = await Promise.all(
        Array.from({ length: 40 }, async () => {
          const caller = call();
          caller.socket.write('.');
          await expect
            .poll(() => caller.error !== undefined || caller.ended || caller.received === '.', {
              timeout: 5_000,
              interval: 5,
            })
            .toBe(true);
          return caller.received === '.';
        }),
      );
      expect(new Set(outcomes).size).toBe(2);
    });
  });

  describe.runIf(can('new-connections-only'))('new connections only', () => {
    it('are refused while the open ones live on, as in October 2025', async () => {
      const old = await established();
      await fault('wave', { kind: 'refused' }, { which: 'new' });
      await see(call(), { error: 'ECONNREFUSED' });
      await exchange(old);
      await network.clearFault({ id: 'wave' });
      await established();
      await exchange(old);
    });

    it('go unanswered while the open ones live on', async () => {
      const old = await established();
      await fault('wave', { kind: 'silence' }, { which: 'new' });
      const fresh = call();
      fresh.socket.write('hello?');
      await exchange(old);
      await exchange(old);
      expect(fresh).toMatchObject({ connected: true, received: '' });
      await network.clearFault({ id: 'wave' });
      await over(fresh);
      await exchange(old);
    });
  });

  describe('several faults at once', () => {
    it('the strongest wins, and lifting it leaves the next one in force', async () => {
      await fault('far', slow(60));
      await fault('quiet', { kind: 'silence' });
      await fault('down', { kind: 'refused' });
      await see(call(), { error: 'ECONNREFUSED' });
      await network.clearFault({ id: 'down' });
      await see(call(), { connected: true, error: undefined });
      expect(inForce()).toEqual(['far', 'quiet']);
      await network.clearFault({ id: 'quiet' });
      expect(await exchange(await established())).toBeGreaterThanOrEqual(leastUs(ROUND_TRIP_MS + 60));
    });

    it('of the same kind stand under ids of their own', async () => {
      await fault('one', { kind: 'silence' });
      await fault('other', { kind: 'silence' });
      await network.clearFault({ id: 'one' });
      const caller = call();
      caller.socket.write('hello?');
      await established('other');
      await established('other');
      expect(caller).toMatchObject({ received: '', ended: false, error: undefined });
      await network.clearFault({ id: 'other' });
      await established();
    });

    it('a silence that is lifted under a refusal comes back to neither', async () => {
      await fault('quiet', { kind: 'silence' });
      await fault('down', { kind: 'refused' });
      await network.clearFault({ id: 'quiet' });
      await see(call(), { error: 'ECONNREFUSED' });
      await network.clearFault({ id: 'down' });
      await established();
    });

    it('slow and lost answers are both in force', async () => {
      await fault('far', slow(30));
      await fault('mute', { kind: 'one-way', lost: 'answers' });
      const caller = call();
      caller.socket.write('hello?');
      await established('other');
      await established('other');
      expect(caller).toMatchObject({ received: '', ended: false });
      await network.clearFault({ id: 'mute' });
      expect(await exchange(await established())).toBeGreaterThanOrEqual(leastUs(ROUND_TRIP_MS + 30));
    });

    it('slowness adds up', async () => {
      await fault('far', slow(30));
      await fault('farther', slow(40), { links: ['near', 'other'] });
      expect(await exchange(await established())).toBeGreaterThanOrEqual(leastUs(ROUND_TRIP_MS + 70));
    });
  });

  describe('a lease', () => {
    it('that nobody renews runs out, the link heals by itself, and that is told', async () => {
      await fault('down', { kind: 'refused' }, { leaseMs: 50 });
      await expect.poll(() => expired, { timeout: 5_000 }).toEqual(['down']);
      await expect.poll(inForce, { timeout: 5_000 }).toEqual([]);
      await established();
      expect(() => network.renewFault({ id: 'down', leaseMs: 1_000 })).toThrow('its lease ran out');
    });
  });

  const inForce = () =>
    network
      .observe()
      .links.find(({ id }) => id === 'near')
      ?.effects.map(({ id }) => id);
}

async function over(caller: Peer): Promise<void> {
  await expect
    .poll(() => caller.ended || caller.error !== undefined, { timeout: 5_000, interval: 2 })
    .toBe(true);
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
