/**
 * The engine's hand on the clock: what time it is in the run, and a call when a moment has come. Timers of the
 * system are a millisecond wide, which would sit in every latency; an exact call therefore sleeps to shortly
 * before its moment and then turns the event loop until it is there, so answers are still read meanwhile.
 */

import type { Clock } from '../time/monotonic.ts';

export interface Scheduler {
  /** Integer microseconds of the run; negative before its origin. */
  now(): number;
  /** Calls back at `atUs` or later, never earlier: `exact` late by microseconds, `coarse` by a millisecond or two. */
  at(atUs: number, precision: 'exact' | 'coarse', callback: () => void): Cancel;
}

export type Cancel = () => void;

/** How long before its moment an exact call stops sleeping: a system timer's own width. */
const SPIN_MS = 1;

/** @param originUs The run's zero on the clock. */
export function realScheduler(clock: Clock, originUs: number): Scheduler {
  const now = (): number => clock() - originUs;
  return {
    now,
    at: (atUs, precision, callback) => {
      let timer: NodeJS.Timeout | undefined;
      let turn: NodeJS.Immediate | undefined;
      const wait = (): void => {
        const leftMs = (atUs - now()) / 1_000;
        if (precision === 'exact' && leftMs < SPIN_MS + 1) turn = setImmediate(spin);
        else timer = setTimeout(wake, precision === 'exact' ? leftMs - SPIN_MS : Math.ceil(leftMs));
      };
      const spin = (): void => {
        if (now() >= atUs) callback();
        else turn = setImmediate(spin);
      };
      // Timers may fire a fraction of a millisecond early; a time limit must not.
      const wake = (): void => {
        if (now() >= atUs) callback();
        else wait();
      };
      wait();
      return () => {
        clearTimeout(timer);
        clearImmediate(turn);
      };
    },
  };
}
