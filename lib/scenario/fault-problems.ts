/** Second layer, the faults: whether they fit into the load, and whether they hit anything of this world. Pure. */

import { hostOfEndpointName } from '../aws/endpoints.ts';
import type { FaultPlan, WorldView } from '../chaos/fault-kind.ts';
import { checkFault, planFault, type SingleFault } from '../chaos/fault-kinds.ts';
import { defaultAccounts } from '../identity/world-accounts.ts';
import { formatDurationUs } from '../time/duration.ts';
import type { Draft } from './draft.ts';
import type { DraftFault, DraftSingle } from './draft-faults.ts';
import { type DraftWorld, endpointProblems, regionProblems } from './endpoint-problems.ts';
import { faultTimeProblems, lengthOf, microseconds } from './fault-time-problems.ts';
import { faultWorldProblems } from './fault-world-problems.ts';
import { hiddenFaultProblems } from './hidden-fault-problems.ts';
import { duplicateNames, namesOf, unknownName } from './name-problems.ts';
import { plannedLinks } from './planned-links.ts';
import type { Problem } from './problem.ts';
import { partitionsOf } from './world-problems.ts';

export function faultProblems(draft: Draft, world: DraftWorld): readonly Problem[] {
  const view = viewOf(draft, world);
  const problems = [
    ...draft.faults.flatMap((fault) => [
      ...faultTimeProblems(fault, draft.duration),
      ...fault.singles.flatMap((single) => singleProblems(single, fault, draft, world, view)),
      ...duplicateNames(
        fault.singles.flatMap(({ place, part }) => (part === undefined ? [] : [{ place, name: part.name }])),
      ),
    ]),
    ...duplicateNames(draft.faults),
  ];
  // How faults lie beside each other is only worth a look when each is right by itself.
  return problems.length > 0 || view === undefined ? problems : hiddenFaultProblems(draft.faults, view);
}

/** The world as far as faults are planned on it; undefined while nobody is known to stand anywhere. */
function viewOf(draft: Draft, world: DraftWorld): WorldView | undefined {
  const locations = draft.groups.flatMap((group) => group.location ?? []);
  if (locations.length === 0) return undefined;
  const named = draft.faults.flatMap(({ singles }) => singles.flatMap(({ target }) => target.endpoint ?? []));
  return {
    regions: world.regions,
    accounts: accountsOf(world),
    links: plannedLinks({
      ...world,
      locations,
      endpoints: [...draft.groups.flatMap((group) => group.endpoints.map(({ name }) => name)), ...named],
      controlPlanes: partitionsOf(world),
    }),
    groups: draft.groups.flatMap(({ name, location, partition, endpoints }) => {
      if (name === undefined || location === undefined) return [];
      return [{ name, location, partition, hosts: endpoints.map((asked) => hostOfEndpointName(asked.name)) }];
    }),
    replicaDelayMsMax: draft.replicaDelayMsMax ?? world.era.replicaDelayMs.maximum,
    // Decides what a share falls on, and not whether a fault hits.
    seed: 0,
  };
}

function singleProblems(
  single: DraftSingle,
  fault: DraftFault,
  draft: Draft,
  world: DraftWorld,
  view: WorldView | undefined,
): readonly Problem[] {
  const { place, spec } = single;
  const problems = [
    ...targetProblems(single, draft, world),
    ...(spec === undefined ? [] : checkFault(spec)).map((problem) => ({
      ...problem,
      place: `${place}.${problem.place}`,
    })),
  ];
  // That it misses as a whole is only worth saying when each of its words is right.
  if (problems.length > 0 || spec === undefined || view === undefined) return problems;
  const plan = planFault(spec, view);
  if (plan.links.length === 0) return [missProblem(single, spec, world)];
  return [
    ...faultWorldProblems(single, plan, draft, world),
    ...proofProblems(place, spec, plan, world),
    ...seenProblems(single, fault, plan),
  ];
}

