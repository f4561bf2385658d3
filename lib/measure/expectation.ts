/**
 * What a scenario may expect of a run, as schemas that scenarios are validated with. How each kind is judged
 * stands in `judges.ts`.
 */
import { z } from 'zod';
import { durationText } from '../time/duration-text.ts';

const share = z.number().min(0).max(1);
const phase = z.enum(['before', 'during', 'after', 'all']);
const text = z.string().min(1);

/** `name` says in a few words what should hold; it is how reports list the expectation. */
const common = { name: text };
/** Which arrivals are meant. Without `fault`, the phase is that of all faults together. */
const selection = {
  group: text,
  operation: text.exactOptional(),
  phase,
  fault: text.exactOptional(),
};

/** Successful arrivals as a share of all that were sent. Give one of the limits, or both for a band. */
const successRatio = z
  .strictObject({
    ...common,
    kind: z.literal('success-ratio'),
    ...selection,
    atLeast: share.exactOptional(),
    atMost: share.exactOptional(),
  })
  .refine((value) => value.atLeast !== undefined || value.atMost !== undefined, {
    error: 'Expected atLeast or atMost, or both',
    path: ['atLeast'],
  });

/**
 * Time until the last caller of the group that the fault hit had reached the milestone: from the fault for
 * `detected` and `failedOver`, from its lift for `failedBack` and `steady`.
 */
const recovery = z.strictObject({
  ...common,
  kind: z.literal('recovery'),
  fault: text,
  group: text,
  milestone: z.enum(['detected', 'failedOver', 'failedBack', 'steady']),
  within: durationText,
});

/** Arrivals of the whole run that ended failed or indeterminate. */
const lostRequests = z.strictObject({
  ...common,
  kind: z.literal('lost-requests'),
  group: text,
  atMost: z.int().min(0),
});

/** Latency of successful arrivals from their planned moment. `percentile` is 50, 99, 99.9. */
const latency = z.strictObject({
  ...common,
  kind: z.literal('latency'),
  ...selection,
  percentile: z.number().gt(0).lt(100),
  below: durationText,
});

/** Regions outside the fault against themselves: during minus before. Without `fault`, each fault is judged. */
const isolation = z.strictObject({
  ...common,
  kind: z.literal('isolation'),
  fault: text.exactOptional(),
  /** Increase of the share of errors, 0.01 being one percentage point. */
  errorIncreaseAtMost: share,
  p99IncreaseAtMost: durationText,
});

/** No credentials of one AWS partition are accepted in another, every ordered pair having been tried. */
const partitionWall = z.strictObject({ ...common, kind: z.literal('partition-wall') });

/** Attempts that failed with this code, as a share of all failed attempts. */
const errorCode = z.strictObject({
  ...common,
  kind: z.literal('error-code'),
  ...selection,
  code: text,
  atLeast: share,
});

/** What came of an act. `refused` includes that the connection was: the act was not done. */
const act = z.strictObject({
  ...common,
  kind: z.literal('act'),
  act: text,
  outcome: z.enum(['done', 'refused']),
});

export const expectationSchema = z.discriminatedUnion('kind', [
  successRatio,
  recovery,
  lostRequests,
  latency,
  isolation,
  partitionWall,
  errorCode,
  act,
]);

export type Expectation = z.infer<typeof expectationSchema>;
export type ExpectationKind = Expectation['kind'];
export type ExpectationOf<Kind extends ExpectationKind> = Extract<Expectation, { kind: Kind }>;

/** Whether it says anything about a run without a fault. */
export function needsFault(expectation: Expectation): boolean {
  if (expectation.kind === 'recovery' || expectation.kind === 'isolation') return true;
  // What was to refuse it may have been the fault; that it can be done is all the more so without one.
  if (expectation.kind === 'act') return expectation.outcome === 'refused';
  return 'phase' in expectation && (expectation.phase !== 'all' || expectation.fault !== undefined);
}

export const EXPECTATION_KINDS: readonly ExpectationKind[] = [
  'success-ratio',
  'recovery',
  'lost-requests',
  'latency',
  'isolation',
  'partition-wall',
  'error-code',
  'act',
];
