/** Whether the Regions that a world is to have exist in its era, told with what would be right. Pure. */

import { ERA_NAMES, type EraName, era as eraNamed, regionInEra } from '../aws/eras.ts';
import type { PartitionName } from '../aws/partitions.ts';
import { nearestName, REGIONS, region as regionNamed } from '../aws/regions.ts';
import { UsageError } from '../errors/regionfall-error.ts';

/**
 * Partitions of the Regions, each once.
 * @throws {UsageError} RF-REGION-UNKNOWN, RF-REGION-NOT-YET.
 */
export function partitionsOf(regions: readonly string[], era: EraName): readonly PartitionName[] {
  return [...new Set(regions.map((id) => partitionIn(id, era)))];
}

function partitionIn(id: string, era: EraName): PartitionName {
  const known = regionNamed(id);
  if (known === undefined) {
    const nearest = nearestName(
      id,
      REGIONS.map((candidate) => candidate.id),
    );
    throw new UsageError(`no Region is named '${id}'`, {
      code: 'RF-REGION-UNKNOWN',
      hint: nearest === undefined ? 'regionfall list regions' : `did you mean ${nearest}?`,
    });
  }
  if (regionInEra(id, eraNamed(era)) !== undefined) return known.partition;
  const later = ERA_NAMES.find((name) => regionInEra(id, eraNamed(name)) !== undefined);
  throw new UsageError(
    `${id} opened in ${known.launched}, and the era ${era} ends with ${eraNamed(era).asOf}`,
    {
      code: 'RF-REGION-NOT-YET',
      hint: later === undefined ? 'leave it out' : `leave it out, or take the era ${later}`,
    },
  );
}