function targetProblems(
  { place: above, target }: DraftSingle,
  draft: Draft,
  world: DraftWorld,
): readonly Problem[] {
  const { region, endpoint, location, account, group } = target;
  const place = `${above}.target`;
  const locations = draft.groups.flatMap((known) => known.location ?? []);
  const accounts = accountsOf(world).map(({ id }) => id);
  return [
    ...(region === undefined ? [] : regionProblems(region, `${place}.region`, world)),
    ...(endpoint === undefined ? [] : endpointProblems(endpoint, `${place}.endpoint`, world)),
    ...unknownName(location, `${place}.location`, locations, 'location of callers'),
    ...unknownName(account, `${place}.account`, accounts, 'account in this world'),
    ...unknownName(group, `${place}.group`, namesOf(draft.groups), 'group'),
  ];
}

/** Why a fault of a kind may hit nothing, where that is not for want of callers who ask. */
const MISSES: Readonly<Partial<Record<SingleFault['kind'], readonly [message: string, hint: string]>>> = {
  'token-version': [
    'no callers of this scenario ask both the global endpoint and an opt-in Region',
    'add global: true and an opt-in Region such as ap-east-1, and let groups of one location ask both',
  ],
  'replica-stale': ['no caller of this scenario asks this Region', 'let a group ask it'],
  'opt-in-withdrawn': ['no caller of this scenario asks this Region', 'let a group ask it'],
  certificate: [
    'no caller asks a name that this target has for itself alone',
    "name the endpoint ('global' is served by several Regions), or let a group ask it",
  ],
  names: [
    'no such caller looks up a name that this target has for itself alone',
    "name the endpoint ('global' is served by several Regions), or widen the target",
  ],
  'clock-skew': ['no caller of this scenario is meant by it', 'widen the target'],
};

function missProblem({ place, target }: DraftSingle, spec: SingleFault, world: DraftWorld): Problem {
  const [message, hint] =
    spec.kind === 'control-plane-down'
      ? [
          'no Region of this scenario belongs to that partition',
          `write one of ${partitionsOf(world).join(', ')}`,
        ]
      : (MISSES[spec.kind] ?? [
          'no caller of this scenario asks what it takes away',
          'widen the target, or let a group ask it',
        ]);
  return { place: `${place}.target`, value: target, message: `hits nothing: ${message}`, hint };
}

/** Probes that are no single action of STS; what they are made of is as old as they need it. */
const COMPOUND: readonly string[] = ['ControlPlaneRead', 'NewKeyArrives', 'UseGlobalToken'];

/** A run whose fault nobody could see to bite would only be undecided. */
function proofProblems(
  place: string,
  { kind }: SingleFault,
  { probes }: FaultPlan,
  { era }: DraftWorld,
): readonly Problem[] {
  const unknown = probes.find(
    ({ operation }) => !COMPOUND.includes(operation) && !era.actions.has(operation),
  )?.operation;
  if (unknown === undefined) return [];
  return [
    {
      place: `${place}.kind`,
      value: kind,
      message: `it is proved with ${unknown}, which STS did not know in the era ${era.name}`,
      hint: 'write a later era, or take another kind of fault',
    },
  ];
}

/** What is over before it could be counted on to show itself. */
function seenProblems(
  single: DraftSingle,
  fault: DraftFault,
  { leastMs = 0 }: FaultPlan,
): readonly Problem[] {
  const lengthUs = lengthOf(single, fault.for);
  const fullUs = (lengthUs ?? 0) - (microseconds(single.ramp) ?? 0);
  if (lengthUs === undefined || fullUs <= 0 || fullUs >= leastMs * 1_000) return [];
  const own = single.part?.for !== undefined;
  return [
    {
      place: `${own ? single.place : fault.place}.for`,
      value: own ? single.part?.for : fault.for,
      message: `too short to be seen for certain at its full strength, which takes ${formatDurationUs(leastMs * 1_000)}`,
      hint: 'let it last longer, or fall on a larger share',
    },
  ];
}

/** The seed of a run decides keys, not account numbers. */
function accountsOf(world: DraftWorld): readonly { readonly id: string; readonly partition: string }[] {
  return defaultAccounts(partitionsOf(world), 0).map(({ id, partition }) => ({ id, partition }));
}
