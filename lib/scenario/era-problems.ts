/**
 * Second layer, what the era leaves possible: actions that STS had not learned yet, switches that a Region does not
 * have. Also whether what is said of single Regions is said of Regions of the world. Pure.
 */

import { ERA_NAMES, era as eraNamed, regionInEra } from '../aws/eras.ts';
import { OPERATIONS } from '../load/load-spec.ts';
import type { Draft, DraftGroup, DraftRegion } from './draft.ts';
import type { DraftSingle } from './draft-faults.ts';
import { type DraftWorld, regionProblems } from './endpoint-problems.ts';
import type { Problem } from './problem.ts';
import { partitionsOf } from './world-problems.ts';

export function eraProblems(draft: Draft, world: DraftWorld): readonly Problem[] {
  const { activated, deactivated, optedOut } = draft.accounts;
  return [
    ...draft.groups.flatMap((group) => operationProblems(group, world)),
    ...twiceProblems([...activated, ...deactivated]),
    ...twiceProblems(optedOut),
    ...[...activated, ...deactivated].flatMap((region) => switchProblems(region, world)),
    ...optedOut.flatMap((region) => optInProblems(region, world)),
    ...tokenVersionProblems(draft, world),
    ...draft.faults
      .flatMap(({ singles }) => singles)
      .flatMap((fault) => alreadyOffProblems(fault, draft, world)),
    ...draft.serviceRegions.flatMap(({ id, place }) => regionProblems(id, place, world)),
  ];
}

function operationProblems({ place, operations }: DraftGroup, { era }: DraftWorld): readonly Problem[] {
  return operations.flatMap((operation) => {
    // What no era knows is a misspelling, and the first layer's.
    if (era.actions.has(operation) || !OPERATIONS.some((known) => known === operation)) return [];
    return [
      {
        place: `${place}.operations.${operation}`,
        value: operation,
        message: `STS did not know this action in the era ${era.name}`,
        hint: `leave it out, or write era: '${firstEraWith(operation)}'`,
      },
    ];
  });
}

function firstEraWith(operation: string): string {
  return ERA_NAMES.find((name) => eraNamed(name).actions.has(operation)) ?? '';
}

/** A Region's STS is either on or off at the start. */
function twiceProblems(regions: readonly DraftRegion[]): readonly Problem[] {
  const seen = new Set<string>();
  return regions.flatMap(({ place, id }) => {
    if (seen.has(id)) return [{ place, value: id, message: 'has been named before', hint: 'remove one' }];
    seen.add(id);
    return [];
  });
}

/** A Region of the world whose STS this era lets an account switch, or the one thing that is wrong with it. */
export function switchProblems({ place, id }: DraftRegion, world: DraftWorld): readonly Problem[] {
  const outside = regionProblems(id, place, world);
  const facts = regionInEra(id, world.era);
  if (outside.length > 0 || facts === undefined || facts.stsSwitch === 'switchable') return outside;
  const message =
    facts.stsSwitch === 'fixed-on'
      ? 'STS is always active in this Region and has no switch'
      : 'an opt-in Region has no switch for STS: it comes and goes with the Region itself';
  const hint = facts.stsSwitch === 'fixed-on' ? 'leave it out' : 'use optedOutRegions';
  return [{ place, value: id, message, hint }];
}

function optInProblems({ place, id }: DraftRegion, world: DraftWorld): readonly Problem[] {
  const outside = regionProblems(id, place, world);
  const facts = regionInEra(id, world.era);
  if (outside.length > 0 || facts === undefined || facts.enabledBy === 'opt-in') return outside;
  const message = 'every account has this Region, and none can do without it';
  return [{ place, value: id, message, hint: 'leave it out, or use deactivatedRegions for its STS' }];
}

function tokenVersionProblems(draft: Draft, world: DraftWorld): readonly Problem[] {
  const value = draft.accounts.globalTokenVersion;
  if (value === undefined) return [];
  const problem = (message: string, hint: string): readonly Problem[] => [
    { place: 'accounts.globalTokenVersion', value, message, hint },
  ];
  const { name, globalTokenVersion } = world.era;
  if (!globalTokenVersion.choosable) {
    return problem(
      `no account could choose in the era ${name}; it issues version ${globalTokenVersion.usual}`,
      'leave it out, or write a later era',
    );
  }
  const partitions = partitionsOf(world);
  if (partitions.length === 0 || partitions.includes('aws')) return [];
  return problem('only partition aws has a global endpoint', 'leave it out, or add a Region of aws');
}

/** What is off from the start cannot be switched off, nor be seen to come back. */
function alreadyOffProblems(
  { place, spec }: DraftSingle,
  { accounts }: Draft,
  { regions, era }: DraftWorld,
): readonly Problem[] {
  if (spec?.kind !== 'region-deactivated') return [];
  const { region } = spec.target;
  const named = (list: readonly DraftRegion[]): boolean => list.some(({ id }) => id === region);
  const off =
    named(accounts.deactivated) ||
    (era.regionsOffUntilActivated &&
      regionInEra(region, era)?.stsSwitch === 'switchable' &&
      !named(accounts.activated));
  if (!off || !regions.includes(region)) return [];
  const message = 'STS is off there from the start';
  const hint = named(accounts.deactivated)
    ? 'take it out of accounts.deactivatedRegions'
    : 'add it to accounts.activatedRegions';
  return [{ place: `${place}.target.region`, value: region, message, hint }];
}
