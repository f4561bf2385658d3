import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Toxiproxy } from 'toxiproxy-node-client';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { partOrSkip } from '../../test/required-part.ts';
import { dial, exchange, openService, type Peer, type Service, see } from '../../test/tcp-peers.ts';
import { createRandom } from '../time/random.ts';
import type { Link } from './link.ts';
import type { Effect, LinkEffect } from './link-effect.ts';
import type { LinkMaker, NetworkNews } from './link-maker.ts';
import { createPortChooser, freePort } from './link-ports.ts';
import { createToxiproxyMaker } from './toxiproxy-maker.ts';

const ports = createPortChooser(createRandom(`maker/${process.pid}`));
const toxiproxy = await partOrSkip('toxiproxy');

/** What the makers of a suite told unasked. */
function listen() {
  const told = { tampered: [] as string[], lost: [] as string[], replaced: [] as string[] };
  const news: NetworkNews = {
    expired: () => {},
    replaced: ({ reason }) => told.replaced.push(reason),
    tampered: (sentence) => told.tampered.push(sentence),
    lost: (reason) => told.lost.push(reason),
  };
  return { told, news };
}

const link = (id: string, upstreamPort: number) => ({
  id,
  location: 'here',
  host: 'sts.test',
  upstreamPort,
  roundTripMs: 4,
});
const effectOf = (effect: Effect, share = 1): LinkEffect => ({
  id: effect.kind,
  effect,
  connections: { which: 'all', share },
  seed: 1,
});

toxiproxy.suite('links of Toxiproxy', () => {
  let service: Service;
  let maker: LinkMaker;
  let one: Link;
  const { told, news } = listen();
  const callers: Peer[] = [];
  const call = (): Peer => {
    const caller = dial(one.port);
    callers.push(caller);
    return caller;
  };
  const established = async (): Promise<Peer> => {
    const caller = call();
    await exchange(caller);
    return caller;
  };

  beforeAll(async () => {
    service = await openService();
    maker = await createToxiproxyMaker({ toxiproxyPath: toxiproxy.path }, ports, news);
    one = await maker.make(link('one', service.port));
  });
  afterEach(async () => {
    for (const { socket } of callers.splice(0)) socket.destroy();
    await one.apply([]);
    expect(told).toEqual({ tampered: [], lost: [], replaced: [] });
  });
  afterAll(async () => {
    await maker.close([one]);
    await service[Symbol.asyncDispose]();
  });

  it('tell what was measured before the first of them', () => {
    const calibration = maker.calibration([link('one', 1)]);
    expect(calibration?.points.map(({ injectedMs }) => injectedMs)).toContain(100);
    expect(calibration?.links).toEqual([
      { id: 'one', roundTripMs: 4, injectedMs: expect.any(Number), expectedMs: expect.any(Number) },
    ]);
  });

  it('cut a connection after so many bytes toward the caller', async () => {
    await one.apply([effectOf({ kind: 'cut-short', afterBytes: 3 })]);
    const caller = call();
    caller.socket.write('abcdef');
    await see(caller, { received: 'abc', ended: true });
  });

  it('reset a new connection at its first bytes', async () => {
    await one.apply([effectOf({ kind: 'reset' })]);
    const caller = call();
    await see(caller, { connected: true, error: undefined });
    caller.socket.write('hello');
    await see(caller, { error: 'ECONNRESET', received: '' });
  });

  it('lose one way only', async () => {
    const caller = await established();
    const peer = service.connections.at(-1) as Peer;
    await one.apply([effectOf({ kind: 'one-way', lost: 'answers' })]);
    caller.socket.write('to');
    await see(peer, { received: '.to' });
    expect(caller.received).toBe('.');
  });

  it('hit a share of the connections', async () => {
    await one.apply([effectOf({ kind: 'reset' }, 0.5)]);
    const many = Array.from({ length: 40 }, call);
    for (const { socket } of many) socket.write('.');
    await expect
      .poll(() => many.every(({ received, error }) => received !== '' || error !== undefined))
      .toBe(true);
    const hit = many.filter(({ error }) => error !== undefined).length;
    // All or none of forty would be one in a million millions.
    expect(hit).toBeGreaterThan(0);
    expect(hit).toBeLessThan(40);
  });

  it('carry no more than is ordered', async () => {
    const caller = await established();
    await one.apply([effectOf({ kind: 'narrow', bytesPerSecond: 20_000 })]);
    const before = performance.now();
    caller.socket.write(Buffer.alloc(8_000));
    await expect.poll(() => caller.received.length, { timeout: 5_000, interval: 5 }).toBe(8_001);
    // 0.4 s each way, the second way along with the first; but the first tenth of a second may come in one piece.
    expect(performance.now() - before).toBeGreaterThan(250);
  });

  it('tell what is in force, and refuse what Toxiproxy cannot do before anything changes', async () => {
    const silence = effectOf({ kind: 'silence' });
    await one.apply([silence]);
    const stalls = effectOf({ kind: 'stalls', share: 0.5, stallMs: 200 });
    await expect(one.apply([stalls])).rejects.toThrow(/Toxiproxy/);
    expect(one.observe()).toEqual({ open: null, effects: [silence] });
  });
});

