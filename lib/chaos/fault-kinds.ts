/** The table of fault kinds. A new kind is a file in `faults/` and a line in `KINDS`; everything else follows. */

import { z } from 'zod';
import type { FaultKind, FaultPlan, FaultProblem, WorldView } from './fault-kind.ts';
import { controlPlaneDown } from './faults/control-plane-down.ts';
import { refused } from './faults/refused.ts';
import { regionDeactivated } from './faults/region-deactivated.ts';
import { serviceError } from './faults/service-error.ts';
import { silence } from './faults/silence.ts';
import { slow } from './faults/slow.ts';

const KINDS = [refused, silence, slow, serviceError, regionDeactivated, controlPlaneDown] as const;

/** A fault as a resolved scenario holds it. */
export type FaultSpec = z.infer<(typeof KINDS)[number]['schema']>;

/** A fault as one may write it: what has a default may be left out. */
export type FaultInput = z.input<(typeof KINDS)[number]['schema']>;

export const FAULT_KINDS: Readonly<Record<string, FaultKind>> = Object.fromEntries(
  KINDS.map((kind) => [kind.kind, kind as unknown as FaultKind]),
);

type KindSchema = (typeof KINDS)[number]['schema'];

/** The union of all kinds, told apart by `kind`. */
export const faultSchema = z.discriminatedUnion(
  'kind',
  KINDS.map((kind) => kind.schema) as unknown as [KindSchema, ...KindSchema[]],
) as unknown as z.ZodType<FaultSpec, FaultInput>;

export function titleOfFault(spec: FaultSpec): string {
  return kindOf(spec).title(spec);
}

/** What a fault means in one world. Pure. An empty list of links: it would hit nothing. */
export function planFault(spec: FaultSpec, view: WorldView): FaultPlan {
  return kindOf(spec).plan(spec, view);
}

export function checkFault(spec: FaultSpec): readonly FaultProblem[] {
  return kindOf(spec).check?.(spec) ?? [];
}

function kindOf(spec: FaultSpec): FaultKind {
  const kind = FAULT_KINDS[spec.kind];
  if (kind === undefined) throw new Error(`no fault kind '${spec.kind}' in the table`);
  return kind;
}
