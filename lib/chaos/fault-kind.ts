/**
 * What every kind of fault has in common: what a scenario may say, and a pure plan of what that means for one world.
 * Adding a kind is one file in `faults/` that exports a `FaultKind`, and one line in `fault-kinds.ts`.
 */

import { z } from 'zod';
import type { LinkRecord } from '../journal/event.ts';
import { durationText } from '../time/duration-text.ts';
import { createRandom } from '../time/random.ts';
import type { CallersFault, NetworkFault, Probe, ServiceFault } from './control.ts';
import type { ProbeExpectation } from './probe-expectation.ts';

/** The world as far as planning a fault needs it. */
export interface WorldView {
  readonly links: readonly LinkRecord[];
  readonly regions: readonly string[];
  readonly accounts: readonly { readonly id: string; readonly partition: string }[];
  readonly groups: readonly GroupView[];
  /** The longest that a change of an account takes to reach a Region, milliseconds. */
  readonly replicaDelayMsMax: number;
  /** Decides what a share falls on; each fault derives its own from it. */
  readonly seed: number;
}

/** A group of the load. */
export interface GroupView {
  readonly name: string;
  /** Where its callers stand. */
  readonly location: string;
  /** AWS partition of the keys that they hold. */
  readonly partition: string;
  /** Host names that they ask, and no others. */
  readonly hosts: readonly string[];
}

/** One thing to do, and to undo. The injector adds id and lease. */
export type FaultOrder =
  | { readonly to: 'network'; readonly fault: NetworkFault }
  | { readonly to: 'service'; readonly fault: ServiceFault }
  | { readonly to: 'callers'; readonly fault: CallersFault };

/** How one path shows that the fault bites. The same probe shows before and after that the path is healthy. */
export interface ProbePlan extends Probe {
  readonly during: ProbeExpectation;
  /**
   * Healthy looks in a row before the path counts as healed: one where the fault hit everything, more where it hit a
   * share, since a single good answer then says little.
   */
  readonly looksToHeal: number;
}

export interface FaultPlan {
  /** Ids of the links inside the blast radius. Empty: the target matches nothing in this world. */
  readonly links: readonly string[];
  /** Regions that are hit as a whole; a fault of one host name or one location leaves its Region out. */
  readonly regions: readonly string[];
  readonly orders: readonly FaultOrder[];
  /**
   * The same orders at a part of their strength (above 0, below 1), for a fault that grows; absent where there is no
   * less of it.
   */
  readonly ordersAt?: (strength: number) => readonly FaultOrder[];
  readonly probes: readonly ProbePlan[];
  /** How long to go on probing for a bite; chance needs more than certainty. */
  readonly proveWithinMs: number;
  /** The same for the path to look healthy again, where healing takes its time; the usual limit without it. */
  readonly healWithinMs?: number;
  /** A fault that lasts less than this at its full strength could not be counted on to show itself; 0 without it. */
  readonly leastMs?: number;
  /** What looking at the healthy path takes, where that is longer than a few round trips. */
  readonly lookMs?: number;
}

/** The plan of a fault whose target matches nothing. */
export const HITS_NOTHING: FaultPlan = { links: [], regions: [], orders: [], probes: [], proveWithinMs: 0 };

/** A fault that cannot mean anything in any world, found before one is opened. */
export interface FaultProblem {
  /** Path below the fault: `target.region`. */
  readonly place: string;
  readonly value: unknown;
  readonly message: string;
  readonly hint: string;
}

/** The shape of a fault of one kind, without what every fault carries. */
type KindFields = z.core.$ZodLooseShape;
type SchemaOf<Kind extends string, Fields extends KindFields> = z.ZodObject<
  { kind: z.ZodLiteral<Kind> } & typeof COMMON_FIELDS & Fields,
  z.core.$strict
>;
type PartSchemaOf<Kind extends string, Fields extends KindFields> = z.ZodObject<
  { kind: z.ZodLiteral<Kind> } & typeof PART_FIELDS & Fields,
  z.core.$strict
