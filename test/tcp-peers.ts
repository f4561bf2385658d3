/**
 * Two ends of a TCP connection for tests of what lies between them: a service that echoes and remembers, and
 * a caller that writes down what happened to it. Nothing here waits for time to pass, only for events.
 */

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect } from 'vitest';

/** What one end has seen of its connection so far. */
export interface Peer {
  readonly socket: Socket;
  /** Everything that arrived, as latin1 text. */
  readonly received: string;
  readonly connected: boolean;
  /** The other end has hung up in order. */
  readonly ended: boolean;
  /** Code of the error that the socket ended with. */
  readonly error: string | undefined;
  readonly closed: boolean;
}

export interface Service {
  readonly port: number;
  /** Connections in the order they came, the closed ones included. */
  readonly connections: readonly Peer[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** Echoes each byte, and says goodbye once the caller has hung up, unless told otherwise by `onConnection`. */
export async function openService(onConnection: (socket: Socket) => void = echo): Promise<Service> {
  const connections: Peer[] = [];
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    connections.push(watch(socket));
    onConnection(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const { socket } of connections) socket.destroy();
      await closed;
    },
  };
}

export const GOODBYE = 'goodbye';

function echo(socket: Socket): void {
  socket
    .on('data', (bytes) => {
      if (socket.writable) socket.write(bytes);
    })
    .on('end', () => socket.end(GOODBYE));
}

/** Dials the port and keeps the socket half-open when the other end hangs up. */
export function dial(port: number): Peer {
  return watch(connect({ host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true }));
}

/** Waits, behind a deadline, until what the peer has seen looks like `expected`. */
export async function see(peer: Peer, expected: Partial<Omit<Peer, 'socket'>>): Promise<void> {
  await expect.poll(() => pick(peer), { timeout: 5_000, interval: 2 }).toMatchObject(expected);
}

/** One byte there and back, in microseconds. Fails when the connection ends instead. */
export async function exchange(peer: Peer): Promise<number> {
  const before = process.hrtime.bigint();
  const answered = peer.received.length + 1;
  peer.socket.write('.');
  while (peer.received.length < answered) {
    if (peer.ended || peer.closed) throw new Error('the connection ended before the answer came');
    await Promise.race([once(peer.socket, 'data'), once(peer.socket, 'end'), once(peer.socket, 'close')]);
  }
  return Number((process.hrtime.bigint() - before) / 1_000n);
}

function pick({ received, connected, ended, error, closed }: Peer): Omit<Peer, 'socket'> {
  return { received, connected, ended, error, closed };
}

function watch(socket: Socket): Peer {
  let received = '';
  let connected = !socket.connecting;
  let ended = false;
  let error: string | undefined;
  socket
    .on('connect', () => {
      connected = true;
    })
    .on('data', (bytes: Buffer) => {
      received += bytes.toString('latin1');
    })
    .on('end', () => {
      ended = true;
    })
    .on('error', (failure: NodeJS.ErrnoException) => {
      error = failure.code;
    });
  return {
    socket,
    get received() {
      return received;
    },
    get connected() {
      return connected;
    },
    get ended() {
      return ended;
    },
    get error() {
      return error;
    },
    get closed() {
      return socket.destroyed;
    },
  };
}
