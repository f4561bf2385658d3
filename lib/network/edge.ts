/**
 * The door for programs that know nothing of us: an HTTP CONNECT proxy that stands in one location and leads
 * `sts.eu-west-1.amazonaws.com:443` to the link from there to that endpoint, under whatever fault is on it.
 * It leads nowhere else, remembers what it was asked for, and never answers 502: the Java SDKs take a 502 for an
 * answer of the service, Python for an error of the proxy, and JavaScript stops retrying.
 *
 *   refused      a reset in place of the answer        reset         200, then a reset at the caller's first byte
 *   silence      200 and nothing more                  unreachable   no answer to the CONNECT
 */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createDialCount, type Dial } from './dial-count.ts';
import type { Condition } from './link.ts';
import { LOOPBACK, listenOnChosen, type PortChooser } from './link-ports.ts';

export interface EdgeOptions {
  readonly name: string;
  /** By host name. */
  readonly routes: ReadonlyMap<string, EdgeRoute>;
  readonly ports: PortChooser;
}

/** A link as an edge leads to it. */
export interface EdgeRoute {
  /** On 127.0.0.1. */
  readonly port: number;
  /** What a connect to it meets now. */
  connects(): Connects;
}

export type Connects = Condition['connect'];

export interface Edge {
  readonly name: string;
  readonly port: number;
  /** What was asked for since it opened, also what it did not lead to. */
  dialled(): readonly Dial[];
  /** To be called when what connects meet may have changed: whoever watches is told. */
  changed(): void;
  close(): Promise<void>;
}

/**
 * Path at which an edge tells what connects to each host meet: one JSON object a line, host → {@link Connects}, at once
 * and whenever that changes, for as long as the connection stands.
 */
export const WATCH_PATH = '/connects';

export async function openEdge({ name, routes, ports }: EdgeOptions): Promise<Edge> {
  const sockets = new Set<Socket>();
  const watchers = new Set<ServerResponse>();
  const dials = createDialCount();
  // Old Pythons send CONNECT without a Host header, which HTTP/1.0 allows.
  const server = createServer({ requireHostHeader: false, headersTimeout: 5_000, keepAlive: false });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
  });
  server.on('connect', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    dials.count(request.url ?? '');
    const route = routeOf(request, routes);
    if (typeof route === 'string') socket.end(refusal(route));
    else tunnel(socket as Socket, head, route.port);
  });
  server.on('request', (request, response) => {
    if (request.method === 'GET' && request.url === WATCH_PATH) {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.write(stateOf(routes));
      watchers.add(response);
      response.once('close', () => watchers.delete(response));
      return;
    }
    dials.count(request.url ?? '');
    response.writeHead(403, { 'content-type': 'text/plain', connection: 'close' });
    response.end('This proxy only answers CONNECT, for the hosts of its world.\n');
  });
  const port = await listenOnChosen(server, ports);
  let told = stateOf(routes);
  return {
    name,
    port,
    dialled: dials.all,
    changed: () => {
      const state = stateOf(routes);
      if (state === told) return;
      told = state;
      for (const watcher of watchers) watcher.write(state);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** The way that a CONNECT asks for, or the reason for not leading anywhere. */
export function routeOf<Route>(
  request: Pick<IncomingMessage, 'url' | 'headers'>,
  routes: ReadonlyMap<string, Route>,
): Route | string {
  const authority = (request.url ?? '').toLowerCase();
  const match = /^([a-z0-9.-]+):(\d+)$/.exec(authority);
  const [, host = '', port = ''] = match ?? [];
  const route = routes.get(host);
  if (route === undefined || port !== '443') return 'no endpoint of this world goes by that name and port';
  // Whoever speaks for another host than it asks for has been confused by someone.
  const stated = request.headers.host?.toLowerCase();
  if (stated !== undefined && stated !== authority && stated !== host)
    return 'the Host header names another host';
  return route;
}

function stateOf(routes: ReadonlyMap<string, EdgeRoute>): string {
  return `${JSON.stringify(Object.fromEntries([...routes].map(([host, route]) => [host, route.connects()])))}\n`;
}

function tunnel(caller: Socket, head: Buffer, port: number): void {
  const link = connect({ host: LOOPBACK, port, allowHalfOpen: true, noDelay: true });
  caller.setNoDelay(true);
  if (head.length > 0) link.write(head);
  // From the start: neither bytes nor a hang-up that come before the link is reached may be lost.
  caller.pipe(link);
  link.once('connect', () => {
    caller.write('HTTP/1.1 200 Connection established\r\n\r\n');
    link.pipe(caller);
  });
  // A refused or reset link is a reset to the caller, before the 200 as after it.
  link.on('error', () => caller.resetAndDestroy());
  caller.on('error', () => link.resetAndDestroy());
  // Callers of STS hang up for good: without this a caller that gave up in a silence would be kept for ever.
  caller.on('end', () => caller.end());
  caller.on('close', () => link.destroy());
}

function refusal(reason: string): string {
  return `HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\n${reason}\n`;
}
