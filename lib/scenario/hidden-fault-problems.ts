/**
 * Second layer, faults beside each other: one that another hides for all its time could never be seen to bite, and the
 * run would only be undecided. Pure.
 */

import { expandFaults, type FaultInstance } from '../chaos/expand-faults.ts';
import type { FaultPlan, WorldView } from '../chaos/fault-kind.ts';
import { planFault } from '../chaos/fault-kinds.ts';
import type { DraftFault } from './draft-faults.ts';
import type { Problem } from './problem.ts';

/** How early in a call a fault ends it: a greater one hides a lesser on the same link. Kinds not listed come last. */
const EARLINESS: Readonly<Record<string, number>> = {
  names: 7,
  refused: 6,
  unreachable: 5,
  silence: 4,
  'one-way': 4,
  reset: 3,
  certificate: 2,
  'cut-short': 1,
};

interface Shown {
  readonly place: string;
  readonly instance: FaultInstance;
  readonly plan: FaultPlan;
}

/** At most one problem for each fault or part. @param view As far as it is known before a world is open. */
export function hiddenFaultProblems(faults: readonly DraftFault[], view: WorldView): readonly Problem[] {
  const shown = faults.flatMap((fault) => shownOf(fault, view));
  const found = new Map<string, Problem>();
  for (const one of shown) {
    const other = shown.find((candidate) => hides(candidate, one));
    if (other === undefined || found.has(one.place)) continue;
    found.set(one.place, {
      place: `${one.place}.kind`,
      value: one.instance.spec.kind,
      message: `could never be seen to bite: '${other.instance.name}' ends every call before it, all the while`,
      hint: 'let it begin earlier or end later than that, or leave one of them out',
    });
  }
  return [...found.values()];
}

/** Occurrences come after each other, and in each the parts in their order. */
function shownOf({ spec, singles }: DraftFault, view: WorldView): readonly Shown[] {
  if (spec === undefined) return [];
  return expandFaults([spec]).flatMap((instance, index) => {
    const place = singles[index % singles.length]?.place;
    return place === undefined ? [] : [{ place, instance, plan: planFault(instance.spec, view) }];
  });
}

function hides(other: Shown, one: Shown): boolean {
  const rank = ({ instance: { spec } }: Shown): number => EARLINESS[spec.kind] ?? 0;
  if (rank(other) <= rank(one)) return false;
  const { fromUs, fullUs = fromUs, toUs } = one.instance;
  if (other.instance.fromUs > fullUs || other.instance.toUs < toUs) return false;
  // A share of calls gets through. Who is not among the callers looks names up as ever; who is may be hit by both.
  const certain = other.plan.probes.every(({ looksToHeal }) => looksToHeal === 1);
  const ofCallers = ({ plan }: Shown): boolean =>
    plan.probes.some(({ asCallers }) => asCallers !== undefined);
  return (
    certain &&
    (!ofCallers(other) || ofCallers(one)) &&
    one.plan.probes.some(({ link }) => other.plan.links.includes(link))
  );
}
