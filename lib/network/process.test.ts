import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allowNoMoreFiles, canLimitFiles } from '../../test/file-limit.ts';
import { partOrSkip } from '../../test/required-part.ts';
import { dial, exchange, openService, see } from '../../test/tcp-peers.ts';
import { startChild } from '../process/rpc.ts';
import type { LinkFault } from './link-effect.ts';
import type { NetworkConfig, NetworkReady, NetworkState } from './network-config.ts';

const entry = new URL('process.ts', import.meta.url);

const config = (upstreamPort: number, kind: Partial<NetworkConfig> = {}): NetworkConfig => ({
  kind: 'embedded',
  links: [{ id: 'a->b', location: 'a', host: 'sts.test', upstreamPort, roundTripMs: 2 }],
  edges: [{ name: 'a', location: 'a' }],
  seed: 3,
  ...kind,
});

describe('the network process', () => {
  it('opens links, takes faults and heals them, and tells of a lease that ran out', async () => {
    await using service = await openService();
    await using child = startChild({ name: 'network', entry });
    const expired: string[][] = [];
    child.onNews('expired', (faults: string[]) => expired.push(faults));
    const ready = await child.call<NetworkReady>('open', config(service.port));
    const port = ready.links[0]?.port ?? 0;
    expect(ready).toMatchObject({
      links: [{ id: 'a->b' }],
      edges: { a: expect.any(Number) },
      calibration: null,
    });
    expect(ready.limits.length).toBeGreaterThan(0);
    const caller = dial(port);
    await exchange(caller);

    const fault: LinkFault = {
      id: 'down',
      links: ['a->b'],
      effect: { kind: 'refused' },
      connections: { which: 'all', share: 1 },
      seed: 1,
      leaseMs: 10_000,
    };
    await child.call('setFault', fault);
    await see(dial(port), { error: 'ECONNREFUSED' });
    expect(await child.call<NetworkState>('observe', undefined)).toMatchObject({
      faults: ['down'],
      links: [{ id: 'a->b', effects: [{ id: 'down', effect: { kind: 'refused' } }] }],
    });
    await child.call('renewFault', { id: 'down', leaseMs: 10_000 });
    await child.call('clearFault', { id: 'down' });
    await exchange(dial(port));

    await child.call('setFault', { ...fault, leaseMs: 20 });
    await expect.poll(() => expired, { timeout: 5_000 }).toEqual([['down']]);
    await expect(child.call('renewFault', { id: 'down', leaseMs: 10_000 })).rejects.toThrow(
      'its lease ran out',
    );
    await expect(child.call('setFault', { ...fault, links: ['x'] })).rejects.toThrow(
      'no link of this network: x',
    );
    caller.socket.destroy();
  });

  it.skipIf(!canLimitFiles)(
    'says that it cannot go on when it has no files left for connections',
    async () => {
      await using service = await openService();
      await using child = startChild({ name: 'network', entry });
      const lost: string[] = [];
      child.onNews('lost', (reason: string) => lost.push(reason));
      await child.call<NetworkReady>('open', config(service.port));
      allowNoMoreFiles(child.pid);
      await expect.poll(() => lost[0], { timeout: 5_000 }).toMatch(/file descriptors.*EMFILE/);
    },
  );
});

const toxiproxy = await partOrSkip('toxiproxy');
toxiproxy.suite('the network process with Toxiproxy', () => {
  const kind = { kind: 'toxiproxy', toxiproxyPath: toxiproxy.path } as const;

  it.each(['an orderly end', 'SIGTERM'] as const)('takes Toxiproxy with it on %s', async (end) => {
    await using service = await openService();
    const child = startChild({ name: 'network', entry });
    const ready = await child.call<NetworkReady>('open', config(service.port, kind));
    const pid = ready.pids.find(({ name }) => name === 'toxiproxy')?.pid ?? 0;
    expect(existsSync(`/proc/${pid}`) || process.platform !== 'linux').toBe(true);
    expect(ready.calibration?.links).toMatchObject([{ id: 'a->b', roundTripMs: 2 }]);
    if (end === 'SIGTERM') {
      child.kill('SIGTERM');
      await child.exited;
    } else await child[Symbol.asyncDispose]();
    await expect.poll(() => alive(pid), { timeout: 5_000 }).toBe(false);
  });

  it('tells the conductor when its Toxiproxy had to be replaced', async () => {
    await using service = await openService();
    await using child = startChild({ name: 'network', entry });
    const replaced: { pid: number }[] = [];
    child.onNews('replaced', (news: { pid: number }) => replaced.push(news));
    const ready = await child.call<NetworkReady>('open', config(service.port, kind));
    process.kill(ready.pids[0]?.pid ?? 0, 'SIGKILL');
    await expect.poll(() => replaced, { timeout: 5_000 }).toHaveLength(1);
    await exchange(dial(ready.links[0]?.port ?? 0));
  });
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
