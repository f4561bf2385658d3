/**
 * Wakes many sleepers at their exact microsecond. The system's timers come a millisecond late now and then,
 * so the last stretch before a deadline is walked in turns of the event loop, which go on reading sockets,
 * and the last few microseconds are spun.
 *
 *   now ── timer (whole milliseconds) ──▶ turns of the loop ──▶ spin ──▶ due
 */

import { type Clock, monotonicUs } from '../time/monotonic.ts';

export interface Alarm {
  /** Calls `ring` once, at `dueUs` or as soon after it as the process gets to run. Ties ring in order. */
  at(dueUs: number, ring: () => void): void;
}

/** What an alarm needs of the world; tests hand over one that they move by hand. */
export interface AlarmParts {
  readonly clock: Clock;
  /** A timer of whole milliseconds; returns what cancels it. */
  readonly later: (delayMs: number, wake: () => void) => () => void;
  /** The next turn of the event loop. */
  readonly soon: (wake: () => void) => void;
}

/** The longest stretch before a deadline that is walked in turns of the loop. */
const WALK_US = 1_000;
/** The stretch that is spun; shorter than one turn of a busy loop. */
const SPIN_US = 60;

export function createAlarm(parts: AlarmParts = SYSTEM_PARTS): Alarm {
  const sleepers = createSleepers();
  let walking = false;
  let cancelTimer: (() => void) | undefined;
  let timerForUs = Number.POSITIVE_INFINITY;

  const wake = (): void => {
    walking = false;
    cancelTimer?.();
    cancelTimer = undefined;
    timerForUs = Number.POSITIVE_INFINITY;
    let next = sleepers.peek();
    while (next !== undefined && next.dueUs - parts.clock() <= SPIN_US) {
      while (parts.clock() < next.dueUs) {
        // Spinning: too short for any timer.
      }
      sleepers.pop();
      next.ring();
      next = sleepers.peek();
    }
    if (next !== undefined) prepare(next.dueUs);
  };

  const prepare = (dueUs: number): void => {
    if (walking || dueUs >= timerForUs) return;
    const remainingUs = dueUs - parts.clock();
    cancelTimer?.();
    cancelTimer = undefined;
    if (remainingUs < WALK_US) {
      walking = true;
      timerForUs = Number.POSITIVE_INFINITY;
      parts.soon(wake);
    } else {
      timerForUs = dueUs;
      cancelTimer = parts.later(Math.floor(remainingUs / 1_000), wake);
    }
  };

  return {
    at: (dueUs, ring) => {
      sleepers.push(dueUs, ring);
      const first = sleepers.peek();
      if (first !== undefined) prepare(first.dueUs);
    },
  };
}

const SYSTEM_PARTS: AlarmParts = {
  clock: monotonicUs,
  later: (delayMs, wake) => {
    const timer = setTimeout(wake, delayMs);
    return () => clearTimeout(timer);
  },
  soon: (wake) => {
    setImmediate(wake);
  },
};

interface Sleeper {
  readonly dueUs: number;
  readonly sequence: number;
  readonly ring: () => void;
}

/** A binary heap, earliest first; sleepers of the same microsecond leave in the order they came. */
function createSleepers(): {
  push(dueUs: number, ring: () => void): void;
  peek(): Sleeper | undefined;
  pop(): void;
} {
  const heap: Sleeper[] = [];
  let sequence = 0;
  const before = (a: Sleeper, b: Sleeper): boolean =>
    a.dueUs < b.dueUs || (a.dueUs === b.dueUs && a.sequence < b.sequence);
  return {
    peek: () => heap[0],
    push: (dueUs, ring) => {
      const sleeper = { dueUs, sequence, ring };
      sequence += 1;
      let hole = heap.length;
      while (hole > 0) {
        const parentAt = (hole - 1) >> 1;
        const parent = heap[parentAt];
        if (parent === undefined || before(parent, sleeper)) break;
        heap[hole] = parent;
        hole = parentAt;
      }
      heap[hole] = sleeper;
    },
    pop: () => {
      const last = heap.pop();
      if (last === undefined || heap.length === 0) return;
      let hole = 0;
      for (;;) {
        const left = heap[2 * hole + 1];
        if (left === undefined) break;
        const right = heap[2 * hole + 2];
        const [child, at] =
          right !== undefined && before(right, left) ? [right, 2 * hole + 2] : [left, 2 * hole + 1];
        if (before(last, child)) break;
        heap[hole] = child;
        hole = at;
      }
      heap[hole] = last;
    },
  };
}
