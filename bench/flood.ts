/** Requests at a steady rate to one Region or to many, whatever they are answered: a background to measure against. */

import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';

export interface FloodOptions {
  readonly caPem: string;
  readonly ratePerSecond: number;
  /** Kept alive, shared out among the targets. When all of one wait, its next request is not sent. */
  readonly connections: number;
  readonly targets: readonly {
    readonly port: number;
    readonly servername: string;
    readonly request: Uint8Array;
  }[];
}

export interface Flood {
  readonly counts: { answered: number; refused: number };
  /** Sends while the work is done, and is quiet again when it resolves. */
  during(work: () => Promise<void>): Promise<void>;
  close(): void;
}

/** As often as a timer can; what is due by then is sent. */
const TICK_MS = 1;
/** Longer than any queue here. */
const QUIET_MS = 300;

export async function openFlood({
  caPem,
  ratePerSecond,
  connections,
  targets,
}: FloodOptions): Promise<Flood> {
  const counts = { answered: 0, refused: 0 };
  const each = Math.max(1, Math.floor(connections / targets.length));
  const lines = await Promise.all(
    targets.map(async ({ port, servername, request }) => {
      const free: TLSSocket[] = [];
      const open = async (): Promise<TLSSocket> => {
        const socket = connect({ host: '127.0.0.1', port, ca: caPem, servername });
        await once(socket, 'secureConnect');
        // Each answer is small enough for one record, and read no further than its status.
        socket.on('data', (bytes: Buffer) => {
          if (!bytes.subarray(0, 5).equals(STATUS_LINE)) return;
          counts.answered += 1;
          if (bytes[9] !== OK) counts.refused += 1;
          free.push(socket);
        });
        free.push(socket);
        return socket;
      };
      return { request, free, sockets: await Promise.all(Array.from({ length: each }, open)) };
    }),
  );
  let next = 0;
  const sendOne = (): void => {
    const line = lines[next];
    next = (next + 1) % lines.length;
    line?.free.pop()?.write(line.request);
  };
  return {
    counts,
    during: async (work) => {
      const startedMs = performance.now();
      let sent = 0;
      const timer = setInterval(() => {
        for (const due = ((performance.now() - startedMs) / 1_000) * ratePerSecond; sent < due; sent += 1)
          sendOne();
      }, TICK_MS);
      try {
        await work();
      } finally {
        clearInterval(timer);
      }
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    },
    close: () => {
      for (const { sockets } of lines) for (const socket of sockets) socket.destroy();
    },
  };
}

const STATUS_LINE = Buffer.from('HTTP/');
const OK = '2'.charCodeAt(0);
