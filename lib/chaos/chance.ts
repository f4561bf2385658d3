/**
 * How often to look where a fault shows itself only by chance: to a share of connections or requests, or with delays
 * that are drawn. Pure.
 */

import type { LinkRecord } from '../journal/event.ts';
import { DEFAULT_PROVE_WITHIN_MS, type FaultPlan } from './fault-kind.ts';

/** How sure one wants to be of having seen a fault that is there. */
const BITE_CERTAINTY = 0.999;
/** How sure that a fault is gone which would have shown itself. */
const HEAL_CERTAINTY = 0.99;
/** Of a fault of one request in ten; a rarer one is taken for healed a little too easily, and never too late. */
const LOOKS_TO_HEAL_AT_MOST = 44;
/** As many looks as the proof has under way at once. */
export const LOOKS_AT_ONCE = 4;
/** Late answers in a row that tell a fault from a machine that was busy for a moment. */
export const LOOKS_FOR_LATENESS = 3;
/** The same where not every answer is late; they need not be in a row. */
export const LOOKS_FOR_LATENESS_BY_CHANCE = 2;
/** Between two looks, and what a machine adds to one. */
const PAUSE_MS = 60;
const HEAL_WITHIN_MS = 5_000;

/** The number of looks after which one has shown what each shows with this chance. */
export function looksUntil(certainty: number, chance: number): number {
  return chance >= 1 ? 1 : Math.ceil(Math.log(1 - certainty) / Math.log(1 - chance));
}

export interface Sight {
  /** That one look shows the fault; above 0 and at most 1. */
  readonly chance: number;
  /** The links looked over. */
  readonly links: readonly Pick<LinkRecord, 'roundTripMs'>[];
  /** What the fault adds to a look that it shows itself to, milliseconds. */
  readonly addedMs?: number;
}

export type ProofTimes = Pick<FaultPlan, 'proveWithinMs' | 'healWithinMs' | 'leastMs'>;

export function looksToHeal({ chance }: Pick<Sight, 'chance'>): number {
  return Math.min(LOOKS_TO_HEAL_AT_MOST, looksUntil(HEAL_CERTAINTY, chance));
}

/** How long the proof may take, of the bite and of the healing. */
export function proofTimes({ chance, links, addedMs = 0 }: Sight): ProofTimes {
  const lateMsInAll = LOOKS_FOR_LATENESS * addedMs;
  const certain = { proveWithinMs: DEFAULT_PROVE_WITHIN_MS + lateMsInAll, leastMs: lateMsInAll };
  if (chance >= 1) return certain;
  const lookMs = 4 * Math.max(0, ...links.map(({ roundTripMs }) => roundTripMs)) + PAUSE_MS;
  const within = (looks: number): number => Math.ceil((looks * links.length) / LOOKS_AT_ONCE) * lookMs;
  const looks = LOOKS_FOR_LATENESS_BY_CHANCE * looksUntil(BITE_CERTAINTY, chance);
  // Late answers come to some looks in a row where that is a matter of chance.
  const lateMs = addedMs * Math.min(looks, LOOKS_AT_ONCE);
  return {
    proveWithinMs: DEFAULT_PROVE_WITHIN_MS + lateMs + within(looks),
    healWithinMs: HEAL_WITHIN_MS + within(looksToHeal({ chance })),
    leastMs: addedMs + within(looks),
  };
}
