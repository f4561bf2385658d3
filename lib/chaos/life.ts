/** One fault between its preparation and its last probe, and the faults in force beside it. */

import type { Elapsed } from './proof.ts';
import type { PlannedFault } from './timeline.ts';

export interface Life {
  readonly fault: PlannedFault;
  readonly preparedUs: number;
  /** Ends the look at the healthy path: a fault is not late because a probe is. */
  readonly begin: AbortController;
  /** Ends its growth, the proof that it bites, and the renewal of its lease. */
  readonly over: AbortController;
  readonly lifted: { readonly promise: Promise<void>; resolve(): void };
  before: Promise<Before>;
  during: Promise<boolean>;
  healed: Promise<boolean>;
}

/** What was seen of a path before a fault was applied. */
export interface Before {
  readonly elapsedMs: Elapsed;
  /** Other faults that held the path then: it was not healthy, and what it took is theirs too. */
  readonly beside: readonly Life[];
}

export function lifeOf(fault: PlannedFault, preparedUs: number): Life {
  return {
    fault,
    preparedUs,
    begin: new AbortController(),
    over: new AbortController(),
    lifted: Promise.withResolvers<void>(),
    before: Promise.resolve({ elapsedMs: new Map(), beside: [] }),
    during: Promise.resolve(false),
    healed: Promise.resolve(true),
  };
}

/** Whether one fault can be felt where the other is looked at. */
export function sharePath(one: PlannedFault, other: PlannedFault): boolean {
  return one.plan.links.some((link) => other.plan.links.includes(link));
}
