/**
 * Whether a name means an endpoint of the world. Also the safety layer: a host that is not in the tables of STS is
 * refused here, so that no scenario can point load or faults at anything else.
 */

import { endpointOfHost, hostOfEndpointName } from '../aws/endpoints.ts';
import { ERA_NAMES, type Era, era as eraNamed, regionInEra } from '../aws/eras.ts';
import { nearestName } from '../aws/nearest-name.ts';
import { REGIONS, region } from '../aws/regions.ts';
import type { Problem } from './problem.ts';

export interface DraftWorld {
  /** Known Regions among those the scenario lists. */
  readonly regions: readonly string[];
  readonly global: boolean;
  readonly era: Era;
}

/** At most one problem. */
export function endpointProblems(name: string, place: string, world: DraftWorld): readonly Problem[] {
  const endpoint = endpointOfHost(hostOfEndpointName(name));
  if (endpoint === undefined) return [unknownEndpoint(name, place, world)];
  if (endpoint.kind === 'global') {
    if (world.global) return [];
    return [
      {
        place,
        value: name,
        message: 'the global endpoint is not part of this world',
        hint: 'add global: true',
      },
    ];
  }
  if (world.regions.includes(endpoint.region)) return [];
  return [outside(name, place, endpoint.region, world)];
}

/** At most one problem: the name is no Region, or one that the world lacks. */
export function regionProblems(id: string, place: string, world: DraftWorld): readonly Problem[] {
  if (world.regions.includes(id)) return [];
  return region(id) === undefined ? [unknownRegion(id, place, world)] : [outside(id, place, id, world)];
}

/** At most one problem: the name is no Region anywhere. */
export function anyRegionProblems(id: string, place: string): readonly Problem[] {
  return region(id) === undefined ? [unknownRegion(id, place, { regions: [] })] : [];
}

/** At most one problem: no Region anywhere has the name, or it had not opened in the era. */
export function eraRegionProblems(id: string, place: string, era: Era): readonly Problem[] {
  const known = region(id);
  if (known === undefined || regionInEra(id, era) !== undefined) return anyRegionProblems(id, place);
  const later = ERA_NAMES.find((name) => regionInEra(id, eraNamed(name)) !== undefined);
  return [
    {
      place,
      value: id,
      message: `it opened in ${known.launched}, and the era ${era.name} ends with ${era.asOf}`,
      hint: later === undefined ? 'leave it out' : `leave it out, or write era: '${later}'`,
    },
  ];
}

function unknownRegion(value: string, place: string, world: Pick<DraftWorld, 'regions'>): Problem {
  // Those of the world first: of equally near names the earlier one wins.
  const nearest = nearestName(value, [...world.regions, ...REGIONS.map((known) => known.id)]);
  return {
    place,
    value,
    message: 'no such Region',
    ...(nearest === undefined ? {} : { nearest }),
    hint: 'write the id of a Region, such as eu-west-1 (regionfall list regions)',
  };
}

function unknownEndpoint(name: string, place: string, world: DraftWorld): Problem {
  const hosts = world.regions.map(hostOfEndpointName);
  const nearest = nearestName(name, name.includes('.') ? hosts : [...world.regions, 'global']);
  return {
    place,
    value: name,
    message: name.includes('.')
      ? 'not a host name of STS, and nothing else is ever addressed'
      : 'neither a Region, nor a host name of STS, nor global',
    ...(nearest === undefined ? {} : { nearest }),
    hint: "name a Region of the world, one of its STS host names, or 'global'",
  };
}

function outside(value: string, place: string, id: string, world: DraftWorld): Problem {
  const nearest = nearestName(id, world.regions);
  return {
    place,
    value,
    message: `${id} is not part of this world`,
    ...(nearest === undefined ? {} : { nearest }),
    hint: `add ${id} to regions`,
  };
}
