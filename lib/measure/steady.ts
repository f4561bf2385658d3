/**
 * When a group is well again after a fault: from some arrival on, whatever second one looks at, at least 99 of 100
 * arrivals succeed and all of them at home.
 */
import type { CallerRecord } from '../journal/event.ts';
import { type Arrival, arrivalsOf } from './arrivals.ts';
import type { FaultInterval } from './fault-intervals.ts';
import { type History, homeLink } from './history.ts';

export const STEADY_WINDOW_US = 1_000_000;
export const STEADY_SUCCESS_SHARE = 0.99;

/**
 * The first success after the lift such that every window of {@link STEADY_WINDOW_US} that starts at it or later
 * is good: at least {@link STEADY_SUCCESS_SHARE} of its arrivals succeeded, each success at the caller's first
 * choice. Windows start at every arrival. Undefined when no whole window is left for it: before the end of load
 * or before another fault. Dropped arrivals say nothing about the service and are left out.
 */
export function steadyArrival(
  history: History,
  fault: FaultInterval,
  callers: readonly CallerRecord[],
): Arrival | undefined {
  const { liftedUs } = fault;
  if (liftedUs === null) return undefined;
  const untilUs = Math.min(
    history.durationUs,
    ...history.faults.map((other) => other.appliedRequestedUs ?? Infinity).filter((us) => us > liftedUs),
  );
  const homes = new Map(callers.map((caller) => [caller.name, homeLink(history, caller)?.host]));
  const arrivals = arrivalsOf(history).filter(
    (arrival) =>
      homes.has(arrival.caller) &&
      arrival.outcome !== 'dropped' &&
      arrival.plannedUs >= liftedUs &&
      arrival.plannedUs < untilUs,
  );
  const away = (arrival: Arrival): boolean =>
    arrival.outcome === 'ok' && arrival.endpoint !== homes.get(arrival.caller);
  const candidate = arrivals
    .slice(firstGoodIndex(arrivals, away))
    .find((arrival) => arrival.outcome === 'ok');
  return candidate !== undefined && candidate.plannedUs + STEADY_WINDOW_US <= untilUs ? candidate : undefined;
}

/** One behind the last arrival whose window is bad; both ends of the window only move forward. */
function firstGoodIndex(arrivals: readonly Arrival[], away: (arrival: Arrival) => boolean): number {
  let good = 0;
  let end = 0;
  let failures = 0;
  let strays = 0;
  for (const [start, arrival] of arrivals.entries()) {
    for (let next = arrivals[end]; next !== undefined; next = arrivals[end]) {
      if (next.plannedUs >= arrival.plannedUs + STEADY_WINDOW_US) break;
      if (next.outcome !== 'ok') failures += 1;
      else if (away(next)) strays += 1;
      end += 1;
    }
    const total = end - start;
    if (strays > 0 || failures > (1 - STEADY_SUCCESS_SHARE) * total + 1e-9) good = start + 1;
    if (arrival.outcome !== 'ok') failures -= 1;
    else if (away(arrival)) strays -= 1;
  }
  return good;
}
