/** How callers lived through each fault: milestones, who served them second by second, what was lost. Pure. */
import { type Arrival, arrivalsOf } from '../../lib/measure/arrivals.ts';
import { callerMilestonesOf } from '../../lib/measure/caller-milestones.ts';
import type { FaultInterval } from '../../lib/measure/fault-intervals.ts';
import { groupsOf, type History } from '../../lib/measure/history.ts';
import { type Estimate, wilson } from '../../lib/measure/intervals.ts';
import {
  affectedCallers,
  affectedGroups,
  type Milestone,
  type MilestoneName,
  milestonesOf,
} from '../../lib/measure/milestones.ts';
import { windowsOf } from '../../lib/measure/windows.ts';
import type { TimeAxis } from '../page/time-axis.ts';
import { lastSeenUs, type Wait, waitOf } from './waits.ts';

export interface FailoverModel {
  readonly journeys: readonly Journey[];
  readonly shares: readonly GroupShares[];
  readonly success: readonly SuccessBucket[];
  readonly losses: readonly GroupLosses[];
  /** All samples are there; otherwise what is missing may only be unknown. */
  readonly complete: boolean;
}

/** A group that a fault took its first choice from. */
export interface Journey {
  readonly fault: string;
  readonly faultTitle: string;
  readonly group: string;
  readonly location: string;
  readonly policy: string;
  readonly callers: number;
  readonly appliedUs: number | null;
  readonly liftedUs: number | null;
  /** End of the load: what came later nobody saw. */
  readonly loadEndedUs: number;
  /** How long attempts that the fault made fail were under way; null when none failed. */
  readonly wait: Wait | null;
  /** No attempt of these callers has a time limit: only the other side could end their wait. */
  readonly unlimited: boolean;
  readonly steps: readonly Step[];
  /** States of the group one after another, from its milestones. */
  readonly lane: readonly LaneSegment[];
}

export interface Step {
  readonly milestone: Milestone;
  /** What the time is counted from: the fault in force up to failedOver, its lift from then on. */
  readonly since: 'applied' | 'lifted';
  /** Microseconds since then; null without that moment. */
  readonly afterUs: number | null;
  /** The same for each caller that got there, sorted. The milestone of the group is the first. */
  readonly callersAfterUs: readonly number[];
}

/** `waiting`: the first attempts that were to fail are under way, and nobody knows yet. */
export type LaneState = 'home' | 'waiting' | 'failing' | 'elsewhere';

export interface LaneSegment {
  readonly state: LaneState;
  readonly fromUs: number;
  readonly toUs: number;
}

/** Arrivals of a group by who served them. */
export interface GroupShares {
  readonly group: string;
  readonly location: string;
  readonly buckets: readonly ShareBucket[];
}

export interface ShareBucket {
  readonly planned: number;
  readonly byRegion: Readonly<Record<string, number>>;
  /** Failed or indeterminate. */
  readonly lost: number;
  readonly dropped: number;
}

export interface SuccessBucket {
  /** Arrivals that were sent. */
  readonly n: number;
  readonly ok: number;
  readonly share: Estimate | null;
}

export interface GroupLosses {
  readonly group: string;
  readonly planned: number;
  readonly ok: number;
  readonly failed: number;
  readonly indeterminate: number;
  readonly dropped: number;
  /** Lost requests among those sent. */
  readonly lostShare: Estimate | null;
  /** Codes of lost requests, most frequent first. */
  readonly codes: readonly { readonly code: string; readonly count: number }[];
  /** Arrivals by number of attempts: index 0 is one attempt. */
  readonly byAttempts: readonly number[];
}

export function failoverModel(history: History, axis: TimeAxis): FailoverModel {
  const arrivals = arrivalsOf(history);
  const groupOf = (arrival: Arrival): string => history.callers.get(arrival.caller)?.group ?? '';
  const groups = groupsOf(history);
  return {
    complete: history.complete,
    journeys: journeysOf(history),
    shares: groups.map((group) => ({
      group,
      location: locationOf(history, group),
      buckets: sharesOf(
        arrivals.filter((arrival) => groupOf(arrival) === group),
        axis,
      ),
    })),
    success: sharesOf(arrivals, axis).map(({ planned, lost, dropped }) => {
      const n = planned - dropped;
      return { n, ok: n - lost, share: wilson(n - lost, n) };
    }),
    losses: groups.map((group) =>
      lossesOf(
        group,
        arrivals.filter((arrival) => groupOf(arrival) === group),
      ),
    ),
  };
}

