/**
 * The story of a fault as its callers lived it: first failure, first turn elsewhere, first success there, the lift,
 * first success at home, steady again; each with an uncertainty that names its parts.
 */
import type { CallerRecord } from '../journal/event.ts';
import { arrivalsOf } from './arrivals.ts';
import { type CallerMilestone, callerMilestonesOf } from './caller-milestones.ts';
import type { FaultInterval } from './fault-intervals.ts';
import { faultedLinks, groupsOf, type History, homeLink, linkOf } from './history.ts';
import { steadyArrival } from './steady.ts';

export const MILESTONE_NAMES = [
  'firstFailure',
  'detected',
  'failedOver',
  'lifted',
  'failedBack',
  'steady',
] as const;

/**
 * - `firstFailure`: end of the first failed or indeterminate attempt over a faulted link after the fault was ordered;
 * - `detected`: start of the first attempt that went elsewhere after the same caller's first failure;
 * - `failedOver`: end of the first success elsewhere;
 * - `lifted`: the lift of the fault, confirmed;
 * - `failedBack`: end of the first success over the home link after the lift, of an operation that had failed;
 * - `steady`: end of the first success from which on every window of 1 s has at least 99 % successes, all at home;
 *   windows start at every arrival, so their width adds no uncertainty.
 */
export type MilestoneName = (typeof MILESTONE_NAMES)[number];

export interface Milestone {
  readonly fault: string;
  readonly name: MilestoneName;
  /** The group that lived it. */
  readonly group: string;
  /** The caller that was first; empty for `lifted`. */
  readonly caller: string;
  /** Milliseconds of the run. */
  readonly atMs: number;
  /** Sum of the parts, either way, in milliseconds. */
  readonly uncertaintyMs: number;
  readonly parts: UncertaintyParts;
  /** Row of the sample that marks it, for its request id; null for `lifted`. */
  readonly row: number | null;
}

/** In milliseconds; what does not apply is 0. */
export interface UncertaintyParts {
  /**
   * How long the order that the milestone is measured from took to be confirmed: applying it up to `failedOver`,
   * lifting it from `lifted` on. The fault began or ended somewhere inside.
   */
  readonly orderMs: number;
  /** Mean time between two arrivals that could have noticed: 1/(n·r) for n callers with r arrivals a second. */
  readonly arrivalMs: number;
  /** Scheduling and reading of timers on both sides: as late as the generator was seen to be around that moment. */
  readonly timerMs: number;
  /** Round trip of the link: what the caller sees at the end of an answer left the service up to that long ago. */
  readonly roundTripMs: number;
}

/** At least; measured on a quiet Linux machine between processes: 0.1 to 1 ms. The upper end is taken. */
const TIMER_ERROR_MS = 1;

const SECOND_US = 1_000_000;

/** Those that were reached, per fault and affected group, in the order of {@link MILESTONE_NAMES}. */
export function milestonesOf(history: History): readonly Milestone[] {
  return history.faults.flatMap((fault) =>
    affectedGroups(history, fault).flatMap((group) => milestonesOfGroup(history, fault, group)),
  );
}

/** Groups with callers whose way to their first choice is among the fault's links. */
export function affectedGroups(history: History, fault: FaultInterval): readonly string[] {
  const affected = new Set(affectedCallers(history, fault).map((caller) => caller.group));
  return groupsOf(history).filter((group) => affected.has(group));
}

export function affectedCallers(history: History, fault: FaultInterval): readonly CallerRecord[] {
  const links = faultedLinks(history, fault);
  return [...history.callers.values()].filter((caller) => links.has(homeLink(history, caller)?.id ?? ''));
}

/**
 * The parts for a milestone that `row` marks, when `arrivals` of all that were planned could have shown it.
 * Exported for figures per caller, whose arrivals are fewer than their group's.
 */
export function uncertaintyOf(
  history: History,
  fault: FaultInterval,
  name: MilestoneName,
  row: number | null,
  arrivals: number,
): UncertaintyParts {
  const after = name === 'lifted' || name === 'failedBack' || name === 'steady';
  const orderUs = after
    ? (fault.liftedUs ?? 0) - (fault.liftedRequestedUs ?? 0)
    : (fault.appliedUs ?? 0) - (fault.appliedRequestedUs ?? 0);
  const { samples } = history;
  const link = row === null ? undefined : linkOf(history, samples.location.at(row), samples.endpoint.at(row));
  return {
    orderMs: orderUs / 1_000,
    arrivalMs: row === null || arrivals === 0 ? 0 : history.durationUs / 1_000 / arrivals,
    timerMs: timerErrorMs(history, row === null ? (fault.liftedUs ?? 0) : (samples.endedUs[row] ?? 0)),
    roundTripMs: link?.roundTripMs ?? 0,
  };
}

/**
 * How late timers were around a moment: the worst lateness of an arrival's start within a second of it, which is what
 * the machine did to every process of the run alike.
 */
function timerErrorMs(history: History, atUs: number): number {
  const starts = arrivalsOf(history).filter(
    ({ outcome, plannedUs }) => outcome !== 'dropped' && Math.abs(plannedUs - atUs) <= SECOND_US,
  );
  return Math.max(
    TIMER_ERROR_MS,
    ...starts.map(({ startedUs, plannedUs }) => (startedUs - plannedUs) / 1_000),
  );
}

export function sumOfParts(parts: UncertaintyParts): number {
  return parts.orderMs + parts.arrivalMs + parts.timerMs + parts.roundTripMs;
}

function milestonesOfGroup(history: History, fault: FaultInterval, group: string): Milestone[] {
  const callers = affectedCallers(history, fault).filter((caller) => caller.group === group);
  const arrivals = countArrivals(history, new Set(callers.map((caller) => caller.name)));
  const each = callerMilestonesOf(history, fault, callers);
  const reached: Milestone[] = [];
  for (const name of MILESTONE_NAMES) {
    const found = name === 'lifted' ? liftOf(fault) : firstOf(history, fault, callers, each, name);
    if (found === undefined) continue;
    const parts = uncertaintyOf(history, fault, name, found.row, arrivals);
    reached.push({
      fault: fault.name,
      name,
      group,
      caller: found.caller,
      atMs: found.atUs / 1_000,
      uncertaintyMs: sumOfParts(parts),
      parts,
      row: found.row,
    });
  }
  return reached;
}

interface Mark {
  readonly atUs: number;
  readonly caller: string;
  readonly row: number | null;
}

function liftOf(fault: FaultInterval): Mark | undefined {
  return fault.liftedUs === null ? undefined : { atUs: fault.liftedUs, caller: '', row: null };
}

function firstOf(
  history: History,
  fault: FaultInterval,
  callers: readonly CallerRecord[],
  each: readonly CallerMilestone[],
  name: Exclude<MilestoneName, 'lifted'>,
): Mark | undefined {
  if (name !== 'steady') {
    const marks = each.filter((mark) => mark.name === name);
    return marks.toSorted((one, other) => one.atUs - other.atUs)[0];
  }
  const arrival = steadyArrival(history, fault, callers);
  return arrival === undefined
    ? undefined
    : { atUs: arrival.endedUs, caller: arrival.caller, row: arrival.rows.at(-1) ?? null };
}

function countArrivals(history: History, callers: ReadonlySet<string>): number {
  return arrivalsOf(history).filter((arrival) => callers.has(arrival.caller)).length;
}
