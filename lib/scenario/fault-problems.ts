/** Second layer, the faults: whether they fit into the load, and whether they hit anything of this world. Pure. */

import { checkFault, planFault } from '../chaos/fault-kinds.ts';
import { defaultAccounts } from '../identity/world-accounts.ts';
import { parseDurationUs } from '../time/duration.ts';
import type { Draft, DraftFault } from './draft.ts';
import { type DraftWorld, endpointProblems, regionProblems } from './endpoint-problems.ts';
import { duplicateNames, unknownName } from './name-problems.ts';
import { plannedLinks } from './planned-links.ts';
import type { Problem } from './problem.ts';
import { partitionsOf } from './world-problems.ts';

export function faultProblems(draft: Draft, world: DraftWorld): readonly Problem[] {
  return [
    ...draft.faults.flatMap((fault) => [
      ...timeProblems(fault, draft),
      ...targetProblems(fault, draft, world),
    ]),
    ...duplicateNames(draft.faults),
  ];
}

function timeProblems(fault: DraftFault, draft: Draft): readonly Problem[] {
  const lengthUs = microseconds(fault.for);
  const fromUs = microseconds(fault.at);
  const loadUs = microseconds(draft.duration);
  const problem = (field: 'at' | 'for', message: string, hint: string): readonly Problem[] => [
    { place: `${fault.place}.${field}`, value: fault[field], message, hint },
  ];
  if (lengthUs === 0) return problem('for', 'lasts no time at all', 'write more');
  if (loadUs === undefined || fromUs === undefined) return [];
  const hint = `the load lasts ${draft.duration}: let the fault end before that, or make load.duration longer`;
  if (fromUs >= loadUs) return problem('at', 'begins when the load has ended', hint);
  if (fromUs + (lengthUs ?? 0) > loadUs) return problem('for', 'lasts longer than the load', hint);
  return [];
}

function microseconds(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDurationUs(text);
}

function targetProblems(fault: DraftFault, draft: Draft, world: DraftWorld): readonly Problem[] {
  const { region, endpoint, location, account } = fault.target;
  const place = `${fault.place}.target`;
  const locations = draft.groups.flatMap((group) => group.location ?? []);
  const accounts = accountsOf(world);
  const problems = [
    ...(region === undefined ? [] : regionProblems(region, `${place}.region`, world)),
    ...(endpoint === undefined ? [] : endpointProblems(endpoint, `${place}.endpoint`, world)),
    ...unknownName(location, `${place}.location`, locations, 'location of callers'),
    ...unknownName(
      account,
      `${place}.account`,
      accounts.map(({ id }) => id),
      'account in this world',
    ),
    ...(fault.spec === undefined ? [] : checkFault(fault.spec)).map((problem) => ({
      ...problem,
      place: `${fault.place}.${problem.place}`,
    })),
  ];
  // That it misses as a whole is only worth saying when each of its words is right.
  if (problems.length > 0 || fault.spec === undefined || locations.length === 0) return problems;
  const endpoints = draft.groups.flatMap((group) => group.endpoints.map(({ name }) => name));
  const links = plannedLinks({
    ...world,
    locations,
    endpoints: endpoint === undefined ? endpoints : [...endpoints, endpoint],
    controlPlanes: partitionsOf(world),
  });
  const plan = planFault(fault.spec, { regions: world.regions, accounts, links });
  if (plan.links.length > 0) return proofProblems(fault, plan.probes, world);
  return [
    {
      place,
      value: fault.target,
      ...(fault.spec.kind === 'control-plane-down'
        ? {
            message: 'hits nothing: no Region of this scenario belongs to that partition',
            hint: `write one of ${partitionsOf(world).join(', ')}`,
          }
        : {
            message: 'hits nothing: no caller of this scenario asks what it takes away',
            hint: 'widen the target, or let a group ask it',
          }),
    },
  ];
}

/** A run whose fault nobody could see to bite would only be undecided. */
function proofProblems(
  { place, spec }: DraftFault,
  probes: readonly { readonly operation: string }[],
  { era }: DraftWorld,
): readonly Problem[] {
  // The control plane is older than STS.
  const unknown = probes.find(
    ({ operation }) => operation !== 'ControlPlaneRead' && !era.actions.has(operation),
  )?.operation;
  if (unknown === undefined) return [];
  return [
    {
      place: `${place}.kind`,
      value: spec?.kind,
      message: `it is proved with ${unknown}, which STS did not know in the era ${era.name}`,
      hint: 'write a later era, or take another kind of fault',
    },
  ];
}

/** The seed of a run decides keys, not account numbers. */
function accountsOf(world: DraftWorld): readonly { readonly id: string; readonly partition: string }[] {
  return defaultAccounts(partitionsOf(world), 0).map(({ id, partition }) => ({ id, partition }));
}
