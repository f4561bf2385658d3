/**
 * What the emulated service of a scenario is told to be, Region by Region, and the same in words. Pure. It is kept
 * with the run: what an era meant is read from the run's folder, whatever a later version makes of it.
 */

import { z } from 'zod';
import { ERA_NAMES, type EraName, era as eraNamed } from '../aws/eras.ts';
import { createControlPlane } from '../identity/control-plane.ts';
import { describeServiceTime, type PaceSpec } from '../service/pace.ts';
import type { QuotaLimits } from '../sts/quotas.ts';
import { paceSchema, quotasSchema, type ServiceSpec } from './service-spec.ts';

/** As the record of a run keeps it. */
export const serviceFactsSchema = z.object({
  era: z.enum(ERA_NAMES),
  /** In the order of the world. */
  regions: z.array(
    z.object({
      region: z.string(),
      /** Null: answers leave at once. */
      pace: paceSchema.nullable(),
      /** Null: no limit. */
      quotas: quotasSchema.nullable(),
      /** How long a change takes to get there, as drawn. */
      replicaDelayMs: z.number(),
    }),
  ),
});

export type ServiceFacts = z.output<typeof serviceFactsSchema>;
export type RegionFacts = ServiceFacts['regions'][number];

export interface ServiceQuestion {
  readonly era: EraName;
  readonly regions: readonly string[];
  readonly service: ServiceSpec;
}

export function serviceFactsOf({ era, regions, service }: ServiceQuestion, seed: number): ServiceFacts {
  // Asked of what draws the delays in the service, which gets the same seed.
  const plane = createControlPlane({
    initial: { accounts: new Map() },
    clock: () => 0,
    delayMs: service.replicaDelayMs ?? eraNamed(era).replicaDelayMs,
    seed,
  });
  return {
    era,
    regions: regions.map((region) => {
      const own = service.regions[region];
      return {
        region,
        pace: (own?.pace ?? service.pace) || null,
        quotas: (own?.quotas ?? service.quotas) || null,
        replicaDelayMs: Math.round(plane.replica(region).delayMs),
      };
    }),
  };
}

/** Subject and words of each fact, the era apart; Regions that are alike stand together. */
export function describeService({ regions }: ServiceFacts): readonly (readonly [string, string])[] {
  return [
    ['Service time', grouped(regions, ({ pace }) => describePace(pace))],
    ['Quotas', grouped(regions, ({ quotas }) => describeQuotas(quotas))],
    [
      'Changes arrive after',
      regions.map(({ region, replicaDelayMs }) => `${region} ${seconds(replicaDelayMs)}`).join(', '),
    ],
  ];
}

function describePace(pace: PaceSpec | null): string {
  if (pace === null) return 'none declared: as fast as the machine answers';
  const { concurrency, queueLimit, serviceTime } = pace;
  return `${describeServiceTime(serviceTime)}; ${concurrency} at once, ${queueLimit} may wait`;
}

function describeQuotas(quotas: QuotaLimits | null): string {
  if (quotas === null) return 'none';
  return `${quotas.ratePerSecond} a second and account, ${quotas.burst} at once`;
}

/** `20 ms; 4 at once, 10 may wait (eu-west-1); none declared … (us-east-1, us-west-2)`. */
function grouped(regions: readonly RegionFacts[], describe: (facts: RegionFacts) => string): string {
  const groups = Map.groupBy(regions, describe);
  if (groups.size === 1) return [...groups.keys()].join('');
  return [...groups]
    .map(([text, members]) => `${members.map(({ region }) => region).join(', ')}: ${text}`)
    .join(' · ');
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
