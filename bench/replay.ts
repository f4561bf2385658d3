/**
 * A client that costs as little as a client can: requests written from bytes made beforehand, answers read no further
 * than their status and their end. Node's own client costs several times what the server does, and a benchmark of the
 * server would then measure mostly that.
 */

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { monotonicUs } from '../lib/time/monotonic.ts';

export interface ReplayOptions {
  /** On 127.0.0.1. */
  readonly port: number;
  readonly connections: number;
  /** Whole requests; sent in turn, whichever connection is free. */
  readonly requests: readonly Uint8Array[];
  /** Speaks TLS, asks for this name and trusts nothing but this authority. */
  readonly tls?: { readonly caPem: string; readonly servername: string };
  /** A new connection for each request, which its server or the request itself closes. */
  readonly unkept?: boolean;
  /** Sends the body in a segment of its own, as some clients do. */
  readonly bodyApart?: boolean;
}

export interface Replay {
  /**
   * Sends so many requests, one at a time on each connection. With `timesUs`, pushes how long each took.
   * @throws at any answer but 200: a figure for refusals would be worthless.
   */
  run(requests: number, timesUs?: number[]): Promise<void>;
  close(): void;
}

export async function openReplay(options: ReplayOptions): Promise<Replay> {
  const { connections, requests, unkept = false, bodyApart = false } = options;
  const kept = unkept ? [] : await Promise.all(Array.from({ length: connections }, () => open(options)));
  let next = 0;
  const nextRequest = (): Uint8Array => {
    const request = requests[next];
    next = (next + 1) % requests.length;
    if (request === undefined) throw new Error('nothing to send');
    return request;
  };
  return {
    run: async (count, timesUs) => {
      using _ = sleepless();
      let left = count;
      const anotherIsLeft = (): boolean => {
        left -= 1;
        return left >= 0;
      };
      if (unkept) {
        const caller = async (): Promise<void> => {
          while (anotherIsLeft()) {
            const socket = await open(options);
            let unused = true;
            const onlyOnce = (): boolean => {
              const first = unused;
              unused = false;
              return first;
            };
            await exchange(socket, nextRequest, onlyOnce, bodyApart, timesUs);
            socket.destroy();
          }
        };
        await Promise.all(Array.from({ length: connections }, caller));
        return;
      }
      await Promise.all(
        kept.map((socket) => exchange(socket, nextRequest, anotherIsLeft, bodyApart, timesUs)),
      );
    },
    close: () => {
      for (const socket of kept) socket.destroy();
    },
  };
}

/**
 * Keeps this process from sleeping. Waking a sleeper costs the server that answers it several microseconds, and only
 * a slow server finds its client asleep: a difference between servers that is none of theirs.
 */
function sleepless(): Disposable {
  let turn = setImmediate(function again() {
    turn = setImmediate(again);
  });
  return { [Symbol.dispose]: () => clearImmediate(turn) };
}

async function open({ port, tls }: ReplayOptions): Promise<Socket> {
  if (tls === undefined) {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    await once(socket, 'connect');
    return socket;
  }
  const socket = connectTls({ host: '127.0.0.1', port, ca: tls.caPem, servername: tls.servername });
  socket.setNoDelay(true);
  await once(socket, 'secureConnect');
  return socket;
}

/** Requests one after the other, without a promise between them, while there is another to send. */
function exchange(
  socket: Socket,
  nextRequest: () => Uint8Array,
  anotherIsLeft: () => boolean,
  bodyApart: boolean,
  timesUs: number[] | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let sentUs = 0;
    const end = (settle: () => void): void => {
      socket.off('data', onData).off('error', onError).off('close', onClose);
      settle();
    };
    const onError = (error: Error): void => end(() => reject(error));
    const onClose = (): void => onError(new Error('the server closed a connection'));
    const send = (): void => {
      if (!anotherIsLeft()) {
        end(resolve);
        return;
      }
      const request = nextRequest();
      if (timesUs !== undefined) sentUs = monotonicUs();
      const cut = bodyApart
        ? Buffer.from(request.buffer, request.byteOffset, request.length).indexOf(HEAD_END) + 4
        : 0;
      if (cut > 0) socket.write(request.subarray(0, cut));
      socket.write(cut > 0 ? request.subarray(cut) : request);
    };
    const onData = answerReader((status, text) => {
      if (status !== 200) return onError(new Error(`answered ${text}`));
      timesUs?.push(monotonicUs() - sentUs);
      send();
    });
    socket.on('data', onData).on('error', onError).on('close', onClose);
    send();
  });
}

const HEAD_END = '\r\n\r\n';

/** Calls back at the end of each answer. Knows Content-Length and no other framing: all servers here send it. */
function answerReader(done: (status: number, text: string) => void): (bytes: Buffer) => void {
  let waiting: Buffer | undefined;
  return (bytes) => {
    const seen = waiting === undefined ? bytes : Buffer.concat([waiting, bytes]);
    waiting = seen;
    const headEnd = seen.indexOf(HEAD_END);
    if (headEnd === -1) return;
    const head = seen.toString('latin1', 0, headEnd + 2);
    const length = Number(/\r\ncontent-length: *(\d+)\r\n/i.exec(head)?.[1] ?? Number.NaN);
    if (Number.isNaN(length)) return done(0, head);
    if (seen.length < headEnd + HEAD_END.length + length) return;
    waiting = undefined;
    const status = Number(head.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length));
    done(status, status === 200 ? '' : seen.toString('latin1'));
  };
}
