/**
 * Did the Regions outside a fault feel it? Compares callers whose home is such a Region with themselves, before
 * and during the fault. Callers that the fault drove there are left out: they bring the fault with them; so are the
 * times when the Region had a fault of its own: they would blame one fault for the other.
 */
import { type Arrival, arrivalsOf } from './arrivals.ts';
import type { FaultInterval } from './fault-intervals.ts';
import { faultedLinks, type History, homeLink } from './history.ts';
import {
  type Estimate,
  type Ordered,
  ordered,
  quantileChange,
  quantileEstimate,
  shareChange,
  wilson,
} from './intervals.ts';
import { arrivalsIn, PHASE_GUARD_US, type Span, spansOf } from './phases.ts';

export interface IsolationRow {
  readonly fault: string;
  /** Region outside the fault. */
  readonly region: string;
  /** Groups whose callers have their home there and were not hit; empty: nobody watched this Region. */
  readonly groups: readonly string[];
  readonly before: IsolationSide;
  readonly during: IsolationSide;
  /** Share of errors during minus before; null when either side has no arrivals. */
  readonly errorChange: Estimate | null;
  /** p99 of successes during minus before, microseconds; null when either side has too few (368). */
  readonly p99ChangeUs: Estimate | null;
}

export interface IsolationSide {
  /** Arrivals, dropped ones apart. */
  readonly n: number;
  /** Failed or indeterminate in the end. */
  readonly errors: number;
  readonly errorShare: Estimate | null;
  readonly p99Us: Estimate | null;
}

/** For each fault, each Region of the world outside its blast radius. */
export function isolationOf(history: History): readonly IsolationRow[] {
  return history.faults.flatMap((fault) => {
    const hit = new Set(fault.regions);
    const regions = new Set([...history.regions, ...history.links.map((link) => link.servingRegion)]);
    return [...regions].filter((region) => !hit.has(region)).map((region) => rowOf(history, fault, region));
  });
}

function rowOf(history: History, fault: FaultInterval, region: string): IsolationRow {
  const faulted = faultedLinks(history, fault);
  const watchers = [...history.callers.values()].filter((caller) => {
    const home = homeLink(history, caller);
    return home !== undefined && home.servingRegion === region && !faulted.has(home.id);
  });
  const names = new Set(watchers.map((caller) => caller.name));
  const watched = arrivalsOf(history).filter(
    (arrival) => names.has(arrival.caller) && arrival.outcome !== 'dropped',
  );
  const ownFaults = faultsIn(history, region);
  const arrivals = watched.filter((arrival) => arrivalsIn([arrival], ownFaults).length === 0);
  const before = arrivalsIn(arrivals, spansOf(history, 'before', fault.name));
  const during = arrivalsIn(arrivals, spansOf(history, 'during', fault.name));
  return {
    fault: fault.name,
    region,
    groups: [...new Set(watchers.map((caller) => caller.group))],
    before: sideOf(before),
    during: sideOf(during),
    errorChange: shareChange(
      { k: errorsIn(before), n: before.length },
      { k: errorsIn(during), n: during.length },
    ),
    p99ChangeUs: quantileChange(latencies(before), latencies(during), 0.99),
  };
}

/** When a Region had a fault, with the guards of phases around it. */
function faultsIn(history: History, region: string): readonly Span[] {
  return history.faults.flatMap(({ regions, appliedRequestedUs, liftedUs }) =>
    appliedRequestedUs === null || !regions.includes(region)
      ? []
      : [
          {
            fromUs: appliedRequestedUs - PHASE_GUARD_US,
            toUs: (liftedUs ?? history.durationUs) + PHASE_GUARD_US,
          },
        ],
  );
}

function sideOf(arrivals: readonly Arrival[]): IsolationSide {
  const errors = errorsIn(arrivals);
  return {
    n: arrivals.length,
    errors,
    errorShare: wilson(errors, arrivals.length),
    p99Us: quantileEstimate(latencies(arrivals), 0.99),
  };
}

function errorsIn(arrivals: readonly Arrival[]): number {
  return arrivals.filter((arrival) => arrival.outcome !== 'ok').length;
}

function latencies(arrivals: readonly Arrival[]): Ordered {
  return ordered(arrivals.filter((arrival) => arrival.outcome === 'ok').map((arrival) => arrival.latencyUs));
}
