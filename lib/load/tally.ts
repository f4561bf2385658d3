/** Counts as the engine goes: totals that obey planned = ok + failed + indeterminate + dropped, and the last second. */

import type { ArrivalCounts, LoadEnded, LoadProgress } from '../journal/event.ts';
import type { Outcome } from '../journal/sample.ts';

export interface Tally {
  /** An arrival fell due and the engine took it up this much late. */
  due(lagUs: number): void;
  attempt(host: string, ok: boolean): void;
  /** An arrival found its final outcome. */
  arrival(outcome: Outcome): void;
  /** The totals, and what happened since the last call. `planned` counts arrivals due so far. */
  progress(): LoadProgress;
  ended(stoppedEarly: boolean): LoadEnded;
}

export function createTally(): Tally {
  const outcomes: Record<Outcome, number> = { ok: 0, failed: 0, indeterminate: 0, dropped: 0 };
  let planned = 0;
  let attempts = 0;
  let lagUsMax = 0;
  let lagUsMaxOfSecond = 0;
  let perEndpoint: Record<string, { ok: number; failed: number }> = {};
  const counts = (): ArrivalCounts => ({ planned, ...outcomes });
  return {
    due: (lagUs) => {
      planned += 1;
      lagUsMax = Math.max(lagUsMax, lagUs);
      lagUsMaxOfSecond = Math.max(lagUsMaxOfSecond, lagUs);
    },
    attempt: (host, ok) => {
      attempts += 1;
      perEndpoint[host] ??= { ok: 0, failed: 0 };
      perEndpoint[host][ok ? 'ok' : 'failed'] += 1;
    },
    arrival: (outcome) => {
      outcomes[outcome] += 1;
    },
    progress: () => {
      const progress = {
        kind: 'load.progress',
        counts: counts(),
        lagMsMax: lagUsMaxOfSecond / 1_000,
        perEndpoint,
      } as const;
      lagUsMaxOfSecond = 0;
      perEndpoint = {};
      return progress;
    },
    ended: (stoppedEarly) => ({
      kind: 'load.ended',
      counts: counts(),
      attempts,
      stoppedEarly,
      lagMsMax: lagUsMax / 1_000,
    }),
  };
}
