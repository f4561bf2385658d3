/**
 * Turns faults into timed steps; touches nothing. What is applied is lifted, later, and among steps of one instant
 * lifting comes first and runs in the reverse order of applying.
 *
 *     at − lead        at                       at + for
 *     prepare ──────▶ apply ═══ fault holds ═══▶ lift
 *     (journal, probe before)                   (then probe after, until healthy)
 */

import { durationUs as parseDuration } from '../time/duration.ts';
import type { FaultPlan, WorldView } from './fault-kind.ts';
import { type FaultSpec, planFault, titleOfFault } from './fault-kinds.ts';

export interface PlannedFault {
  readonly name: string;
  readonly faultKind: string;
  readonly title: string;
  /** Microseconds of the run. */
  readonly fromUs: number;
  readonly toUs: number;
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
  const planned = faults
    .map((spec) => {
      const fromUs = parseDuration(spec.at);
      return {
        name: spec.name,
        faultKind: spec.kind,
        title: titleOfFault(spec),
        fromUs,
        toUs: Math.min(fromUs + parseDuration(spec.for), durationUs),
        plan: planFault(spec, view),
      };
    })
    .filter((fault) => fault.toUs > fault.fromUs)
    .toSorted((one, other) => one.fromUs - other.fromUs);
  return { faults: planned, steps: stepsOf(planned) };
}

/** @param faults In the order of applying. */
export function stepsOf(faults: readonly Pick<PlannedFault, 'name' | 'fromUs' | 'toUs'>[]): TimelineStep[] {
  const rank = { lift: 0, prepare: 1, apply: 2 } as const;
  return faults
    .flatMap((fault, order) => [
      {
        action: 'prepare' as const,
        atUs: Math.max(0, fault.fromUs - LEAD_US),
        fault: fault.name,
        tie: order,
      },
      { action: 'apply' as const, atUs: fault.fromUs, fault: fault.name, tie: order },
      { action: 'lift' as const, atUs: fault.toUs, fault: fault.name, tie: -order },
    ])
    .toSorted(
      (one, other) => one.atUs - other.atUs || rank[one.action] - rank[other.action] || one.tie - other.tie,
    )
    .map(({ action, atUs, fault }) => ({ action, atUs, fault }));
}
