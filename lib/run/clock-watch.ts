/**
 * Compares the clocks of the machine with each other once a second. Every figure rests on the monotonic clock, so a
 * wall clock that is set spoils nothing and is told; a machine that slept in mid-run spoils everything and ends it.
 */

import { uptime } from 'node:os';
import { monotonicUs } from '../time/monotonic.ts';
import type { RunLog } from './run-log.ts';
import type { Stop } from './stop.ts';

/** The clocks at one moment, as nearly as they can be read together. */
export interface ClockReading {
  /** Stands still while the machine is suspended. */
  readonly monoUs: number;
  /** Whatever anybody sets it to. */
  readonly wallMs: number;
  /** Since the machine was started, times of suspension included. */
  readonly bootMs: number;
}

export type ClockTrouble =
  /** The wall clock was set; forward is positive. */
  | { readonly kind: 'stepped'; readonly byMs: number }
  /** The machine slept. */
  | { readonly kind: 'suspended'; readonly forMs: number }
  /** Nobody ran this process for so long, whatever else went on. */
  | { readonly kind: 'stalled'; readonly forMs: number };

export interface ClockComparison {
  /** What has gone wrong since the reading before; to be called each {@link READ_EVERY_MS}. */
  read(reading: ClockReading): readonly ClockTrouble[];
}

export const READ_EVERY_MS = 1_000;
const STEP_MS = 1_000;
const SUSPENDED_MS = 2_000;
const STALLED_MS = 3_000;

/** Pure. Small differences add up until they are worth telling, and are told once. */
export function compareClocks(first: ClockReading): ClockComparison {
  let wallBase = first;
  let bootBase = first;
  let before = first;
  return {
    read: (now) => {
      const found: ClockTrouble[] = [];
      const stalledMs = monoMs(before, now) - READ_EVERY_MS;
      if (stalledMs > STALLED_MS) found.push({ kind: 'stalled', forMs: stalledMs });
      const sleptMs = now.bootMs - bootBase.bootMs - monoMs(bootBase, now);
      // What the machine slept, the wall clock went on; that is no step. Small change is kept for the next time.
      const suspended = sleptMs > SUSPENDED_MS;
      const stepMs = now.wallMs - wallBase.wallMs - monoMs(wallBase, now) - (suspended ? sleptMs : 0);
      if (suspended) found.push({ kind: 'suspended', forMs: sleptMs });
      if (Math.abs(stepMs) > STEP_MS) found.push({ kind: 'stepped', byMs: stepMs });
      if (suspended) bootBase = now;
      if (suspended || Math.abs(stepMs) > STEP_MS) wallBase = now;
      before = now;
      return found;
    },
  };
}

/** A step and a stall become notes; a suspension ends the run as a failure of ours. */
export function watchClocks(log: RunLog, stop: Stop, originUs: number): Disposable {
  const comparison = compareClocks(readClocks());
  const timer = setInterval(() => {
    const reading = readClocks();
    for (const trouble of comparison.read(reading)) {
      const sentence = describeTrouble(trouble, reading.monoUs - originUs);
      if (trouble.kind === 'suspended') stop.now('failure', sentence);
      else log.write({ kind: 'note', level: 'warning', text: sentence });
    }
  }, READ_EVERY_MS);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** @param atUs Of the run, when it was noticed. */
export function describeTrouble(trouble: ClockTrouble, atUs: number): string {
  const when = `at ${seconds(atUs / 1_000)} of the run`;
  switch (trouble.kind) {
    case 'stepped':
      return `the wall clock was set ${trouble.byMs > 0 ? 'forward' : 'back'} by ${seconds(Math.abs(trouble.byMs))} ${when}; no figure depends on it`;
    case 'suspended':
      return `the machine was suspended for ${seconds(trouble.forMs)} ${when}: nothing that was under way then says anything about STS`;
    case 'stalled':
      return `the conductor itself stood still for ${seconds(trouble.forMs)} ${when}: this machine had no time for it`;
    default:
      return trouble satisfies never;
  }
}

function readClocks(): ClockReading {
  // Linux: /proc/uptime, which is CLOCK_BOOTTIME. Where it does not tell sleep apart, sleep shows as a stall.
  return { monoUs: monotonicUs(), wallMs: Date.now(), bootMs: uptime() * 1_000 };
}

function monoMs(from: ClockReading, to: ClockReading): number {
  return (to.monoUs - from.monoUs) / 1_000;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
