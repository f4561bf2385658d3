/**
 * How far a part's clock was ahead of the service's. Each answer says when it was made, and it was made somewhere
 * within its attempt: the shortest attempts say it best, and what slow ones leave open is held against nobody. Pure.
 */

import type { K6Attempt } from '../k6/reader.ts';

export interface ClockOffset {
  /** Milliseconds; below 0: behind. */
  readonly aheadMs: number;
  /** By how much that may be wrong. */
  readonly withinMs: number;
}

export interface ClockWatch {
  look(attempt: Pick<K6Attempt, 'endedUs' | 'tookUs' | 'servedAtMs'>): void;
  /** Undefined where no answer said when it was made. */
  offset(): ClockOffset | undefined;
}

/** One that k6 was late to tell of must not decide. */
const KEPT = 15;
/** The service tells whole milliseconds, and so does the clock of a script. */
const ROUNDING_MS = 1;

export function createClockWatch(): ClockWatch {
  const shortest: { readonly tookUs: number; readonly aheadMs: number }[] = [];
  return {
    look: ({ endedUs, tookUs, servedAtMs }) => {
      if (servedAtMs === 0 || tookUs >= (shortest[KEPT - 1]?.tookUs ?? Number.POSITIVE_INFINITY)) return;
      const place = shortest.findIndex((kept) => tookUs < kept.tookUs);
      const aheadMs = (endedUs - tookUs / 2) / 1_000 - servedAtMs;
      shortest.splice(place === -1 ? shortest.length : place, 0, { tookUs, aheadMs });
      shortest.length = Math.min(shortest.length, KEPT);
    },
    offset: () => {
      const middle = shortest.toSorted((one, other) => one.aheadMs - other.aheadMs)[shortest.length >> 1];
      const longest = shortest.at(-1);
      if (middle === undefined || longest === undefined) return undefined;
      return { aheadMs: middle.aheadMs, withinMs: longest.tookUs / 2_000 + ROUNDING_MS };
    },
  };
}

/** At least so much, whatever was left open; 0 where it may have been right. */
export function surelyOffMs({ aheadMs, withinMs }: ClockOffset): number {
  return Math.max(0, Math.abs(aheadMs) - withinMs);
}
