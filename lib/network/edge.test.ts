import { once } from 'node:events';
import { createServer as createHttpServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dial, openService, type Peer, type Service, see } from '../../test/tcp-peers.ts';
import { createRandom } from '../time/random.ts';
import { routeOf } from './edge.ts';
import { type Network, openNetwork } from './network.ts';

const HOST = 'sts.eu-west-1.amazonaws.com';
const CONNECT = `CONNECT ${HOST}:443 HTTP/1.1\r\nHost: ${HOST}:443\r\n\r\n`;
const ESTABLISHED = 'HTTP/1.1 200 Connection established\r\n\r\n';

let service: Service;
let network: Network;
let callers: Peer[];

beforeEach(async () => {
  callers = [];
  service = await openService();
  network = await openNetwork(
    {
      kind: 'embedded',
      links: [
        { id: 'near', location: 'eu-west-1', host: HOST, upstreamPort: service.port, roundTripMs: 1 },
        { id: 'far', location: 'us-east-1', host: HOST, upstreamPort: service.port, roundTripMs: 1 },
      ],
      edges: [
        { name: 'eu-west-1', location: 'eu-west-1' },
        { name: 'us-east-1', location: 'us-east-1' },
      ],
      seed: 1,
    },
    {
      random: createRandom(`edge/${process.pid}`),
      news: { expired: () => {}, replaced: () => {}, tampered: () => {}, lost: () => {} },
    },
  );
});
afterEach(async () => {
  for (const { socket } of callers) socket.destroy();
  await network.close();
  await service[Symbol.asyncDispose]();
});

function ask(text: string, location = 'eu-west-1'): Peer {
  const caller = dial(network.ready.edges[location] ?? 0);
  callers.push(caller);
  caller.socket.write(text);
  return caller;
}

const fault = (kind: 'refused' | 'silence', links = ['near']) =>
  network.setFault({
    id: 'f',
    links,
    effect: { kind },
    connections: { which: 'all', share: 1 },
    seed: 1,
    leaseMs: 60_000,
  });

