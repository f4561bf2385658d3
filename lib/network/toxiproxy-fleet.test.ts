import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Toxiproxy } from 'toxiproxy-node-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { partOrSkip } from '../../test/required-part.ts';
import { dial, exchange, openService, type Service, see } from '../../test/tcp-peers.ts';
import { createRandom } from '../time/random.ts';
import { createPortChooser } from './link-ports.ts';
import { createToxiproxyControl, ToxiproxyFailure } from './toxiproxy-control.ts';
import { openToxiproxyFleet, type ToxiproxyFleet } from './toxiproxy-fleet.ts';
import { assertOursAndClean, startToxiproxyServer } from './toxiproxy-server.ts';

const ports = createPortChooser(createRandom(`fleet/${process.pid}`));
const OPEN = { enabled: true, upstreamMs: 0, downstreamMs: 0, silent: false };

/** A stand-in for the API of Toxiproxy that answers as it is told, or never. */
async function standIn(answer: ((path: string) => unknown) | undefined) {
  const server = createServer((request, response) => {
    if (answer !== undefined) response.end(JSON.stringify(answer(request.url ?? '')));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('orders to a Toxiproxy', () => {
  it('that never answers fail at their deadline and name what they asked', async () => {
    await using deaf = await standIn(undefined);
    await expect(createToxiproxyControl(deaf.port, 50).proxies()).rejects.toThrow(
      new ToxiproxyFailure('Toxiproxy did not list the proxies within 50 ms'),
    );
  });

  it('that says yes and does nothing fail when they are read back', async () => {
    const toxics = ['upstream', 'downstream'].map((stream) => ({
      name: `path_${stream}`,
      type: 'latency',
      stream,
      toxicity: 1,
      attributes: { latency: 0, jitter: 0 },
    }));
    const proxy = { name: 'link-0', listen: '127.0.0.1:1', upstream: '127.0.0.1:2', enabled: true, toxics };
    await using liar = await standIn((path) => (path === '/proxies' ? { 'link-0': proxy } : proxy));
    const place = { name: 'link-0', port: 1, upstreamPort: 2 };
    const control = createToxiproxyControl(liar.port);
    await expect(control.shape(place, { ...OPEN, enabled: false })).rejects.toThrow('did not carry it out');
  });

  it('are refused where the server is not ours, or not empty', async () => {
    const proxy = { listen: '127.0.0.1:1', upstream: '127.0.0.1:2', enabled: true, toxics: [] };
    const left = { name: 'left-behind', ...proxy };
    const ours = { name: 'mark', ...proxy };
    await using foreign = await standIn(() => ({ 'left-behind': left }));
    await using dirty = await standIn(() => ({ 'left-behind': left, mark: ours }));
    await using clean = await standIn(() => ({ mark: ours }));
    const check = ({ port }: { port: number }) =>
      assertOursAndClean(createToxiproxyControl(port), 'mark', port);
    await expect(check(foreign)).rejects.toMatchObject({ code: 'RF-TOXIPROXY-DIRTY', exitCode: 3 });
    await expect(check(dirty)).rejects.toThrow('is not empty');
    await expect(check(clean)).resolves.toBeUndefined();
  });
});

describe('a toxiproxy-server that does not start', () => {
  it('is an error of the environment that quotes it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'regionfall-test-'));
    const path = join(folder, 'toxiproxy-server');
    await writeFile(path, '#!/bin/sh\necho "no good today" >&2\nexit 1\n');
    await chmod(path, 0o755);
    const failure = { code: 'RF-TOXIPROXY-START', message: expect.stringContaining('no good today') };
    await expect(startToxiproxyServer(path, ports)).rejects.toMatchObject(failure);
    await expect(startToxiproxyServer(join(folder, 'gone'), ports)).rejects.toThrow('ENOENT');
    await rm(folder, { recursive: true });
  });
});

const toxiproxy = await partOrSkip('toxiproxy');
toxiproxy.suite('a fleet of proxies', () => {
  let service: Service;
  let fleet: ToxiproxyFleet;
  let replaced: { reason: string; pid: number }[];

  beforeEach(async () => {
    replaced = [];
    service = await openService();
    fleet = await openToxiproxyFleet({
      path: toxiproxy.path,
      ports,
      onReplaced: (reason, pid) => replaced.push({ reason, pid }),
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

  it('a server that is killed is replaced, with every proxy as it should be on its port', async () => {
    const open = await fleet.add(service.port, OPEN);
    const shut = await fleet.add(service.port, { ...OPEN, enabled: false });
    const before = fleet.pid();
    process.kill(before, 'SIGKILL');
    await expect
      .poll(() => replaced, { timeout: 5_000 })
      .toEqual([{ reason: 'it ended by itself', pid: expect.any(Number) }]);
    expect(fleet.pid()).not.toBe(before);
    await served(open.port);
    await see(dial(shut.port), { error: 'ECONNREFUSED' });
  });

  it('a server that hangs is killed and replaced, and the order is carried out', async () => {
    const place = await fleet.add(service.port, OPEN);
    const before = fleet.pid();
    process.kill(before, 'SIGSTOP');
    await fleet.shape(place, { ...OPEN, enabled: false });
    expect(replaced[0]?.reason).toContain('within 1000 ms');
    expect(() => process.kill(before, 0)).toThrow('ESRCH');
    await see(dial(place.port), { error: 'ECONNREFUSED' });
  });

  it('a toxic that someone else adds is noticed', async () => {
    const place = await fleet.add(service.port, OPEN);
    expect(await fleet.compare()).toBeUndefined();
    const stranger = new Toxiproxy(`http://127.0.0.1:${fleet.apiPort()}`);
    const proxy = await stranger.get(place.name);
    const toxic = {
      name: 'bad',
      type: 'bandwidth',
      stream: 'upstream',
      toxicity: 1,
      attributes: { rate: 1 },
    } as const;
    await proxy.addToxic(toxic);
    expect(await fleet.compare()).toContain(`port ${place.port}`);
  });

  it('a proxy that someone else makes is noticed', async () => {
    const stranger = new Toxiproxy(`http://127.0.0.1:${fleet.apiPort()}`);
    const body = { name: 'theirs', listen: '127.0.0.1:0', upstream: '127.0.0.1:9', enabled: false };
    await stranger.createProxy(body);
    expect(await fleet.compare()).toContain('theirs');
  });

  it('orders that come all at once are all carried out', async () => {
    const places = await Promise.all([OPEN, OPEN, OPEN].map(() => fleet.add(service.port, OPEN)));
    expect(new Set(places.map(({ port }) => port)).size).toBe(3);
    await Promise.all(places.map((place, index) => fleet.shape(place, { ...OPEN, upstreamMs: index })));
    expect(await fleet.compare()).toBeUndefined();
    expect(replaced).toEqual([]);
  });
});
