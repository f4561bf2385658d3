/**
 * What a scenario may say about its load: groups of like callers, what they ask, how often and how they fail over.
 * This file states the shape and its bounds; whether a Region or a principal exists is checked by the scenario.
 */

import { z } from 'zod';
import { PARTITIONS } from '../aws/partitions.ts';
import type { PolicySpec } from '../failover/spec.ts';

/** The STS actions that a caller of the embedded engine can sign and send. */
export const OPERATIONS = ['AssumeRole', 'GetCallerIdentity', 'GetSessionToken'] as const;

export type Operation = (typeof OPERATIONS)[number];

/** Milliseconds one attempt may take, from the decision to send to the last byte; null: the caller waits for ever. */
const attemptTimeLimitMs = z.number().int().min(1).max(600_000).nullable();

/** A host name, or a word that the scenario resolves to one (`'global'`, a Region). */
const endpoint = z.string().min(1);

const endpoints = z
  .array(endpoint)
  .min(1)
  .max(16)
  .refine((names) => new Set(names).size === names.length, 'each endpoint may stand here once');

const severalEndpoints = z
  .array(endpoint)
  .min(2, 'at least two endpoints')
  .max(16)
  .refine((names) => new Set(names).size === names.length, 'each endpoint may stand here once');

/** Milliseconds, up to an hour. */
const upToAnHourMs = z.number().int().min(100).max(3_600_000);

const inARow = z.number().int().min(1).max(100);

const retryBudget = z
  .strictObject({
    ratio: z.number().min(0).max(10),
    burst: z.number().min(0).max(10_000).default(10),
  })
  .optional()
  .describe(
    'What further attempts of a call may add: each first attempt earns `ratio`, each further one spends 1.',
  );

const failBack = {
  failBackAfterMs: upToAnHourMs
    .default(5_000)
    .describe('How long a failed endpoint is left alone before one call tries it again.'),
  failBackAnswers: inARow
    .default(1)
    .describe('Answers in a row that it must give before it is preferred again.'),
};

const pinned = z.strictObject({
  kind: z.literal('pinned'),
  endpoint,
  attemptTimeLimitMs: attemptTimeLimitMs.default(null),
  retryBudget,
});

const ordered = z.strictObject({
  kind: z.literal('ordered'),
  endpoints: endpoints.describe('In order of preference.'),
  attemptTimeLimitMs: attemptTimeLimitMs.default(1_000),
  ...failBack,
  retryBudget,
});

const nearest = z.strictObject({
  kind: z.literal('nearest'),
  endpoints: severalEndpoints.describe('In the order in which they are measured first.'),
  attemptTimeLimitMs: attemptTimeLimitMs.default(1_000),
  ...failBack,
  margin: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.2)
    .describe('Another endpoint becomes home only when it is nearer by this share of home’s time.'),
  measureAgainAfterMs: upToAnHourMs
    .default(30_000)
    .describe('After so long an endpoint that is not home is measured again, by one call.'),
  retryBudget,
});

const hedged = z.strictObject({
  kind: z.literal('hedged'),
  endpoints: severalEndpoints.describe('In order of preference.'),
  attemptTimeLimitMs: attemptTimeLimitMs.default(1_000),
  ...failBack,
  hedgeAfterMs: z
    .number()
    .int()
    .min(1)
    .max(60_000)
    .describe('Without an answer for so long, the next endpoint is asked as well.'),
  liveAttemptsAtMost: z.number().int().min(2).max(16).default(2),
  retryBudget,
});

const circuitBreaker = z.strictObject({
  kind: z.literal('circuit-breaker'),
  endpoints: endpoints.describe('In order of preference.'),
  attemptTimeLimitMs: attemptTimeLimitMs.default(1_000),
  openAfterFailures: inARow.default(3),
  halfOpenAfterMs: upToAnHourMs.default(5_000),
  closeAfterAnswers: inARow.default(1),
  retryBudget,
});

