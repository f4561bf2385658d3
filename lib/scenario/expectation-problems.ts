/** Second layer, the expectations: whether what they speak of exists and can happen at all. Pure. */

import { endpointOfHost, hostOfEndpointName } from '../aws/endpoints.ts';
import { faultNames } from '../chaos/expand-faults.ts';
import type { Draft, DraftExpectation } from './draft.ts';
import type { DraftWorld } from './endpoint-problems.ts';
import { duplicateNames, namesOf, unknownName } from './name-problems.ts';
import type { Problem } from './problem.ts';
import { partitionsOf } from './world-problems.ts';

export function expectationProblems(draft: Draft, world: DraftWorld): readonly Problem[] {
  return [
    ...draft.expectations.flatMap((expected) => [
      ...referenceProblems(expected, draft),
      ...phaseProblems(expected, draft),
      ...recoveryProblems(expected, draft),
      ...wallProblems(expected, draft, world),
    ]),
    ...duplicateNames(draft.expectations),
  ];
}

function referenceProblems(expected: DraftExpectation, draft: Draft): readonly Problem[] {
  const { place, group, fault, operation, act } = expected;
  const asked = draft.groups.find((candidate) => candidate.name === group)?.operations ?? [];
  return [
    ...unknownName(group, `${place}.group`, namesOf(draft.groups), 'group'),
    ...unknownName(fault, `${place}.fault`, faultsNamed(draft, fault), 'fault'),
    ...unknownName(act, `${place}.act`, namesOf(draft.acts), 'act'),
    ...(asked.length === 0
      ? []
      : unknownName(operation, `${place}.operation`, asked, 'operation of this group')),
  ];
}

/**
 * Each occurrence of each fault, groups as a whole. How often a fault comes that cannot be read is anybody's guess: any
 * number will do.
 */
function faultsNamed(draft: Draft, asked: string | undefined): readonly string[] {
  const [, base] = /^(.+)\/\d+$/.exec(asked ?? '') ?? [];
  return draft.faults.flatMap(({ name, spec }) => {
    if (spec !== undefined) return faultNames([spec]);
    if (name === undefined) return [];
    return name === base && asked !== undefined ? [name, asked] : [name];
  });
}

/** Before, during and after are said of faults. */
function phaseProblems({ place, phase, kind }: DraftExpectation, draft: Draft): readonly Problem[] {
  if (draft.faults.length > 0) return [];
  if (phase !== undefined && ['before', 'during', 'after'].includes(phase)) {
    const message = 'there is no fault that it could refer to';
    return [{ place: `${place}.phase`, value: phase, message, nearest: 'all', hint: 'add a fault' }];
  }
  if (kind !== 'isolation') return [];
  const message = 'without a fault there is nothing to be isolated from';
  return [{ place: `${place}.kind`, value: kind, message, hint: 'add a fault' }];
}

function recoveryProblems(expected: DraftExpectation, draft: Draft): readonly Problem[] {
  const { place, kind, milestone, group: name } = expected;
  if (kind !== 'recovery' || milestone === undefined || milestone === 'steady') return [];
  const group = draft.groups.find((candidate) => candidate.name === name);
  if (group === undefined || group.endpoints.length !== 1) return [];
  return [
    {
      place: `${place}.milestone`,
      value: milestone,
      message: `group '${name}' knows one endpoint and never fails over`,
      nearest: 'steady',
      hint: "give the group a policy of kind 'ordered' with several endpoints",
    },
  ];
}

/** A wall that nobody leans against proves nothing. */
function wallProblems(
  { place, kind }: DraftExpectation,
  draft: Draft,
  world: DraftWorld,
): readonly Problem[] {
  if (kind !== 'partition-wall') return [];
  const partitions = partitionsOf(world);
  const problem = (message: string, hint: string): readonly Problem[] => [
    { place: `${place}.kind`, value: kind, message, hint },
  ];
  if (partitions.length < 2) {
    return problem(
      'one partition alone has no wall',
      'add a Region of another partition, such as us-gov-west-1',
    );
  }
  const tried = new Set(
    draft.groups.flatMap((group) =>
      group.endpoints.map(({ name }) =>
        pair(group.partition, endpointOfHost(hostOfEndpointName(name))?.partition),
      ),
    ),
  );
  const untried = partitions
    .flatMap((from) => partitions.filter((to) => to !== from).map((to) => pair(from, to)))
    .filter((candidate) => !tried.has(candidate));
  if (untried.length === 0) return [];
  return problem(`no group shows credentials of ${untried.join(', of ')}`, 'add a group for each pair');
}

function pair(credentials: string, endpoint: string | undefined): string {
  return `${credentials} to an endpoint of ${endpoint}`;
}