>;

export interface FaultKindDefinition<Kind extends string, Fields extends KindFields> {
  readonly kind: Kind;
  /** One sentence, for lists and for editors. */
  readonly about: string;
  /** What a fault of this kind says beside {@link COMMON_FIELDS}; a kind that can grow includes {@link RAMP_FIELD}. */
  readonly fields: Fields;
  /** A few words for timelines and reports: `eu-west-1 refuses connections`. */
  title(spec: z.output<SchemaOf<Kind, Fields>>): string;
  plan(spec: z.output<SchemaOf<Kind, Fields>>, view: WorldView): FaultPlan;
  /** What the schema cannot see. */
  check?(spec: z.output<SchemaOf<Kind, Fields>>): readonly FaultProblem[];
}

export interface FaultKind<Kind extends string = string, Fields extends KindFields = KindFields>
  extends FaultKindDefinition<Kind, Fields> {
  /** As it stands in a scenario by itself. */
  readonly schema: SchemaOf<Kind, Fields>;
  /** As it stands among the parts of a group. */
  readonly partSchema: PartSchemaOf<Kind, Fields>;
}

/** Makes both schemas of a kind, and keeps the precise type of its specification. */
export function defineFaultKind<const Kind extends string, Fields extends KindFields>(
  definition: FaultKindDefinition<Kind, Fields>,
): FaultKind<Kind, Fields> {
  const { about, fields } = definition;
  const kind = z.literal(definition.kind);
  return {
    ...definition,
    schema: z.strictObject({ kind, ...COMMON_FIELDS, ...fields }).describe(about) as unknown as SchemaOf<
      Kind,
      Fields
    >,
    partSchema: z
      .strictObject({ kind, ...PART_FIELDS, ...fields })
      .describe(about) as unknown as PartSchemaOf<Kind, Fields>,
  };
}

/** The most occurrences of one fault; each wants its own proof, and a reader's attention. */
const TIMES_AT_MOST = 20;

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'write lower-case letters, digits and hyphens');

/** Fields that every fault carries, and a group of faults too. */
export const COMMON_FIELDS = {
  name: name.describe('How expectations and reports call it; unique in the scenario.'),
  at: durationText.describe('When it begins, from the start of the load.'),
  for: durationText.describe('How long it lasts.'),
  repeat: z
    .strictObject({
      times: z.int().min(2).max(TIMES_AT_MOST).describe('How often it comes, the first time included.'),
      every: durationText.describe('From one beginning to the next; longer than it lasts.'),
    })
    .optional()
    .describe("That it comes again: the second time is called by its name and '/2', and so on."),
};

/** Fields that every part of a group carries. */
export const PART_FIELDS = {
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,63}$/, 'write lower-case letters, digits and hyphens')
    .optional()
    .describe("How the part is called, after the group's name and '/'; its kind without it."),
  after: durationText
    .optional()
    .describe('When it begins, from the beginning of the group; at once without it.'),
  for: durationText.optional().describe('How long it lasts; until the end of the group without it.'),
};

/** For kinds of which there is more and less. */
export const RAMP_FIELD = {
  ramp: durationText
    .optional()
    .describe(
      'How long it takes to grow from nothing to its full strength, where it is proved; shorter than it lasts.',
    ),
};

/** Decides what a share of this fault falls on, and whatever else it draws; of 32 bits. */
export function seedOf(fault: { readonly name: string }, view: Pick<WorldView, 'seed'>): number {
  return createRandom(view.seed)
    .fork(`fault ${fault.name}`)
    .below(2 ** 32);
}

export const DEFAULT_PROVE_WITHIN_MS = 2_000;

/**
 * What one probe may take, in milliseconds: a fresh TLS connection costs about four round trips, and a machine
 * under load adds its own. Below this a slow path would pass for a silent one.
 */
export function probeTimeLimitMs(roundTripMs: number): number {
  return Math.ceil(4 * roundTripMs + 400);
}
