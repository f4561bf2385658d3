/**
 * What the service saw, a row per request. Rows wait here until the run says where they go and when its time began;
 * those from before get negative times. Flushed once a second, so that a crash costs the last second at most.
 */

import type { ServiceRecord } from '../journal/sample.ts';
import { createWaitingRows } from './waiting-rows.ts';

/** What the log needs of the journal. */
export interface ServiceWriter {
  write(record: ServiceRecord): void;
  flush(): Promise<unknown>;
  close(): Promise<unknown>;
}

export interface ServiceLog {
  /** Times of the row are absolute monotonic microseconds. */
  record(row: ServiceRecord): void;
  /** Writes what has waited, then all that comes. @param originUs Monotonic microseconds of the run's zero. */
  begin(order: { readonly path: string; readonly originUs: number }): Promise<void>;
  /** Ends the file; later rows wait again. */
  end(): Promise<{ readonly rows: number }>;
}

export function createServiceLog(open: (path: string) => Promise<ServiceWriter>): ServiceLog {
  // A world without a run may live for days; the younger half is kept.
  const waiting = createWaitingRows(MAXIMUM_WAITING);
  let current: { writer: ServiceWriter; originUs: number; timer: NodeJS.Timeout; rows: number } | undefined;
  let failure: unknown;

  const write = (row: ServiceRecord): void => {
    if (current === undefined) return;
    const { writer, originUs } = current;
    writer.write({ ...row, receivedUs: row.receivedUs - originUs, endedUs: row.endedUs - originUs });
    current.rows += 1;
  };

  return {
    record: (row) => {
      if (current !== undefined) return write(row);
      waiting.push(row);
    },
    begin: async ({ path, originUs }) => {
      if (current !== undefined) throw new Error('the service log has begun already');
      const writer = await open(path);
      const timer = setInterval(() => {
        writer.flush().catch((error: unknown) => {
          failure ??= error;
        });
      }, FLUSH_EVERY_MS).unref();
      failure = undefined;
      current = { writer, originUs, timer, rows: 0 };
      for (const row of waiting.take()) write(row);
    },
    end: async () => {
      if (current === undefined) throw new Error('the service log has not begun');
      const { writer, timer, rows } = current;
      current = undefined;
      clearInterval(timer);
      await writer.close();
      if (failure !== undefined) throw new Error('rows of the service log were lost', { cause: failure });
      return { rows };
    },
  };
}

const MAXIMUM_WAITING = 100_000;
const FLUSH_EVERY_MS = 1_000;