const refreshPolicySchema = z.discriminatedUnion('kind', [pinned, ordered, nearest, hedged, circuitBreaker]);

const cached = z
  .strictObject({
    kind: z.literal('cached'),
    refresh: refreshPolicySchema.describe('How credentials are got, when they must be.'),
    lifetimeMs: z
      .number()
      .int()
      .min(1_000)
      .max(43_200_000)
      .default(3_600_000)
      .describe('How long credentials are good from when they came; a short run may rehearse short lives.'),
    refreshAheadMs: z
      .number()
      .int()
      .min(100)
      .max(43_200_000)
      .default(300_000)
      .describe('So long before their end one call gets new ones, while the others go on with the old.'),
    jitter: z
      .number()
      .min(0)
      .max(10)
      .default(1)
      .describe('Each refresh comes earlier by up to this share of refreshAheadMs, drawn anew each time.'),
    retryAfterMs: upToAnHourMs
      .default(10_000)
      .describe(
        'After a refresh that failed, the next is tried so much later, while the old are still good.',
      ),
  })
  .refine(
    ({ lifetimeMs, refreshAheadMs, jitter }) => refreshAheadMs * (1 + jitter) < lifetimeMs,
    'refreshAheadMs × (1 + jitter) must be shorter than lifetimeMs, or every call would refresh',
  );

export const policySpecSchema = z.discriminatedUnion('kind', [
  pinned,
  ordered,
  nearest,
  hedged,
  circuitBreaker,
  cached,
]) satisfies z.ZodType<PolicySpec>;

/** How the callers of a group make their calls. */
export const clientSchema = z.discriminatedUnion('kind', [
  /** Requests of our own, one for each attempt that the policy asks for. */
  z.strictObject({ kind: z.literal('embedded') }),
  /**
   * `@aws-sdk/client-sts` with its own retries. A pinned policy without a time limit leaves the client as it comes; one
   * with a limit sets the client's own time limits; every other policy is carried out by the adapter of
   * `regionfall/failover`.
   */
  z.strictObject({ kind: z.literal('aws-sdk-js') }),
  /** Any program: one arrival is one run of it, its exit code the outcome. */
  z.strictObject({
    kind: z.literal('program'),
    /** Started without a shell. */
    command: z.array(z.string()).min(1),
    /** What one run of it may take before it is killed; null: until the load has ended. */
    timeLimitMs: z.number().int().min(1).max(3_600_000).nullable().default(60_000),
  }),
]);

export type Client = z.output<typeof clientSchema>;

const weight = z.number().min(0).max(1_000_000);

export const loadGroupSchema = z.strictObject({
  /** Also the stem of the callers' names, which are role session names and stand in the user agent. */
  name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'lower-case letters, digits and hyphens, 40 at most'),
  /** The Region where these callers stand. */
  location: z.string().min(1),
  callers: z.number().int().min(1).max(10_000).default(1),
  /** Of the whole group, not of each caller. */
  ratePerSecond: z.number().min(0.01).max(50_000),
  /** Relative weights. */
  operations: z
    .partialRecord(z.enum(OPERATIONS), weight)
    .refine((weights) => Object.values(weights).some((value) => value > 0), 'at least one weight above 0'),
  partition: z.enum(PARTITIONS.map((partition) => partition.name)).default('aws'),
  /** Name of a user of the partition's account. */
  principal: z.string().min(1).default('app'),
  credential: z.enum(['long-term', 'session']).default('long-term'),
  policy: policySpecSchema,
  arrivals: z.enum(['poisson', 'even']).default('poisson'),
  client: clientSchema.prefault({ kind: 'embedded' }),
});

/** A group as the engine reads it, every default filled in. */
export type LoadGroup = Omit<z.output<typeof loadGroupSchema>, 'policy'> & { readonly policy: PolicySpec };

/** A group as a scenario writes it. */
export type LoadGroupInput = z.input<typeof loadGroupSchema>;
