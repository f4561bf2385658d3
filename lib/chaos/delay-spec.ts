/**
 * Delays as a scenario says them: fixed, jittered, or drawn from a table of quantiles; and what a probe can be counted on
 * to see of them. Pure.
 */

import { z } from 'zod';
import type { Delay, DelayQuantile } from '../time/delay.ts';
import type { FaultProblem } from './fault-kind.ts';

/** Below this the machine's own noise would hide a delay. */
export const NOISE_MS = 20;
const LONGEST_MS = 30_000;
/** Of the expected delay: a look at the healthy path has noise of its own. */
const SHOWN_SHARE = 0.8;
/** A delay that fewer draws reach could not be proved. */
const RAREST = 0.01;

const milliseconds = z.number().min(0).max(LONGEST_MS);

/** Spread into the fields of kinds that delay; {@link delayProblems} tells what they must not be together. */
export const DELAY_FIELDS = {
  addedMs: milliseconds
    .optional()
    .describe(`Milliseconds added to each answer: ${NOISE_MS} to ${LONGEST_MS}. This, or quantiles.`),
  jitterMs: milliseconds
    .optional()
    .describe('Milliseconds that addedMs is more or less, drawn evenly; not more than addedMs.'),
  quantiles: z
    .array(
      z.strictObject({
        share: z.number().min(0).max(1).describe('Share of draws that are at most addedMs.'),
        addedMs: milliseconds.describe('Milliseconds added.'),
      }),
    )
    .min(1)
    .max(100)
    .optional()
    .describe(
      'A table that delays are drawn from, in straight lines between its points; the last share is 1.',
    ),
};

export interface DelaySpec {
  readonly addedMs?: number | undefined;
  readonly jitterMs?: number | undefined;
  readonly quantiles?: readonly DelayQuantile[] | undefined;
}

export function delayProblems(spec: DelaySpec): readonly FaultProblem[] {
  const problem = (place: keyof DelaySpec, message: string, hint: string): readonly FaultProblem[] => [
    { place, value: spec[place], message, hint },
  ];
  const { addedMs, jitterMs, quantiles } = spec;
  if (addedMs === undefined && quantiles === undefined)
    return problem('addedMs', 'nothing says how slow it is', 'write addedMs, or quantiles');
  if (quantiles === undefined) {
    if ((addedMs ?? 0) < NOISE_MS)
      return problem('addedMs', 'the machine’s own noise would hide it', `write at least ${NOISE_MS}`);
    if ((jitterMs ?? 0) <= (addedMs ?? 0)) return [];
    return problem('jitterMs', 'an answer cannot come before it was asked for', 'write at most addedMs');
  }
  if (addedMs !== undefined) return problem('addedMs', 'says the same as quantiles', 'write one of the two');
  if (jitterMs !== undefined) return problem('jitterMs', 'quantiles are drawn already', 'leave it out');
  const ascending = quantiles.every((point, index) => {
    const last = quantiles[index - 1];
    return last === undefined || (point.share > last.share && point.addedMs >= last.addedMs);
  });
  if (!ascending || quantiles.at(-1)?.share !== 1)
    return problem('quantiles', 'share and addedMs must grow from point to point, up to share 1', 'sort it');
  if (chanceAbove(delayOf(spec), NOISE_MS) >= RAREST) return [];
  return problem(
    'quantiles',
    `fewer than one draw in a hundred reaches ${NOISE_MS} ms: nothing could be proved`,
    'write longer delays',
  );
}

/** @param spec Without {@link delayProblems}. */
export function delayOf({ addedMs = 0, jitterMs = 0, quantiles }: DelaySpec): Delay {
  if (quantiles !== undefined) return { kind: 'quantiles', points: quantiles };
  return jitterMs === 0 ? { kind: 'fixed', addedMs } : { kind: 'jittered', addedMs, jitterMs };
}

/** The same with every time in it multiplied; whole milliseconds, which every network can carry out. */
export function scaledDelay(delay: Delay, strength: number): Delay {
  const scaled = (ms: number): number => Math.round(ms * strength);
  switch (delay.kind) {
    case 'fixed':
      return { kind: 'fixed', addedMs: Math.max(1, scaled(delay.addedMs)) };
    case 'jittered':
      return {
        kind: 'jittered',
        addedMs: Math.max(1, scaled(delay.addedMs)),
        jitterMs: scaled(delay.jitterMs),
      };
    case 'quantiles':
      return {
        kind: 'quantiles',
        points: delay.points.map(({ share, addedMs }) => ({ share, addedMs: scaled(addedMs) })),
      };
    default:
      return delay satisfies never;
  }
}

export interface ShownDelay {
  /** By how much a look that the delay shows itself to is later, milliseconds. */
  readonly byMs: number;
  /** That one look shows it. */
  readonly chance: number;
  /** The most that one draw adds. */
  readonly longestMs: number;
}

/** @param draws How often a look draws a delay. */
export function shownDelay(delay: Delay, draws: number): ShownDelay {
  const longestMs = quantile(delay, 1);
  const byMs = Math.round(SHOWN_SHARE * Math.max(NOISE_MS, quantile(delay, 0.5)));
  return { byMs, chance: 1 - (1 - chanceAbove(delay, byMs)) ** draws, longestMs };
}

/** `300 ms`, `300 ± 50 ms`, `up to 2000 ms`. */
export function describeDelay(delay: Delay): string {
  switch (delay.kind) {
    case 'fixed':
      return `${delay.addedMs} ms`;
    case 'jittered':
      return `${delay.addedMs} ± ${delay.jitterMs} ms`;
    case 'quantiles':
      return `up to ${delay.points.at(-1)?.addedMs ?? 0} ms`;
    default:
      return delay satisfies never;
  }
}

function quantile(delay: Delay, share: number): number {
  if (delay.kind === 'fixed') return delay.addedMs;
  if (delay.kind === 'jittered') return delay.addedMs + (2 * share - 1) * delay.jitterMs;
  const above = delay.points.findIndex((point) => point.share >= share);
  const upper = delay.points[above];
  const lower = delay.points[above - 1];
  if (upper === undefined) return 0;
  if (lower === undefined) return upper.addedMs;
  const part = (share - lower.share) / (upper.share - lower.share);
  return lower.addedMs + part * (upper.addedMs - lower.addedMs);
}

/** That one draw is at least this; found by halving, since a quantile grows with its share. */
function chanceAbove(delay: Delay, ms: number): number {
  if (quantile(delay, 0) >= ms) return 1;
  let below = 0;
  let above = 1;
  for (let round = 0; round < 30; round += 1) {
    const middle = (below + above) / 2;
    if (quantile(delay, middle) >= ms) above = middle;
    else below = middle;
  }
  return quantile(delay, 1) < ms ? 0 : 1 - above;
}
