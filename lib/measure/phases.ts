/**
 * Cuts a run into before, during and after each fault. Arrivals belong to a phase by their planned moment; those
 * near a boundary belong to none, as nobody can say which side they saw.
 */
import type { Arrival } from './arrivals.ts';
import type { FaultInterval } from './fault-intervals.ts';
import type { History } from './history.ts';

export type PhaseName = 'before' | 'during' | 'after';

/** From inclusive, to exclusive; microseconds of the run. */
export interface Span {
  readonly fromUs: number;
  readonly toUs: number;
}

export interface FaultPhases {
  readonly fault: string;
  /** Null when there is no such time: the fault was never applied, or another one leaves no room. */
  readonly before: Span | null;
  readonly during: Span | null;
  readonly after: Span | null;
}

/**
 * Left out before a fault and after it is lifted: what was planned just before can still be under way when the
 * fault comes, and just after the lift callers come home. The time between the order and its confirmation is
 * always left out. Inside the fault there is no guard: the onset belongs to it.
 */
export const PHASE_GUARD_US = 1_000_000;

/** One entry per fault. Times under another fault belong to neither its before nor its after. */
export function phasesOf(history: History): readonly FaultPhases[] {
  return history.faults.map((fault) => {
    const others = history.faults.filter((other) => other !== fault && other.appliedRequestedUs !== null);
    const { appliedRequestedUs, appliedUs } = fault;
    if (appliedRequestedUs === null || appliedUs === null) {
      return { fault: fault.name, before: null, during: null, after: null };
    }
    const earlier = others.map((other) => endOf(other, history)).filter((us) => us <= appliedRequestedUs);
    const liftedUs = endOf(fault, history);
    const later = others
      .map((other) => other.appliedRequestedUs ?? 0)
      .filter((startUs) => startUs >= liftedUs);
    const overlapped = (from: number, to: number): boolean =>
      others.some((other) => (other.appliedRequestedUs ?? 0) < to && endOf(other, history) > from);
    const beforeFrom = Math.max(0, ...earlier.map((us) => us + PHASE_GUARD_US));
    const beforeTo = appliedRequestedUs - PHASE_GUARD_US;
    const afterFrom = liftedUs + PHASE_GUARD_US;
    const afterTo = Math.min(history.durationUs, ...later.map((us) => us - PHASE_GUARD_US));
    return {
      fault: fault.name,
      before: overlapped(beforeFrom, beforeTo) ? null : span(beforeFrom, beforeTo),
      during: span(appliedUs, fault.liftedRequestedUs ?? history.durationUs),
      after: fault.liftedUs === null || overlapped(afterFrom, afterTo) ? null : span(afterFrom, afterTo),
    };
  });
}

/**
 * The spans of a phase: of one fault, or of all together (before the first, during any, after the last) when
 * no fault is named. `all` is the whole run. Empty when there is no such time.
 */
export function spansOf(
  history: History,
  phase: PhaseName | 'all',
  fault?: string | undefined,
): readonly Span[] {
  if (phase === 'all') return [{ fromUs: 0, toUs: history.durationUs }];
  const phases = phasesOf(history).filter((entry) => fault === undefined || entry.fault === fault);
  const spans = phases.map((entry) => entry[phase]).filter((entry) => entry !== null);
  if (fault !== undefined || phase === 'during') return spans;
  const chosen =
    phase === 'before'
      ? spans.toSorted((one, other) => one.fromUs - other.fromUs)[0]
      : spans.toSorted((one, other) => other.toUs - one.toUs)[0];
  return chosen === undefined ? [] : [chosen];
}

/** The arrivals planned inside any of the spans. */
export function arrivalsIn(arrivals: readonly Arrival[], spans: readonly Span[]): readonly Arrival[] {
  return arrivals.filter((arrival) =>
    spans.some((entry) => arrival.plannedUs >= entry.fromUs && arrival.plannedUs < entry.toUs),
  );
}

function endOf(fault: FaultInterval, history: History): number {
  return fault.liftedUs ?? history.durationUs;
}

function span(fromUs: number, toUs: number): Span | null {
  return toUs > fromUs ? { fromUs, toUs } : null;
}