toxiproxy.suite('a Toxiproxy that somebody else started', () => {
  let server: ChildProcess;
  let url: string;
  let service: Service;
  const stranger = () => new Toxiproxy(url);

  beforeAll(async () => {
    service = await openService();
  });
  afterAll(() => service[Symbol.asyncDispose]());

  const start = async (): Promise<void> => {
    const port = await freePort(ports);
    url = `http://127.0.0.1:${port}`;
    server = spawn(toxiproxy.path, ['-host', '127.0.0.1', '-port', String(port)], {
      env: { LOG_LEVEL: 'error' },
      stdio: 'ignore',
    });
    await expect.poll(() => stranger().getVersion(), { timeout: 5_000 }).toContain('version');
  };
  afterEach(async () => {
    const ended = server.exitCode !== null || server.signalCode !== null ? undefined : once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  });

  it('carries links, is none of our processes, and is left as it was found; its owner’s hand is told unasked', async () => {
    await start();
    const { told, news } = listen();
    const maker = await createToxiproxyMaker({ toxiproxyUrl: url }, ports, news);
    const one = await maker.make(link('one', service.port));
    await one.apply([effectOf({ kind: 'refused' })]);
    await see(dial(one.port), { error: 'ECONNREFUSED' });
    await one.apply([]);
    await exchange(dial(one.port));
    expect(Object.keys(await stranger().getAll())).toEqual([expect.stringMatching(/^regionfall-\d+-/)]);
    expect(maker.pids()).toEqual([]);
    await expect(createToxiproxyMaker({ toxiproxyUrl: url }, ports, news)).rejects.toMatchObject({
      code: 'RF-TOXIPROXY-DIRTY',
    });
    expect(told).toEqual({ tampered: [], lost: [], replaced: [] });

    const [proxy] = Object.values(await stranger().getAll());
    await proxy?.update({ listen: proxy.listen, upstream: proxy.upstream, enabled: false });
    await expect
      .poll(() => told.tampered, { timeout: 5_000 })
      .toEqual([expect.stringContaining(`${one.port}`)]);
    await maker.close([one]);
    expect(await stranger().getAll()).toEqual({});
  });

  it('that hangs is lost, which is told unasked', async () => {
    await start();
    const { told, news } = listen();
    const maker = await createToxiproxyMaker({ toxiproxyUrl: url }, ports, news);
    server.kill('SIGSTOP');
    await expect
      .poll(() => told.lost, { timeout: 5_000 })
      .toEqual([expect.stringContaining('is not ours to restart')]);
    await expect(maker.close([])).rejects.toThrow('Toxiproxy');
    expect(told).toMatchObject({ tampered: [], replaced: [] });
  });
});
