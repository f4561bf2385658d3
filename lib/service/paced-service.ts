/**
 * A Region's STS at its declared pace: answers are worked out when requests come and leave when a server of that
 * pace would be done with them. One timer for the whole Region, whatever waits.
 */

import { type Answer, failure } from '../sts/answer.ts';
import { FAULT_MESSAGES, type StsError, THROTTLING } from '../sts/errors.ts';
import type { ReceivedRequest, RegionService, Served } from '../sts/region-service.ts';
import type { Clock } from '../time/monotonic.ts';
import type { Later } from './later.ts';
import type { Pace } from './pace.ts';

export interface PaceEffects {
  readonly clock: Clock;
  /** Calls once after so many whole milliseconds, and keeps no process alive for it; returns what cancels it. */
  readonly later: Later;
}

/**
 * @param inForce Asked for every request; while false, answers leave at once and take nobody's place.
 */
export function pacedService(
  service: RegionService,
  pace: Pace,
  effects: PaceEffects,
  inForce: () => boolean,
): RegionService {
  const departures = createDepartures(effects);
  const depart = (served: Served, request: ReceivedRequest): Served | Promise<Served> => {
    // Who is over its quota is turned away at the door and keeps no server busy.
    if (served.answer.errorCode === THROTTLING.code) return served;
    const slot = pace.admit(effects.clock());
    if (slot === 'full') return { ...served, answer: unavailable(request) };
    return departures.at(slot.endUs, served);
  };
  return {
    region: service.region,
    answer: (request) => {
      const served = service.answer(request);
      if (!inForce()) return served;
      return served instanceof Promise
        ? served.then((answered) => depart(answered, request))
        : depart(served, request);
    },
  };
}

/** DOCS for code and status, "Common Error Types"; that a full queue is answered with it is a guess. */
const UNAVAILABLE: StsError = {
  status: 503,
  code: 'ServiceUnavailable',
  message: FAULT_MESSAGES['ServiceUnavailable'] ?? '',
};

function unavailable({ requestId, http }: ReceivedRequest): Answer {
  const accept = http.headers.find(([name]) => name === 'accept')?.[1] ?? '';
  return failure(UNAVAILABLE, { requestId, format: accept.includes('application/json') ? 'json' : 'xml' });
}

/** Timers are whole milliseconds: what is due within half of one leaves with what the timer was for. */
const SLACK_US = 500;

interface Departure {
  readonly dueUs: number;
  readonly leave: () => void;
}

/** Keeps what is to happen in order of its time, a binary heap, with a timer for the first alone. */
function createDepartures({ clock, later }: PaceEffects): {
  at<Value>(dueUs: number, value: Value): Promise<Value>;
} {
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
