/** How much later something comes, as a fault says it and as it is drawn from a seed. Pure. */

import type { Random } from './random.ts';

/** Time that an answer comes later, milliseconds. */
export type Delay =
  | { readonly kind: 'fixed'; readonly addedMs: number }
  /** Drawn evenly from `addedMs` ± `jitterMs`, never below 0. */
  | { readonly kind: 'jittered'; readonly addedMs: number; readonly jitterMs: number }
  /** Drawn from a table, read in straight lines between its points; below the first point its delay holds. */
  | { readonly kind: 'quantiles'; readonly points: readonly DelayQuantile[] };

export interface DelayQuantile {
  /** 0 to 1, ascending over the table, the last one 1. */
  readonly share: number;
  readonly addedMs: number;
}

/** Milliseconds for the next answer. */
export function drawDelayMs(delay: Delay, random: Random): number {
  switch (delay.kind) {
    case 'fixed':
      return delay.addedMs;
    case 'jittered':
      return Math.max(0, delay.addedMs + (2 * random.next() - 1) * delay.jitterMs);
    case 'quantiles':
      return readTable(delay.points, random.next());
    default:
      return delay satisfies never;
  }
}

/** What is wrong with it, in half a sentence; `undefined` when nothing is. */
export function delayProblem(delay: Delay): string | undefined {
  const times = delay.kind === 'quantiles' ? delay.points.map(({ addedMs }) => addedMs) : [delay.addedMs];
  if (delay.kind === 'jittered') times.push(delay.jitterMs);
  const wrong = times.find((ms) => !(ms >= 0 && ms <= MAXIMUM_DELAY_MS));
  if (wrong !== undefined) return `a delay of ${wrong} ms is not between 0 and ${MAXIMUM_DELAY_MS}`;
  if (delay.kind !== 'quantiles') return undefined;
  const shares = delay.points.map(({ share }) => share);
  const ascending = shares.every((share, index) => share > (shares[index - 1] ?? -1));
  if (!ascending || (shares[0] ?? -1) < 0 || shares.at(-1) !== 1) {
    return `shares ${shares.join(', ')} do not ascend from 0 or more to 1`;
  }
  return undefined;
}

/** An hour; no client waits longer. */
const MAXIMUM_DELAY_MS = 3_600_000;

function readTable(points: readonly DelayQuantile[], at: number): number {
  let below: DelayQuantile | undefined;
  for (const point of points) {
    if (at <= point.share) {
      if (below === undefined) return point.addedMs;
      const part = (at - below.share) / (point.share - below.share);
      return below.addedMs + part * (point.addedMs - below.addedMs);
    }
    below = point;
  }
  return below?.addedMs ?? 0;
}
