/** When answers leave that have to wait: a heap in order of time and one timer for the first alone, whatever waits. */

import type { Clock } from '../time/monotonic.ts';
import type { Later } from './later.ts';

export interface Departures {
  /** Resolves with the value at that time of the clock. */
  at<Value>(dueUs: number, value: Value): Promise<Value>;
}

export interface DepartureEffects {
  readonly clock: Clock;
  /** Calls once after so many whole milliseconds, and keeps no process alive for it; returns what cancels it. */
  readonly later: Later;
}

/** Timers are whole milliseconds: what is due within half of one leaves with what the timer was for. */
const SLACK_US = 500;

interface Departure {
  readonly dueUs: number;
  readonly leave: () => void;
}

export function createDepartures({ clock, later }: DepartureEffects): Departures {
  const heap: Departure[] = [];
  let armedForUs = Number.POSITIVE_INFINITY;
  let cancel: (() => void) | undefined;

  const wake = (): void => {
    armedForUs = Number.POSITIVE_INFINITY;
    const untilUs = clock() + SLACK_US;
    for (let first = heap[0]; first !== undefined && first.dueUs <= untilUs; first = heap[0]) {
      removeFirst(heap);
      first.leave();
    }
    arm();
  };
  const arm = (): void => {
    const dueUs = heap[0]?.dueUs;
    if (dueUs === undefined || dueUs >= armedForUs) return;
    cancel?.();
    armedForUs = dueUs;
    cancel = later(Math.max(1, Math.round((dueUs - clock()) / 1_000)), wake);
  };

  return {
    at: (dueUs, value) =>
      new Promise((resolve) => {
        insert(heap, { dueUs, leave: () => resolve(value) });
        arm();
      }),
  };
}

function insert(heap: Departure[], departure: Departure): void {
  let hole = heap.length;
  while (hole > 0) {
    const parentAt = (hole - 1) >> 1;
    const parent = heap[parentAt];
    if (parent === undefined || parent.dueUs <= departure.dueUs) break;
    heap[hole] = parent;
    hole = parentAt;
  }
  heap[hole] = departure;
}

function removeFirst(heap: Departure[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let hole = 0;
  for (;;) {
    const leftAt = 2 * hole + 1;
    const left = heap[leftAt];
    if (left === undefined) break;
    const right = heap[leftAt + 1];
    const [child, at] =
      right !== undefined && right.dueUs < left.dueUs ? [right, leftAt + 1] : [left, leftAt];
    if (child.dueUs >= last.dueUs) break;
    heap[hole] = child;
    hole = at;
  }
  heap[hole] = last;
}
