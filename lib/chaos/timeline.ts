/**
 * Turns faults into timed steps; touches nothing. What is applied is lifted, later, and among steps of one instant
 * lifting comes first and runs in the reverse order of applying.
 *
 *     at − lead        at        at + ramp       at + for
 *     prepare ──────▶ apply ┄grows┄ full ═ holds ═▶ lift
 *     (journal, probe before)      (probe)          (then probe after, until healthy)
 */

import { expandFaults } from './expand-faults.ts';
import type { FaultPlan, WorldView } from './fault-kind.ts';
import { type FaultSpec, planFault, titleOfFault } from './fault-kinds.ts';

export interface PlannedFault {
  readonly name: string;
  /** The fault of the scenario that this is a part of. */
  readonly group?: string;
  readonly faultKind: string;
  readonly title: string;
  /** Microseconds of the run. */
  readonly fromUs: number;
  readonly toUs: number;
  /** When it has its full strength; absent: from the start. */
  readonly fullUs?: number;
  readonly plan: FaultPlan;
}

export interface TimelineStep {
  readonly action: 'prepare' | 'apply' | 'lift';
  readonly atUs: number;
  readonly fault: string;
}

export interface Timeline {
  /** In the order of applying. */
  readonly faults: readonly PlannedFault[];
  /** In the order of time. */
  readonly steps: readonly TimelineStep[];
}

/** Time for the probes that show a healthy path before anything is broken. */
const LEAD_US = 3_000_000;

/**
 * @param durationUs Length of the load. Faults end with it at the latest; one that would begin after it does not
 *   take place (validation refuses both before a run).
 */
export function timelineOf(faults: readonly FaultSpec[], durationUs: number, view: WorldView): Timeline {
  const planned = expandFaults(faults)
    .map(({ spec, toUs, ...instance }) => ({
      ...instance,
      faultKind: spec.kind,
      title: titleOfFault(spec),
      toUs: Math.min(toUs, durationUs),
      plan: planFault(spec, view),
    }))
    .filter((fault) => fault.toUs > fault.fromUs)
    .toSorted((one, other) => one.fromUs - other.fromUs);
  return { faults: planned, steps: stepsOf(planned) };
}

type Timed = Pick<PlannedFault, 'name' | 'fromUs' | 'toUs'> & {
  readonly plan?: Pick<FaultPlan, 'lookMs'>;
};

/** @param faults In the order of applying. */
export function stepsOf(faults: readonly Timed[]): TimelineStep[] {
  const rank = { lift: 0, prepare: 1, apply: 2 } as const;
  return faults
    .flatMap(({ name, fromUs, toUs, plan }, order) => [
      {
        action: 'prepare' as const,
        atUs: Math.max(0, fromUs - LEAD_US - (plan?.lookMs ?? 0) * 1_000),
        fault: name,
        tie: order,
      },
      { action: 'apply' as const, atUs: fromUs, fault: name, tie: order },
      { action: 'lift' as const, atUs: toUs, fault: name, tie: -order },
    ])
    .toSorted(
      (one, other) => one.atUs - other.atUs || rank[one.action] - rank[other.action] || one.tie - other.tie,
    )
    .map(({ action, atUs, fault }) => ({ action, atUs, fault }));
}
