/**
 * How fast a Region answers and how much it takes at once: a queue, served first come, first served by so many
 * servers, each request taking a time drawn from a seed. Decides with values; who waits for what it decides is
 * `paced-service.ts`. Real capacity and service times are not published: whatever stands here is a declaration.
 */

import type { Random } from '../time/random.ts';

export interface PaceSpec {
  /** Requests that are served at the same time, 1 or more. */
  readonly concurrency: number;
  /** Requests that may wait beside those being served; one more is turned away. */
  readonly queueLimit: number;
  readonly serviceTime: ServiceTime;
}

/** What serving one request takes, waiting apart. A lognormal of equal median and p99 is constant. */
export type ServiceTime =
  | { readonly kind: 'constant'; readonly ms: number }
  | { readonly kind: 'lognormal'; readonly medianMs: number; readonly p99Ms: number };

/** When a request is served, in microseconds of the clock that told its arrival. */
export interface Slot {
  readonly startUs: number;
  readonly endUs: number;
}

export interface Pace {
  /**
   * Gives the request its place. Arrivals must come in order of time; one at the very moment in which a server is
   * done finds it free.
   */
  admit(arrivalUs: number): Slot | 'full';
}

/** @param random Of this Region alone: then nothing that another one does can move a draw here. */
export function createPace({ concurrency, queueLimit, serviceTime }: PaceSpec, random: Random): Pace {
  const drawUs = serviceTimeUs(serviceTime, random);
  const servers = createServers(concurrency);
  const waiting = createWaiting();
  return {
    admit: (arrivalUs) => {
      const freeUs = servers.earliestUs();
      const startUs = Math.max(arrivalUs, freeUs);
      if (startUs > arrivalUs) {
        if (waiting.countAt(arrivalUs) >= queueLimit) return 'full';
        waiting.add(startUs);
      }
      const endUs = startUs + drawUs();
      servers.occupyEarliest(endUs);
      return { startUs, endUs };
    },
  };
}

/** A few words: `20 ms`, `median 8 ms, p99 40 ms, lognormal`. */
export function describeServiceTime(time: ServiceTime): string {
  return time.kind === 'constant'
    ? `${time.ms} ms`
    : `median ${time.medianMs} ms, p99 ${time.p99Ms} ms, lognormal`;
}

/** The 99th percentile of the standard normal distribution. */
const NORMAL_P99 = 2.326_347_874_040_841;

/** Whole microseconds. */
function serviceTimeUs(time: ServiceTime, random: Random): () => number {
  if (time.kind === 'constant') {
    const us = Math.round(time.ms * 1_000);
    return () => us;
  }
  const medianUs = time.medianMs * 1_000;
  const sigma = Math.log(time.p99Ms / time.medianMs) / NORMAL_P99;
  return () => Math.round(medianUs * Math.exp(sigma * standardNormal(random)));
}

/** Box and Muller's transform; of its two values one is used, so that each request costs the same draws. */
function standardNormal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  return radius * Math.cos(2 * Math.PI * random.next());
}

/** When each server is free again, as a binary heap whose first is the earliest. */
function createServers(concurrency: number): { earliestUs(): number; occupyEarliest(untilUs: number): void } {
  const freeUs = new Float64Array(concurrency).fill(Number.NEGATIVE_INFINITY);
  const at = (index: number): number => freeUs[index] ?? Number.POSITIVE_INFINITY;
  return {
    earliestUs: () => at(0),
    occupyEarliest: (untilUs) => {
      let hole = 0;
      for (;;) {
        const left = 2 * hole + 1;
        const child = at(left + 1) < at(left) ? left + 1 : left;
        // Also where there is no child: what lies behind the end is later than everything.
        if (at(child) >= untilUs) break;
        freeUs[hole] = at(child);
        hole = child;
      }
      freeUs[hole] = untilUs;
    },
  };
}

/** Starts of those who wait. First come, first served makes them come in order, so a queue counts them. */
function createWaiting(): { countAt(nowUs: number): number; add(startUs: number): void } {
  let starts: number[] = [];
  let head = 0;
  return {
    countAt: (nowUs) => {
      while (head < starts.length && (starts[head] ?? 0) <= nowUs) head += 1;
      if (head > 1_024 && head * 2 > starts.length) {
        starts = starts.slice(head);
        head = 0;
      }
      return starts.length - head;
    },
    add: (startUs) => void starts.push(startUs),
  };
}
