/** What a program meets at an edge while a link is broken: the same on both networks, and never a 502. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { partOrSkip } from '../../test/required-part.ts';
import { dial, exchange, openService, type Peer, type Service, see } from '../../test/tcp-peers.ts';
import { createRandom } from '../time/random.ts';
import type { Effect } from './link-effect.ts';
import { type Network, openNetwork } from './network.ts';
import type { NetworkConfig } from './network-config.ts';

const HOST = 'sts.eu-west-1.amazonaws.com';
const CONNECT = `CONNECT ${HOST}:443 HTTP/1.1\r\nHost: ${HOST}:443\r\n\r\n`;
const ESTABLISHED = 'HTTP/1.1 200 Connection established\r\n\r\n';

function claims(kind: Pick<NetworkConfig, 'kind' | 'toxiproxyPath'>): void {
  let service: Service;
  let network: Network;
  let callers: Peer[] = [];
  beforeAll(async () => {
    service = await openService();
    network = await openNetwork(
      {
        ...kind,
        links: [{ id: 'l', location: 'a', host: HOST, upstreamPort: service.port, roundTripMs: 2 }],
        edges: [{ name: 'a', location: 'a' }],
        seed: 5,
      },
      {
        random: createRandom(`edge-faults/${kind.kind}/${process.pid}`),
        news: { expired: () => {}, replaced: () => {}, tampered: () => {}, lost: () => {} },
      },
    );
  });
  afterEach(async () => {
    await network.clearFault({ id: 'f' });
    for (const { socket } of callers) socket.destroy();
    callers = [];
  });
  afterAll(async () => {
    await network?.close();
    await service[Symbol.asyncDispose]();
  });

  const fault = (effect: Effect): Promise<void> =>
    network.setFault({
      id: 'f',
      links: ['l'],
      effect,
      connections: { which: 'all', share: 1 },
      seed: 1,
      leaseMs: 60_000,
    });
  const ask = (text: string): Peer => {
    const caller = dial(network.ready.edges['a'] ?? 0);
    callers.push(caller);
    caller.socket.write(text);
    return caller;
  };

  it('refused is a reset in place of an answer', async () => {
    await fault({ kind: 'refused' });
    await see(ask(CONNECT), { error: 'ECONNRESET', received: '' });
  });

  it('reset is 200, and a reset at the first byte of the caller', async () => {
    await fault({ kind: 'reset' });
    const caller = ask(CONNECT);
    await see(caller, { received: ESTABLISHED, ended: false, error: undefined });
    caller.socket.write('hello');
    await see(caller, { received: ESTABLISHED, error: 'ECONNRESET' });
  });

  it('silence is 200 and nothing more, and a caller that gives up is let go', async () => {
    await fault({ kind: 'silence' });
    const caller = ask(`${CONNECT}hello`);
    await see(caller, { received: ESTABLISHED });
    expect(caller).toMatchObject({ ended: false, error: undefined });
    caller.socket.end();
    await see(caller, { received: ESTABLISHED, ended: true });
  });

  it.skipIf(process.platform !== 'linux')(
    'unreachable is no answer to the CONNECT, and a caller that gives up is let go',
    async () => {
      await fault({ kind: 'unreachable' });
      const caller = ask(CONNECT);
      await see(caller, { connected: true });
      caller.socket.end();
      // Nothing had been answered by then: what came first is the end.
      await see(caller, { received: '', ended: true, error: undefined });
    },
  );

  it('all is well again once the fault is lifted', async () => {
    await fault({ kind: 'refused' });
    await network.clearFault({ id: 'f' });
    const caller = ask(CONNECT);
    await see(caller, { received: ESTABLISHED });
    await exchange(caller);
  });
}

describe('an edge of the embedded network', () => claims({ kind: 'embedded' }));

const toxiproxy = await partOrSkip('toxiproxy');
toxiproxy.suite('an edge before Toxiproxy', () =>
  claims({ kind: 'toxiproxy', toxiproxyPath: toxiproxy.path }),
);