function journeysOf(history: History): readonly Journey[] {
  const milestones = milestonesOf(history);
  return history.faults.flatMap((fault) =>
    affectedGroups(history, fault).map((group): Journey => {
      const callers = affectedCallers(history, fault).filter((caller) => caller.group === group);
      const each = callerMilestonesOf(history, fault, callers);
      const wait = waitOf(history, fault, callers);
      const own = milestones.filter((entry) => entry.fault === fault.name && entry.group === group);
      return {
        fault: fault.name,
        faultTitle: fault.title,
        group,
        location: locationOf(history, group),
        policy: callers[0]?.policy ?? '',
        callers: callers.length,
        appliedUs: fault.appliedUs,
        liftedUs: fault.liftedUs,
        loadEndedUs: history.durationUs,
        wait,
        unlimited: callers.every(({ attemptTimeLimitMs }) => attemptTimeLimitMs === null),
        steps: own.map((milestone) => {
          const marks = each.filter((mark) => mark.name === milestone.name).map((mark) => mark.atUs);
          return stepOf(fault, milestone, marks);
        }),
        lane: laneOf(own, wait, lastSeenUs(history, callers)),
      };
    }),
  );
}

const SINCE_LIFT: readonly MilestoneName[] = ['lifted', 'failedBack', 'steady'];

function stepOf(fault: FaultInterval, milestone: Milestone, callersAtUs: readonly number[]): Step {
  const since = SINCE_LIFT.includes(milestone.name) ? 'lifted' : 'applied';
  // The lift itself is told from the start of the fault: that is how long the fault was on.
  const fromUs = since === 'applied' || milestone.name === 'lifted' ? fault.appliedUs : fault.liftedUs;
  return {
    milestone,
    since: milestone.name === 'lifted' ? 'applied' : since,
    afterUs: fromUs === null ? null : milestone.atMs * 1_000 - fromUs,
    callersAfterUs: fromUs === null ? [] : callersAtUs.map((atUs) => atUs - fromUs).toSorted((a, b) => a - b),
  };
}

/** Which state a milestone leads into; the others change nothing that a caller could see. */
const LEADS_TO: Partial<Record<MilestoneName, LaneState>> = {
  firstFailure: 'failing',
  failedOver: 'elsewhere',
  failedBack: 'home',
  steady: 'home',
};

/** A shorter wait than this is not worth a state of its own. */
const NOTICED_US = 100_000;

function laneOf(
  milestones: readonly Milestone[],
  wait: Wait | null,
  durationUs: number,
): readonly LaneSegment[] {
  const lane: LaneSegment[] = [];
  let state: LaneState = 'home';
  let fromUs = 0;
  const close = (toUs: number, next: LaneState): void => {
    if (next === state) return;
    if (toUs > fromUs) lane.push({ state, fromUs, toUs });
    state = next;
    fromUs = toUs;
  };
  const turns = milestones.map(({ name, atMs }) => ({ atUs: atMs * 1_000, next: LEADS_TO[name] }));
  const failure = milestones.find(({ name }) => name === 'firstFailure');
  if (wait !== null && failure !== undefined && failure.atMs * 1_000 - wait.fromUs >= NOTICED_US) {
    turns.push({ atUs: wait.fromUs, next: 'waiting' });
  }
  for (const { atUs, next } of turns.toSorted((one, other) => one.atUs - other.atUs)) {
    close(Math.min(atUs, durationUs), next ?? state);
  }
  if (durationUs > fromUs) lane.push({ state, fromUs, toUs: durationUs });
  return lane;
}

function sharesOf(arrivals: readonly Arrival[], axis: TimeAxis): readonly ShareBucket[] {
  const rows = windowsOf(arrivals, { durationUs: axis.durationUs, widthUs: axis.bucketUs });
  return rows.map(({ planned, failed, indeterminate, dropped, byServingRegion }) => ({
    planned,
    byRegion: byServingRegion,
    lost: failed + indeterminate,
    dropped,
  }));
}

function lossesOf(group: string, arrivals: readonly Arrival[]): GroupLosses {
  const counts = { ok: 0, failed: 0, indeterminate: 0, dropped: 0 };
  const codes = new Map<string, number>();
  const byAttempts: number[] = [];
  for (const { outcome, errorCode, endpoints } of arrivals) {
    counts[outcome] += 1;
    if (outcome === 'dropped') continue;
    if (outcome !== 'ok') codes.set(errorCode, (codes.get(errorCode) ?? 0) + 1);
    for (let made = byAttempts.length; made < endpoints.length; made += 1) byAttempts.push(0);
    byAttempts[endpoints.length - 1] = (byAttempts[endpoints.length - 1] ?? 0) + 1;
  }
  const lost = counts.failed + counts.indeterminate;
  return {
    group,
    planned: arrivals.length,
    ...counts,
    lostShare: wilson(lost, arrivals.length - counts.dropped),
    codes: [...codes]
      .map(([code, count]) => ({ code, count }))
      .toSorted((one, other) => other.count - one.count),
    byAttempts,
  };
}

function locationOf(history: History, group: string): string {
  const locations = new Set(
    [...history.callers.values()].filter((caller) => caller.group === group).map((caller) => caller.location),
  );
  return [...locations].join(', ');
}
