/**
 * The door for programs that know nothing of us: an HTTP CONNECT proxy that stands in one location and leads
 * `sts.eu-west-1.amazonaws.com:443` to the link from there to that endpoint, under whatever fault is on it.
 * It leads nowhere else, and it never answers 502: the Java SDKs take a 502 for an answer of the service,
 * Python for an error of the proxy, and JavaScript stops retrying.
 */

import { createServer, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { LOOPBACK, listenOnChosen, type PortChooser } from './link-ports.ts';

export interface EdgeOptions {
  readonly location: string;
  /** Link port on 127.0.0.1 of every host name of the world. */
  readonly routes: ReadonlyMap<string, number>;
  readonly ports: PortChooser;
}

export interface Edge {
  readonly location: string;
  readonly port: number;
  close(): Promise<void>;
}

export async function openEdge(options: EdgeOptions): Promise<Edge> {
  const sockets = new Set<Socket>();
  // Old Pythons send CONNECT without a Host header, which HTTP/1.0 allows.
  const server = createServer({ requireHostHeader: false, headersTimeout: 5_000, keepAlive: false });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
  });
  server.on('connect', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const route = routeOf(request, options.routes);
    if (typeof route === 'number') tunnel(socket as Socket, head, route);
    else socket.end(refusal(route));
  });
  server.on('request', (_request, response) => {
    response.writeHead(403, { 'content-type': 'text/plain', connection: 'close' });
    response.end('This proxy only answers CONNECT, for the hosts of its world.\n');
  });
  const port = await listenOnChosen(server, options.ports);
  return {
    location: options.location,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** The link port that a CONNECT asks for, or the reason for not leading anywhere. */
export function routeOf(
  request: Pick<IncomingMessage, 'url' | 'headers'>,
  routes: ReadonlyMap<string, number>,
): number | string {
  const authority = (request.url ?? '').toLowerCase();
  const match = /^([a-z0-9.-]+):(\d+)$/.exec(authority);
  const [, host = '', port = ''] = match ?? [];
  const link = routes.get(host);
  if (link === undefined || port !== '443') return 'no endpoint of this world goes by that name and port';
  // Whoever speaks for another host than it asks for has been confused by someone.
  const stated = request.headers.host?.toLowerCase();
  if (stated !== undefined && stated !== authority && stated !== host)
    return 'the Host header names another host';
  return link;
}

function tunnel(caller: Socket, head: Buffer, port: number): void {
  const link = connect({ host: LOOPBACK, port, allowHalfOpen: true, noDelay: true });
  caller.setNoDelay(true);
  link.once('connect', () => {
    caller.write('HTTP/1.1 200 Connection established\r\n\r\n');
    if (head.length > 0) link.write(head);
    caller.pipe(link);
    link.pipe(caller);
  });
  // A refused or reset link is a reset to the caller, before the 200 as after it.
  link.on('error', () => caller.resetAndDestroy());
  caller.on('error', () => link.resetAndDestroy());
  // Callers of STS hang up for good: without this a caller that gave up in a silence would be kept for ever.
  caller.on('end', () => {
    link.end();
    caller.end();
  });
  caller.on('close', () => link.destroy());
}

function refusal(reason: string): string {
  return `HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\n${reason}\n`;
}
