/** The table of fault kinds. A new kind is a file in `faults/` and a line in `KINDS`; everything else follows. */

import { z } from 'zod';
import {
  COMMON_FIELDS,
  type FaultKind,
  type FaultPlan,
  type FaultProblem,
  type WorldView,
} from './fault-kind.ts';
import { certificate } from './faults/certificate.ts';
import { clockSkew } from './faults/clock-skew.ts';
import { controlPlaneDown } from './faults/control-plane-down.ts';
import { cutShort } from './faults/cut-short.ts';
import { htmlError } from './faults/html-error.ts';
import { impostorError } from './faults/impostor-error.ts';
import { keysDeleted } from './faults/keys-deleted.ts';
import { names } from './faults/names.ts';
import { narrow } from './faults/narrow.ts';
import { oneWay } from './faults/one-way.ts';
import { optInWithdrawn } from './faults/opt-in-withdrawn.ts';
import { refused } from './faults/refused.ts';
import { regionDeactivated } from './faults/region-deactivated.ts';
import { replicaStale } from './faults/replica-stale.ts';
import { reset } from './faults/reset.ts';
import { roleDeleted } from './faults/role-deleted.ts';
import { serviceError } from './faults/service-error.ts';
import { serviceSlow } from './faults/service-slow.ts';
import { silence } from './faults/silence.ts';
import { slow } from './faults/slow.ts';
import { stalls } from './faults/stalls.ts';
import { throttling } from './faults/throttling.ts';
import { tokenVersion } from './faults/token-version.ts';
import { unreachable } from './faults/unreachable.ts';

const KINDS = [
  refused,
  unreachable,
  silence,
  oneWay,
  reset,
  cutShort,
  slow,
  narrow,
  stalls,
  serviceError,
  impostorError,
  htmlError,
  serviceSlow,
  throttling,
  regionDeactivated,
  optInWithdrawn,
  controlPlaneDown,
  replicaStale,
  keysDeleted,
  roleDeleted,
  tokenVersion,
  certificate,
  clockSkew,
  names,
] as const;

type Kind = (typeof KINDS)[number];
type Schemas<Key extends 'schema' | 'partSchema'> = readonly [Kind[Key], ...Kind[Key][]];

/** A fault of one kind, as a resolved scenario holds it. */
export type SingleFault = z.output<Kind['schema']>;

/** A fault as it stands among the parts of a group. */
export type FaultPart = z.output<Kind['partSchema']>;
type FaultPartInput = z.input<Kind['partSchema']>;

/** Told apart by `kind`. */
export const faultPartSchema = z.discriminatedUnion(
  'kind',
  KINDS.map(({ partSchema }) => partSchema) as unknown as Schemas<'partSchema'>,
) as unknown as z.ZodType<FaultPart, FaultPartInput>;

/** Of one name; more would hardly be told apart in a report. */
const PARTS_AT_MOST = 16;

const faultGroupSchema = z
  .strictObject({
    kind: z.literal('group'),
    ...COMMON_FIELDS,
    parts: z.array(faultPartSchema).min(1).max(PARTS_AT_MOST).describe('The faults that it consists of.'),
  })
  .describe('Several faults under one name, each with its own place in the time of the whole.');

/** Several faults under one name. */
export type FaultGroup = z.output<typeof faultGroupSchema>;

/** A fault as a resolved scenario holds it. */
export type FaultSpec = SingleFault | FaultGroup;

/** A fault as one may write it: what has a default may be left out. */
export type FaultInput = z.input<Kind['schema']> | z.input<typeof faultGroupSchema>;

/** The union of all kinds and of groups, told apart by `kind`. */
export const faultSchema = z.discriminatedUnion('kind', [
  ...(KINDS.map(({ schema }) => schema) as unknown as Schemas<'schema'>),
  faultGroupSchema,
]) as unknown as z.ZodType<FaultSpec, FaultInput>;

/** Whatever may stand in a scenario, by its kind. */
export const FAULT_KINDS: Readonly<Record<string, { readonly kind: string; readonly schema: z.ZodType }>> =
  Object.fromEntries(
    [...KINDS, { kind: 'group', schema: faultGroupSchema }].map(({ kind, schema }) => [
      kind,
      { kind, schema },
    ]),
  );

const BY_KIND: ReadonlyMap<string, FaultKind> = new Map(
  KINDS.map((kind) => [kind.kind, kind as unknown as FaultKind]),
);

export function titleOfFault(spec: SingleFault): string {
  return kindOf(spec).title(spec);
}

/** What a fault means in one world. Pure. An empty list of links: it would hit nothing. */
export function planFault(spec: SingleFault, view: WorldView): FaultPlan {
  return kindOf(spec).plan(spec, view);
}

export function checkFault(spec: SingleFault): readonly FaultProblem[] {
  return kindOf(spec).check?.(spec) ?? [];
}

function kindOf(spec: SingleFault): FaultKind {
  const kind = BY_KIND.get(spec.kind);
  if (kind === undefined) throw new Error(`no fault kind '${spec.kind}' in the table`);
  return kind;
}
