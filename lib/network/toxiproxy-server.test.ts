import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Toxiproxy } from 'toxiproxy-node-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { partOrSkip } from '../../test/required-part.ts';
import { dial, exchange, openService, type Service, see } from '../../test/tcp-peers.ts';
import { ownPrefix } from '../process/owner-names.ts';
import { createRandom } from '../time/random.ts';
import { createPortChooser } from './link-ports.ts';
import { churn } from './toxiproxy-churn.fixture.ts';
import { createToxiproxyControl } from './toxiproxy-control.ts';
import { openToxiproxyFleet, type ToxiproxyFleet } from './toxiproxy-fleet.ts';
import { createHeldPorts } from './toxiproxy-held-ports.ts';
import { assertOursAndClean, startToxiproxyServer } from './toxiproxy-server.ts';
import { OPEN_SHAPE, shapeOf } from './toxiproxy-shape.ts';
import { openStubToxiproxy } from './toxiproxy-stub.fixture.ts';

const ports = createPortChooser(createRandom(`server/${process.pid}`));

describe('a toxiproxy-server that does not start', () => {
  it('is an error of the environment that quotes it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'regionfall-test-'));
    const path = join(folder, 'toxiproxy-server');
    await writeFile(path, '#!/bin/sh\necho "no good today" >&2\nexit 1\n');
    await chmod(path, 0o755);
    const failure = { code: 'RF-TOXIPROXY-START', message: expect.stringContaining('no good today') };
    const start = (from: string) => startToxiproxyServer(from, ports, createHeldPorts());
    await expect(start(path)).rejects.toMatchObject(failure);
    await expect(start(join(folder, 'gone'))).rejects.toThrow('ENOENT');
    await rm(folder, { recursive: true });
  });
});

describe('a toxiproxy-server that answers in place of ours', () => {
  it('is refused, and so is one that is not empty', async () => {
    await using stub = await openStubToxiproxy();
    const check = () => assertOursAndClean(createToxiproxyControl(stub.url, createHeldPorts()), 'mark', 1);
    const proxy = { listen: '127.0.0.1:1', upstream: '127.0.0.1:2', enabled: true, toxics: [] };
    stub.proxies.set('left-behind', { name: 'left-behind', ...proxy });
    await expect(check()).rejects.toMatchObject({ code: 'RF-TOXIPROXY-DIRTY', exitCode: 3 });
    stub.proxies.set('mark', { name: 'mark', ...proxy });
    await expect(check()).rejects.toThrow('is not empty');
    stub.proxies.delete('left-behind');
    await expect(check()).resolves.toBeUndefined();
  });
});

const toxiproxy = await partOrSkip('toxiproxy');
toxiproxy.suite('a fleet on a real toxiproxy-server', () => {
  let service: Service;
  let fleet: ToxiproxyFleet;
  let replaced: { reason: string; pid: number }[];
  let tampered: string[];

  beforeEach(async () => {
    [replaced, tampered] = [[], []];
    service = await openService();
    const held = createHeldPorts();
    fleet = await openToxiproxyFleet({
      open: () => startToxiproxyServer(toxiproxy.path, ports, held),
      ports,
      held,
      prefix: ownPrefix(),
      onReplaced: (reason, pid) => replaced.push({ reason, pid }),
      onTampered: (sentence) => tampered.push(sentence),
      onLost: (error) => expect.unreachable(error.message),
    });
  });
  afterEach(async () => {
    await fleet.close();
    await service[Symbol.asyncDispose]();
  });

  const served = async (port: number): Promise<void> => {
    const caller = dial(port);
    await exchange(caller);
    caller.socket.destroy();
  };
  const pid = (): number => fleet.pid() ?? 0;

  it('that is killed is replaced, with every proxy as it should be on its port', async () => {
    const open = await fleet.add(service.port, OPEN_SHAPE);
    const shut = await fleet.add(service.port, { ...OPEN_SHAPE, enabled: false });
    const before = pid();
    process.kill(before, 'SIGKILL');
    await expect
      .poll(() => replaced, { timeout: 5_000 })
      .toEqual([{ reason: 'it ended by itself', pid: expect.any(Number) }]);
    expect(pid()).not.toBe(before);
    await served(open.port);
    await see(dial(shut.port), { error: 'ECONNREFUSED' });
  });

  it('that hangs is killed and replaced, and the order is carried out', async () => {
    const place = await fleet.add(service.port, OPEN_SHAPE);
    const before = pid();
    process.kill(before, 'SIGSTOP');
    await fleet.shape(place, { ...OPEN_SHAPE, enabled: false });
    expect(replaced[0]?.reason).toContain('within 1000 ms');
    expect(() => process.kill(before, 0)).toThrow('ESRCH');
    await see(dial(place.port), { error: 'ECONNREFUSED' });
  });

  it.runIf(process.platform === 'linux')(
    'keeps a held port closed to all while the server is replaced',
    async () => {
      const place = await fleet.add(service.port, OPEN_SHAPE);
      await fleet.shape(place, { ...OPEN_SHAPE, enabled: false, held: true });
      const caller = dial(place.port);
      process.kill(pid(), 'SIGKILL');
      await expect.poll(() => replaced, { timeout: 5_000 }).toHaveLength(1);
      expect(caller).toMatchObject({ connected: false, error: undefined });
      caller.socket.destroy();
      await fleet.shape(place, OPEN_SHAPE);
      await served(place.port);
    },
  );

  it('tells of a toxic that a stranger adds', async () => {
    const place = await fleet.add(service.port, OPEN_SHAPE);
    await fleet.compare();
    expect(tampered).toEqual([]);
    const stranger = new Toxiproxy(fleet.url());
    const proxy = await stranger.get(place.name);
    await proxy.addToxic({
      name: 'bad',
      type: 'bandwidth',
      stream: 'upstream',
      toxicity: 1,
      attributes: { rate: 1 },
    });
    await fleet.compare();
    expect(tampered).toEqual([expect.stringContaining(`port ${place.port}`)]);
  });

  it('carries traffic over every proxy after hundreds of toxics came and went, whatever hung', async () => {
    const result = await churn({ fleet, ports, seed: 5, turns: 300, proxies: 3 });
    expect(result).toMatchObject({ served: 3 });
    expect(result.turns).toBeGreaterThanOrEqual(300);
    expect(result.exchanges).toBeGreaterThan(0);
    await fleet.compare();
    expect(tampered).toEqual([]);
  });

  it('is killed under load, in the midst of orders, and comes back each time', async () => {
    const killed = new Set<number>();
    const kill = (turns: number): void => {
      if (killed.size < 3 && turns > 30 * (killed.size + 1) && !killed.has(pid())) {
        killed.add(pid());
        process.kill(pid(), 'SIGKILL');
      }
    };
    expect(await churn({ fleet, ports, seed: 6, turns: 200, proxies: 3, onProgress: kill })).toMatchObject({
      served: 3,
    });
    expect(killed.size).toBe(3);
    expect(replaced.length).toBeGreaterThanOrEqual(3);
  });

  it('takes every effect that it is given, singly and together', async () => {
    const place = await fleet.add(service.port, OPEN_SHAPE);
    const all = (['silence', 'reset'] as const).map((kind) => ({
      id: kind,
      effect: { kind },
      connections: { which: 'all', share: 0.3 } as const,
      seed: 1,
    }));
    await fleet.shape(place, shapeOf(all, 20, Math.round));
    await fleet.compare();
    expect([tampered, replaced]).toEqual([[], []]);
  });
});
