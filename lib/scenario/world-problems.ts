/** Second layer, the world and its load: Regions, callers, what they hold and whom they ask. Pure. */

import { globalServingRegion } from '../aws/global-serving.ts';
import { PARTITIONS, type PartitionName, partitionOfRegion } from '../aws/partitions.ts';
import { region } from '../aws/regions.ts';
import { defaultAccounts } from '../identity/world-accounts.ts';
import { formatDurationUs, parseDurationUs } from '../time/duration.ts';
import type { Draft, DraftGroup } from './draft.ts';
import {
  anyRegionProblems,
  type DraftWorld,
  endpointProblems,
  eraRegionProblems,
} from './endpoint-problems.ts';
import { LIMITS } from './limits.ts';
import { duplicateNames, unknownName } from './name-problems.ts';
import type { Problem } from './problem.ts';

export function worldProblems(draft: Draft, world: DraftWorld): readonly Problem[] {
  return [
    ...regionListProblems(draft, world),
    ...globalProblems(draft, world),
    ...loadProblems(draft),
    ...draft.groups.flatMap((group) => groupProblems(group, world)),
    ...duplicateNames(draft.groups),
  ];
}

/** Partitions of the world's Regions, each once. */
export function partitionsOf(world: DraftWorld): readonly PartitionName[] {
  return [...new Set(world.regions.flatMap((id) => partitionOfRegion(id)?.name ?? []))];
}

function regionListProblems(draft: Draft, { era }: DraftWorld): readonly Problem[] {
  const seen = new Set<string>();
  const problems = draft.regions.flatMap(({ place, id }) => {
    if (seen.has(id)) return [{ place, value: id, message: 'stands here twice', hint: 'remove one' }];
    seen.add(id);
    return eraRegionProblems(id, place, era);
  });
  return [
    ...problems,
    ...above('regions', draft.regions.length, LIMITS.regions, 'Regions', 'leave some out'),
  ];
}

function loadProblems(draft: Draft): readonly Problem[] {
  const rate = draft.groups.reduce((sum, group) => sum + group.ratePerSecond, 0);
  const callers = draft.groups.reduce((sum, group) => sum + group.callers, 0);
  return [
    ...lengthProblems('load.duration', draft.duration, 1_000_000, LIMITS.loadMinutes * 60_000_000),
    ...lengthProblems('load.drain', draft.drain, 0, LIMITS.drainSeconds * 1_000_000),
    ...above('load.groups', draft.groups.length, LIMITS.groups, 'groups', 'join groups that behave alike'),
    ...above('load.groups', callers, LIMITS.callers, 'callers of all groups', 'lower callers'),
    ...above(
      'load.groups',
      rate,
      LIMITS.ratePerSecond,
      'requests a second of all groups',
      'lower ratePerSecond',
    ),
  ];
}

function above(place: string, value: number, limit: number, what: string, hint: string): readonly Problem[] {
  if (value <= limit) return [];
  return [
    { place, value, message: `more than the ${limit} ${what} that one machine can measure well`, hint },
  ];
}

function lengthProblems(
  place: string,
  text: string | undefined,
  leastUs: number,
  mostUs: number,
): readonly Problem[] {
  const us = text === undefined ? undefined : parseDurationUs(text);
  if (us === undefined || (us >= leastUs && us <= mostUs)) return [];
  const [word, boundUs, limit] =
    us > mostUs ? ['longer', mostUs, 'at most'] : ['shorter', leastUs, 'at least'];
  const bound = formatDurationUs(boundUs as number);
  return [{ place, value: text, message: `${word} than ${bound}`, hint: `write ${limit} ${bound}` }];
}

function groupProblems(group: DraftGroup, world: DraftWorld): readonly Problem[] {
  return [
    ...(group.location === undefined ? [] : anyRegionProblems(group.location, `${group.place}.location`)),
    ...group.endpoints.flatMap(({ place, name }) => endpointProblems(name, place, world)),
    ...credentialProblems(group, world),
  ];
}

function credentialProblems(group: DraftGroup, world: DraftWorld): readonly Problem[] {
  const partitions = partitionsOf(world);
  const partition = PARTITIONS.find((known) => known.name === group.partition)?.name;
  // Without one Region that can be read, nothing is known about the accounts.
  if (partition === undefined || partitions.length === 0) return [];
  if (!partitions.includes(partition)) {
    return [
      {
        place: `${group.place}.partition`,
        value: partition,
        message: 'no Region of this partition is in the world, hence no account',
        hint: `add a Region of ${partition}, or hold credentials of ${partitions.join(' or ')}`,
      },
    ];
  }
  const users = defaultAccounts([partition], 0).flatMap((account) => account.users.map((user) => user.name));
  return unknownName(group.principal, `${group.place}.principal`, users, 'user in the account');
}

/** Somebody must serve the global endpoint for every caller. */
function globalProblems(draft: Draft, world: DraftWorld): readonly Problem[] {
  if (!draft.global || world.regions.length === 0) return [];
  const stranded = draft.groups
    .flatMap((group) => group.location ?? [])
    .find(
      (location) =>
        region(location) !== undefined &&
        globalServingRegion(location, world.regions, world.era) === undefined,
    );
  if (stranded === undefined) return [];
  return [
    {
      place: 'global',
      value: true,
      message: `no Region of this world serves the global endpoint for callers in ${stranded}`,
      hint: 'add us-east-1 to regions',
    },
  ];
}
