/**
 * What a scenario may say about its load: groups of like callers, what they ask, how often and how they fail over.
 * This file states the shape and its bounds; whether a Region or a principal exists is checked by the scenario.
 */

import { z } from 'zod';
import { PARTITIONS } from '../aws/partitions.ts';

/** The STS actions that a caller of the embedded engine can sign and send. */
export const OPERATIONS = ['AssumeRole', 'GetCallerIdentity', 'GetSessionToken'] as const;

export type Operation = (typeof OPERATIONS)[number];

/** Milliseconds one attempt may take, from the decision to send to the last byte; null: the caller waits for ever. */
const attemptTimeLimitMs = z.number().int().min(1).max(600_000).nullable();

/** A host name, or a word that the scenario resolves to one (`'global'`, a Region). */
const endpoint = z.string().min(1);

export const pinnedPolicySchema = z.strictObject({
  kind: z.literal('pinned'),
  endpoint,
  attemptTimeLimitMs: attemptTimeLimitMs.default(null),
});

export const orderedPolicySchema = z.strictObject({
  kind: z.literal('ordered'),
  /** In order of preference. */
  endpoints: z
    .array(endpoint)
    .min(1)
    .max(16)
    .refine((names) => new Set(names).size === names.length, 'each endpoint may stand here once'),
  attemptTimeLimitMs: attemptTimeLimitMs.default(1_000),
  /** How long a failed endpoint is left alone before one arrival tries it again. */
  failBackAfterMs: z.number().int().min(100).max(3_600_000).default(5_000),
});

export const policySpecSchema = z.discriminatedUnion('kind', [pinnedPolicySchema, orderedPolicySchema]);

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
});

export type PinnedPolicySpec = z.output<typeof pinnedPolicySchema>;
export type OrderedPolicySpec = z.output<typeof orderedPolicySchema>;
export type PolicySpec = z.output<typeof policySpecSchema>;

/** A group as the engine reads it, every default filled in. */
export type LoadGroup = z.output<typeof loadGroupSchema>;

/** A group as a scenario writes it. */
export type LoadGroupInput = z.input<typeof loadGroupSchema>;

/** The endpoints of a policy in its order of preference. */
export function endpointsOf(policy: PolicySpec): readonly string[] {
  return policy.kind === 'pinned' ? [policy.endpoint] : policy.endpoints;
}
