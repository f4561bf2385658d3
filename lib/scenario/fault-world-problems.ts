/** Second layer, faults of single kinds: what only the load, the accounts or the era can tell about them. Pure. */

import { partitionOfRegion } from '../aws/partitions.ts';
import type { FaultPlan } from '../chaos/fault-kind.ts';
import { defaultAccounts } from '../identity/world-accounts.ts';
import type { Draft, DraftGroup } from './draft.ts';
import type { DraftSingle } from './draft-faults.ts';
import type { DraftWorld } from './endpoint-problems.ts';
import { unknownName } from './name-problems.ts';
import type { Problem } from './problem.ts';
import { partitionsOf } from './world-problems.ts';

/** @param plan Of this fault; it hits something. */
export function faultWorldProblems(
  { spec, place }: DraftSingle,
  plan: FaultPlan,
  draft: Draft,
  world: DraftWorld,
): readonly Problem[] {
  switch (spec?.kind) {
    case 'keys-deleted':
      return unknownName(spec.user, `${place}.user`, namesIn(world, 'users'), 'user in the accounts');
    case 'role-deleted':
      return unknownName(spec.role, `${place}.role`, namesIn(world, 'roles'), 'role in the accounts');
    case 'token-version':
      return versionProblems(place, draft, world);
    case 'opt-in-withdrawn':
      return optedOutProblems(place, spec.target.region, draft);
    case 'throttling':
      return quotaProblems(place, spec.target.region, spec.leavesPerSecond, draft);
    case 'clock-skew':
    case 'names':
      return shareProblems(place, spec.share, plan, draft.groups);
    default:
      return [];
  }
}

function namesIn(world: DraftWorld, what: 'users' | 'roles'): readonly string[] {
  return [
    ...new Set(
      defaultAccounts(partitionsOf(world), 0).flatMap((account) => account[what].map(({ name }) => name)),
    ),
  ];
}

/** A fault that sets what is set already cannot be seen to come. */
function versionProblems(place: string, { accounts }: Draft, { era }: DraftWorld): readonly Problem[] {
  const { usual, choosable } = era.globalTokenVersion;
  if ((accounts.globalTokenVersion ?? usual) !== 1) return [];
  return [
    {
      place: `${place}.kind`,
      value: 'token-version',
      message: 'the global endpoint gives tokens of version 1 from the start',
      hint: choosable
        ? 'write globalTokenVersion: 2 in accounts'
        : `no account could choose in the era ${era.name}`,
    },
  ];
}

function optedOutProblems(place: string, region: string, { accounts }: Draft): readonly Problem[] {
  if (!accounts.optedOut.some(({ id }) => id === region)) return [];
  const message = 'the account has not enabled it from the start';
  const hint = 'take it out of accounts.optedOutRegions';
  return [{ place: `${place}.target.region`, value: region, message, hint }];
}

function quotaProblems(place: string, region: string, left: number, { groups }: Draft): readonly Problem[] {
  const partition = partitionOfRegion(region)?.name;
  const asked = groups
    .filter((group) => group.partition === partition)
    .reduce((sum, group) => sum + group.ratePerSecond, 0);
  if (partition === undefined || left < asked) return [];
  return [
    {
      place: `${place}.leavesPerSecond`,
      value: left,
      message: `all callers together ask ${asked} times a second: nobody would be throttled`,
      hint: 'write less, or raise ratePerSecond of a group',
    },
  ];
}

/** That a share falls on nobody must hardly ever happen, or the run would be undecided by chance. */
const NOBODY_AT_MOST = 0.01;

function shareProblems(
  place: string,
  share: number,
  { probes }: FaultPlan,
  groups: readonly DraftGroup[],
): readonly Problem[] {
  // Each link is looked over in the name of someone who takes it and is hit.
  const callers = probes.map(({ asCallers }) =>
    groups
      .filter(({ name }) => name !== undefined && asCallers?.groups?.includes(name))
      .reduce((sum, group) => sum + group.callers, 0),
  );
  const fewest = Math.min(...callers);
  if ((1 - share) ** fewest <= NOBODY_AT_MOST) return [];
  return [
    {
      place: `${place}.share`,
      value: share,
      message: `of the ${fewest === 1 ? 'one caller' : `${fewest} callers`} who ask some endpoint it may well fall on nobody`,
      hint: 'raise it, or let the group have more callers',
    },
  ];
}