describe('the edge of a location', () => {
  it('leads CONNECT to the link of that host, with the bytes that came along', async () => {
    const caller = ask(`${CONNECT}hello`);
    await see(caller, { received: `${ESTABLISHED}hello` });
  });

  it('serves a CONNECT of HTTP/1.0 without a Host header, as old Pythons send it', async () => {
    await see(ask(`CONNECT ${HOST}:443 HTTP/1.0\r\n\r\n`), { received: ESTABLISHED });
  });

  it('each location goes over its own link', async () => {
    await fault('refused', ['near']);
    await see(ask(CONNECT, 'us-east-1'), { received: ESTABLISHED });
    await see(ask(CONNECT, 'eu-west-1'), { error: 'ECONNRESET', received: '' });
  });

  it('a refused link resets the CONNECT, and never answers 502', async () => {
    await fault('refused');
    await see(ask(CONNECT), { error: 'ECONNRESET', received: '' });
  });

  it('a link that is refused later resets the tunnel', async () => {
    const caller = ask(CONNECT);
    await see(caller, { received: ESTABLISHED });
    await fault('refused');
    await see(caller, { error: 'ECONNRESET' });
  });

  it('a silent link is 200 and then nothing', async () => {
    await fault('silence');
    const caller = ask(`${CONNECT}hello`);
    await see(caller, { received: ESTABLISHED });
    await see(ask(`${CONNECT}witness`, 'us-east-1'), { received: `${ESTABLISHED}witness` });
    expect(caller).toMatchObject({ received: ESTABLISHED, ended: false, error: undefined });
  });

  it('keeps nothing of a caller that gave up in a silence', async () => {
    await fault('silence');
    const caller = ask(CONNECT);
    await see(caller, { received: ESTABLISHED });
    caller.socket.end();
    await see(caller, { ended: true });
    await expect.poll(() => network.observe().links.find(({ id }) => id === 'near')?.open).toBe(0);
  });

  it.each([
    ['another host', 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n'],
    ['another port', `CONNECT ${HOST}:80 HTTP/1.1\r\nHost: ${HOST}:80\r\n\r\n`],
    ['a loopback port', 'CONNECT 127.0.0.1:443 HTTP/1.1\r\nHost: 127.0.0.1:443\r\n\r\n'],
    ['a host that the world does not have', CONNECT.replaceAll('eu-west-1', 'eu-west-2')],
    ['a Host header that names another host', `CONNECT ${HOST}:443 HTTP/1.1\r\nHost: evil.test\r\n\r\n`],
    ['a plain request', 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'],
    ['a request for a whole address', `GET http://${HOST}/ HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`],
  ])('refuses %s with 403', async (_what, text) => {
    const caller = ask(text);
    await see(caller, { ended: true });
    expect(caller.received).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
    expect(service.connections).toEqual([]);
  });

  it('remembers what it was asked for, also where it leads nowhere, each edge for itself', async () => {
    await see(ask(CONNECT), { received: ESTABLISHED });
    await see(ask(CONNECT), { received: ESTABLISHED });
    await see(ask(CONNECT.replaceAll('eu-west-1', 'us-west-2')), { ended: true });
    await see(ask('GET http://example.com/ HTTP/1.1\r\nHost: example.com\r\n\r\n'), { ended: true });
    expect(network.dialled()).toEqual([
      {
        edge: 'eu-west-1',
        dials: [
          { host: HOST, port: 443, times: 2 },
          { host: 'sts.us-west-2.amazonaws.com', port: 443, times: 1 },
          { host: 'example.com', port: 80, times: 1 },
        ],
      },
      { edge: 'us-east-1', dials: [] },
    ]);
  });

  it('tells whoever watches what connects meet, at once and whenever it changes', async () => {
    const watcher = ask('GET /connects HTTP/1.1\r\nHost: edge\r\n\r\n');
    const state = (connects: string): string => `{"${HOST}":"${connects}"}\n`;
    await expect.poll(() => watcher.received).toContain(state('accept'));
    await fault('silence');
    await fault('refused');
    await expect.poll(() => watcher.received).toContain(state('refuse'));
    await network.clearFault({ id: 'f' });
    await expect.poll(() => watcher.received.split(state('accept'))).toHaveLength(3);
    expect(network.dialled()[0]?.dials).toEqual([]);
  });

  it('leads only to the hosts that it may, when it is told which', async () => {
    const narrow = await openNetwork(
      {
        kind: 'embedded',
        links: ['sts.a.test', 'sts.b.test'].map((host) => ({
          id: host,
          location: 'a',
          host,
          upstreamPort: service.port,
          roundTripMs: 1,
        })),
        edges: [{ name: 'app', location: 'a', allowed: ['sts.a.test'] }],
        seed: 3,
      },
      {
        random: createRandom(`narrow/${process.pid}`),
        news: { expired: () => {}, replaced: () => {}, tampered: () => {}, lost: () => {} },
      },
    );
    await using _ = { [Symbol.asyncDispose]: () => narrow.close() };
    const answers = ['a', 'b'].map((letter) => {
      const caller = dial(narrow.ready.edges['app'] ?? 0);
      callers.push(caller);
      caller.socket.write(`CONNECT sts.${letter}.test:443 HTTP/1.1\r\nHost: sts.${letter}.test:443\r\n\r\n`);
      return caller;
    });
    await expect.poll(() => answers.map(({ received }) => received.slice(9, 12))).toEqual(['200', '403']);
  });

  it('works as the proxy of a real HTTP client', async () => {
    const web = createHttpServer((_request, response) => response.end('served')).listen(0, '127.0.0.1');
    await once(web, 'listening');
    await using _ = { [Symbol.asyncDispose]: async () => void web.close() };
    const behind = await openNetwork(
      {
        kind: 'embedded',
        links: [
          {
            id: 'l',
            location: 'a',
            host: HOST,
            upstreamPort: (web.address() as AddressInfo).port,
            roundTripMs: 2,
          },
        ],
        edges: [{ name: 'a', location: 'a' }],
        seed: 2,
      },
      {
        random: createRandom(`client/${process.pid}`),
        news: { expired: () => {}, replaced: () => {}, tampered: () => {}, lost: () => {} },
      },
    );
    const tunnel = request({ port: behind.ready.edges['a'], method: 'CONNECT', path: `${HOST}:443` }).end();
    const [answer, socket] = await once(tunnel, 'connect');
    expect(answer.statusCode).toBe(200);
    const inner = request({ createConnection: () => socket, headers: { host: HOST } }).end();
    const [response] = await once(inner, 'response');
    let body = '';
    for await (const text of response.setEncoding('utf8')) body += text;
    expect(body).toBe('served');
    socket.destroy();
    await behind.close();
  });
});

describe('where a CONNECT leads', () => {
  const routes = new Map([[HOST, 15_000]]);
  it('compares names without regard to case', () => {
    expect(routeOf({ url: `${HOST.toUpperCase()}:443`, headers: { host: HOST } }, routes)).toBe(15_000);
  });
  it('takes no trailing dot, user or path for a name', () => {
    for (const url of [`${HOST}.:443`, `x@${HOST}:443`, `${HOST}:443/`, `${HOST}`, ':443', '']) {
      expect(routeOf({ url, headers: {} }, routes)).toEqual(expect.any(String));
    }
  });
});
