/**
 * What every kind of fault has in common: a schema of what a scenario may say, and a pure plan of what that means
 * for one world. Adding a kind is one file in `faults/` that exports a `FaultKind`, and one line in `fault-kinds.ts`.
 */

import { z } from 'zod';
import type { LinkRecord } from '../journal/event.ts';
import { durationText } from '../time/duration-text.ts';
import type { NetworkEffect, ProbeOperation, ServiceFault } from './control.ts';
import type { ProbeExpectation } from './probe-expectation.ts';

/** The world as far as planning a fault needs it. */
export interface WorldView {
  readonly links: readonly LinkRecord[];
  readonly regions: readonly string[];
  readonly accounts: readonly { readonly id: string; readonly partition: string }[];
}

/** One thing to do, and to undo. The injector adds id, lease and seed. */
export type FaultOrder =
  | { readonly to: 'network'; readonly links: readonly string[]; readonly effect: NetworkEffect }
  | { readonly to: 'service'; readonly fault: Omit<ServiceFault, 'id' | 'leaseMs' | 'seed'> }
  | { readonly to: 'switch'; readonly account: string; readonly region: string }
  | { readonly to: 'control-plane'; readonly partition: string };

/** How one path shows that the fault bites. The same probe shows before and after that the path is healthy. */
export interface ProbePlan {
  readonly link: string;
  readonly operation: ProbeOperation;
  readonly account?: string;
  readonly during: ProbeExpectation;
  readonly timeLimitMs: number;
}

export interface FaultPlan {
  /** Ids of the links inside the blast radius. Empty: the target matches nothing in this world. */
  readonly links: readonly string[];
  /** Regions that are hit as a whole; a fault of one host name or one location leaves its Region out. */
  readonly regions: readonly string[];
  readonly orders: readonly FaultOrder[];
  readonly probes: readonly ProbePlan[];
  /** How long to go on probing for a bite; chance needs more than certainty. */
  readonly proveWithinMs: number;
}

/** A fault that cannot mean anything in any world, found before one is opened. */
export interface FaultProblem {
  /** Path below the fault: `target.region`. */
  readonly place: string;
  readonly value: unknown;
  readonly message: string;
  readonly hint: string;
}

export interface FaultKind<Schema extends z.ZodType = z.ZodType> {
  readonly kind: string;
  readonly schema: Schema;
  /** A few words for timelines and reports: `eu-west-1 refuses connections`. */
  title(spec: z.infer<Schema>): string;
  plan(spec: z.infer<Schema>, view: WorldView): FaultPlan;
  /** What the schema cannot see. */
  check?(spec: z.infer<Schema>): readonly FaultProblem[];
}

/** Keeps the precise type of a kind's specification while checking its shape. */
export function defineFaultKind<Schema extends z.ZodType>(kind: FaultKind<Schema>): FaultKind<Schema> {
  return kind;
}

/** Fields that every fault carries, spread into each kind's schema. */
export const COMMON_FIELDS = {
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'write lower-case letters, digits and hyphens')
    .describe('How expectations and reports call it; unique in the scenario.'),
  at: durationText.describe('When it begins, from the start of the load.'),
  for: durationText.describe('How long it lasts.'),
};

export const DEFAULT_PROVE_WITHIN_MS = 2_000;

/**
 * What one probe may take, in milliseconds: a fresh TLS connection costs about four round trips, and a machine
 * under load adds its own. Below this a slow path would pass for a silent one.
 */
export function probeTimeLimitMs(roundTripMs: number): number {
  return Math.ceil(4 * roundTripMs + 400);
}
