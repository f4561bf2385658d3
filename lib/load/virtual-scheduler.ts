/** Time that moves only when told to: the engine, minutes of it, in milliseconds of a test. */

import type { Scheduler } from './scheduler.ts';

export interface VirtualScheduler extends Scheduler {
  /** Runs what falls due up to this moment, in order of time and then of asking, and stands there. */
  advanceTo(us: number): void;
}

interface Entry {
  readonly atUs: number;
  readonly callback: () => void;
  cancelled: boolean;
}

/** @param startUs Where the run's time stands at first. */
export function virtualScheduler(startUs = 0): VirtualScheduler {
  let nowUs = startUs;
  /** Sorted by time; equal times in the order of asking. */
  const entries: Entry[] = [];
  return {
    now: () => nowUs,
    at: (atUs, _precision, callback) => {
      const entry: Entry = { atUs: Math.max(atUs, nowUs), callback, cancelled: false };
      let place = entries.length;
      while (place > 0 && (entries[place - 1]?.atUs ?? 0) > entry.atUs) place -= 1;
      entries.splice(place, 0, entry);
      return () => {
        entry.cancelled = true;
      };
    },
    advanceTo: (us) => {
      for (let entry = entries[0]; entry !== undefined && entry.atUs <= us; entry = entries[0]) {
        entries.shift();
        nowUs = entry.atUs;
        if (!entry.cancelled) entry.callback();
      }
      nowUs = Math.max(nowUs, us);
    },
  };
}
