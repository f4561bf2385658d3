/**
 * What a scenario may say about the emulated service: how fast each Region answers and how much it takes, what its
 * quotas are, how long changes take to reach it; and how the accounts stand before anything happens.
 */

import { z } from 'zod';
import { USUAL_LIMITS } from '../sts/quotas.ts';

/** What the emulator can keep to; a service time that is longer than a minute is a silence. */
const BOUNDS = {
  concurrency: 10_000,
  queueLimit: 100_000,
  serviceTimeMs: 60_000,
  delayMs: 3_600_000,
} as const;

const milliseconds = z.number().gt(0).max(BOUNDS.serviceTimeMs);

const serviceTimeSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('constant'), ms: milliseconds }),
    z
      .strictObject({ kind: z.literal('lognormal'), medianMs: milliseconds, p99Ms: milliseconds })
      .refine(({ medianMs, p99Ms }) => p99Ms >= medianMs, {
        error: 'the 99th percentile lies below the median',
        path: ['p99Ms'],
      }),
  ])
  .describe('What serving one request takes, waiting apart.');

export const paceSchema = z
  .strictObject({
    concurrency: z
      .int()
      .min(1)
      .max(BOUNDS.concurrency)
      .describe('Requests that are served at the same time.'),
    queueLimit: z
      .int()
      .min(0)
      .max(BOUNDS.queueLimit)
      .describe('Requests that may wait beside those; one more is answered with ServiceUnavailable.'),
    serviceTime: serviceTimeSchema,
  })
  .describe('First come, first served, each request taking its service time.');

export const quotasSchema = z
  .strictObject({
    ratePerSecond: z.number().gt(0).max(1_000_000).describe('Requests of an account, in the long run.'),
    burst: z.int().min(1).max(1_000_000).describe('Requests that may come at once after a pause.'),
  })
  .describe(
    'What an account may ask of a Region with the six actions that share a quota; the global endpoint has a second one of the same size in each Region that serves it.',
  );

/** The shape, or `false`. */
function orOff<Shape extends z.ZodType>(shape: Shape) {
  return z.union([shape, z.literal(false)], { error: 'neither an object nor false' });
}

export const serviceSpecSchema = z.strictObject({
  pace: orOff(paceSchema)
    .default(false)
    .describe('How fast every Region answers; false: as fast as this machine can.'),
  quotas: orOff(quotasSchema).default(USUAL_LIMITS).describe('Of every Region; false: none.'),
  regions: z
    .record(
      z.string(),
      z.strictObject({
        pace: orOff(paceSchema).exactOptional(),
        quotas: orOff(quotasSchema).exactOptional(),
      }),
    )
    .default({})
    .describe('What differs in a Region, by its id.'),
  replicaDelayMs: z
    .strictObject({
      minimum: z.number().min(0).max(BOUNDS.delayMs),
      maximum: z.number().min(0).max(BOUNDS.delayMs),
    })
    .refine(({ minimum, maximum }) => minimum <= maximum, {
      error: 'the longest delay is shorter than the shortest',
      path: ['maximum'],
    })
    .exactOptional()
    .describe(
      'How long a change of an account takes to reach a Region: each draws its own in this range, from the seed. Without it the delays are those of the era.',
    ),
});

export const accountsSpecSchema = z.strictObject({
  activatedRegions: z
    .array(z.string())
    .default([])
    .describe(
      'Regions whose STS has been activated; without it the era 2015 has only those that always are.',
    ),
  deactivatedRegions: z.array(z.string()).default([]).describe('Regions whose STS has been switched off.'),
  optedOutRegions: z
    .array(z.string())
    .default([])
    .describe('Opt-in Regions that have not been enabled; all others have been.'),
  globalTokenVersion: z
    .union([z.literal(1), z.literal(2)])
    .exactOptional()
    .describe('Version of the tokens that the global endpoint issues.'),
});

/** With every default filled in. */
export type ServiceSpec = z.output<typeof serviceSpecSchema>;
export type AccountsSpec = z.output<typeof accountsSpecSchema>;
