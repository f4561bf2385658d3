/** Counts as the engine goes: totals that obey planned = ok + failed + indeterminate + dropped, and the last second. */

import type { ArrivalCounts, GroupSecond, LoadEnded, LoadProgress } from '../journal/event.ts';
import type { Outcome } from '../journal/sample.ts';
import type { EngineGroup } from './resolved-group.ts';

/** Groups are told by their index. */
export interface Tally {
  /** An arrival fell due and the engine took it up this much late. */
  due(lagUs: number): void;
  attempt(group: number, host: string, ok: boolean): void;
  /** An arrival found its final outcome. @param latencyUs From its planned moment. */
  landed(group: number, outcome: Exclude<Outcome, 'dropped'>, latencyUs: number): void;
  /** An arrival was not sent. */
  dropped(group: number): void;
  /** The totals, and what happened since the last call. `planned` counts arrivals due so far. */
  progress(): LoadProgress;
  ended(stoppedEarly: boolean): LoadEnded;
}

/** Eighths of a power of two up to 2^40 µs, twelve days: longer than any run. */
const LATENCY_KEYS = 8 * 40;

/** What one group did in the second that is being counted. */
interface Second {
  ok: number;
  notOk: number;
  readonly latencies: Uint32Array;
  /** Attempts by host. */
  readonly attempts: Map<string, { ok: number; failed: number }>;
}

export function createTally(groups: readonly Pick<EngineGroup, 'name' | 'location'>[]): Tally {
  const outcomes: Record<Outcome, number> = { ok: 0, failed: 0, indeterminate: 0, dropped: 0 };
  const seconds: readonly Second[] = groups.map(() => ({
    ok: 0,
    notOk: 0,
    latencies: new Uint32Array(LATENCY_KEYS),
    attempts: new Map(),
  }));
  let planned = 0;
  let attempts = 0;
  let lagUsMax = 0;
  let lagUsMaxOfSecond = 0;

  const counts = (): ArrivalCounts => ({ planned, ...outcomes });

  const secondOf = (group: number): Second => {
    const second = seconds[group];
    if (second === undefined) throw new RangeError(`the load has no group ${group}`);
    return second;
  };

  return {
    due: (lagUs) => {
      planned += 1;
      lagUsMax = Math.max(lagUsMax, lagUs);
      lagUsMaxOfSecond = Math.max(lagUsMaxOfSecond, lagUs);
    },
    attempt: (group, host, ok) => {
      attempts += 1;
      const byHost = secondOf(group).attempts;
      const counted = byHost.get(host);
      if (counted !== undefined) counted[ok ? 'ok' : 'failed'] += 1;
      else byHost.set(host, { ok: ok ? 1 : 0, failed: ok ? 0 : 1 });
    },
    landed: (group, outcome, latencyUs) => {
      outcomes[outcome] += 1;
      const second = secondOf(group);
      second[outcome === 'ok' ? 'ok' : 'notOk'] += 1;
      const key = latencyKey(latencyUs);
      second.latencies[key] = (second.latencies[key] ?? 0) + 1;
    },
    dropped: (group) => {
      outcomes.dropped += 1;
      secondOf(group).notOk += 1;
    },
    progress: () => {
      const perGroup: Record<string, GroupSecond> = {};
      const perLink: Record<string, { ok: number; failed: number }> = {};
      for (const [index, { name, location }] of groups.entries()) {
        const second = secondOf(index);
        perGroup[name] = { ok: second.ok, notOk: second.notOk, latencies: sparse(second.latencies) };
        for (const [host, { ok, failed }] of second.attempts) {
          const link = `${location}->${host}`;
          const sum = perLink[link] ?? { ok: 0, failed: 0 };
          perLink[link] = { ok: sum.ok + ok, failed: sum.failed + failed };
        }
        second.ok = 0;
        second.notOk = 0;
        second.latencies.fill(0);
        second.attempts.clear();
      }
      const lagMsMax = lagUsMaxOfSecond / 1_000;
      lagUsMaxOfSecond = 0;
      return { kind: 'load.progress', counts: counts(), lagMsMax, perGroup, perLink };
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

/** See {@link GroupSecond}; what took no time at all is counted with what took a microsecond. */
function latencyKey(latencyUs: number): number {
  return Math.min(LATENCY_KEYS - 1, Math.floor(8 * Math.log2(Math.max(1, latencyUs))));
}

function sparse(latencies: Uint32Array): Record<number, number> {
  const found: Record<number, number> = {};
  // Once a second for every group, in the process that must not be late: an iterator costs several times more.
  for (let key = 0; key < latencies.length; key += 1) {
    const amount = latencies[key] ?? 0;
    if (amount > 0) found[key] = amount;
  }
  return found;
}
