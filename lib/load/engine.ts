/**
 * Walks an arrival plan: sends each arrival when its moment comes, whatever became of the earlier ones, asks the
 * caller's policy for the next attempt, and writes one row an attempt. Clock, transport and journal are handed in.
 *
 * Every arrival that fell due ends in exactly one of ok, failed, indeterminate or dropped.
 */

import type { LoadEnded, LoadProgress } from '../journal/event.ts';
import type { Sample } from '../journal/sample.ts';
import type { Arrival } from './arrival-plan.ts';
import type { PolicyAttempt } from './policy/policy.ts';
import { type RememberingPolicy, rememberingPolicy } from './policy/remembering.ts';
import { callerName, type EngineGroup, policyOnHosts } from './resolved-group.ts';
import { type Asker, attemptRow, type DropCode, droppedRow } from './rows.ts';
import type { Cancel, Scheduler } from './scheduler.ts';
import { createTally } from './tally.ts';
import type { AttemptResult, LiveAttempt, Transport } from './transport.ts';

export interface EngineOptions {
  readonly groups: readonly EngineGroup[];
  /** Sorted by `plannedUs`. */
  readonly arrivals: readonly Arrival[];
  readonly durationUs: number;
  /** How long after the load's end answers are still awaited. */
  readonly drainUs: number;
  /** Arrivals that may be under way at once; one more is dropped. */
  readonly maxInFlight: number;
  readonly scheduler: Scheduler;
  readonly transport: Transport;
  readonly write: (sample: Sample) => void;
  /** Once a second of the run, and once before the end. */
  readonly onProgress: (progress: LoadProgress) => void;
  /** Once, after the last row. */
  readonly onEnded: (ended: LoadEnded) => void;
}

export interface LoadRun {
  /** Ends the load now: what is under way becomes UNANSWERED, what is not yet due was never planned. */
  stop(): void;
}

/** An arrival this late says more about the generator than about the service: it is dropped. */
const LATEST_START_US = 1_000_000;

/** After a stall many arrivals are due at once; between two batches of them the event loop reads answers. */
const BATCH = 32;

const SECOND_US = 1_000_000;

interface Caller {
  readonly name: string;
  readonly location: string;
  readonly policy: RememberingPolicy;
}

/** An arrival under way. */
interface Flight {
  readonly asker: Asker;
  readonly policy: RememberingPolicy;
  readonly attempts: PolicyAttempt[];
  live: LiveAttempt | undefined;
  cancelLimit: Cancel | undefined;
}

/** Starts walking at the run's zero, or at once when that has passed. */
export function runLoad(options: EngineOptions): LoadRun {
  const { arrivals, durationUs, scheduler, transport, write } = options;
  const callers = options.groups.map(callersOf);
  const tally = createTally(options.groups);
  const flights = new Set<Flight>();
  let cursor = 0;
  let state: 'running' | 'closing' | 'ended' = 'running';
  let cancelPacing: Cancel = () => {};
  let cancelProgress: Cancel = () => {};

  const pace = (): void => {
    for (let taken = 0; taken < BATCH; taken += 1) {
      const arrival = nextDue();
      if (arrival === undefined) break;
      take(arrival);
    }
    const next = arrivals[cursor];
    if (next !== undefined) cancelPacing = scheduler.at(next.plannedUs, 'exact', pace);
    else endWhenDone();
  };

  /** Takes the next arrival off the plan if its moment has come. */
  const nextDue = (): Arrival | undefined => {
    const arrival = arrivals[cursor];
    if (arrival === undefined || arrival.plannedUs > scheduler.now()) return undefined;
    cursor += 1;
    return arrival;
  };

  const take = (arrival: Arrival): void => {
    const caller = callers[arrival.group]?.[arrival.caller];
    if (caller === undefined) throw new RangeError('the plan was made for other groups');
    const asker = { arrival, caller: caller.name, location: caller.location };
    const nowUs = scheduler.now();
    const lagUs = nowUs - arrival.plannedUs;
    tally.due(lagUs);
    const dropCode = reasonToDrop(lagUs);
    if (dropCode !== undefined) {
      write(droppedRow(asker, nowUs, dropCode));
      tally.dropped(arrival.group);
      return;
    }
    const flight = {
      asker,
      policy: caller.policy,
      attempts: [],
      live: undefined,
      cancelLimit: undefined,
    };
    flights.add(flight);
    step(flight);
  };

  const reasonToDrop = (lagUs: number): DropCode | undefined => {
    if (state !== 'running') return 'LOAD_ENDED';
    if (lagUs > LATEST_START_US) return 'GENERATOR_LATE';
    return flights.size >= options.maxInFlight ? 'TOO_MANY_IN_FLIGHT' : undefined;
  };

  const step = (flight: Flight): void => {
    const startedUs = scheduler.now();
    const decided = flight.policy.next(flight.attempts, startedUs);
    if (decided.kind === 'giveUp' || state !== 'running') {
      land(flight);
      return;
    }
    const { endpoint: host, timeLimitUs } = decided;
    const { group, caller, operation } = flight.asker.arrival;
    const live = transport.send({ group, caller, host, operation }, (result) =>
      settle(flight, host, startedUs, result),
    );
    flight.live = live;
    if (timeLimitUs === null) return;
    flight.cancelLimit = scheduler.at(startedUs + timeLimitUs, 'coarse', () => live.abandon('ETIMEDOUT'));
  };

  const settle = (flight: Flight, host: string, startedUs: number, result: AttemptResult): void => {
    const endedUs = scheduler.now();
    flight.cancelLimit?.();
    flight.cancelLimit = undefined;
    flight.live = undefined;
    const { outcome, status, errorCode } = result;
    const attempt = { endpoint: host, startedUs, endedUs, outcome, status, errorCode };
    flight.attempts.push(attempt);
    write(attemptRow(flight.asker, flight.attempts.length, host, attempt, result));
    tally.attempt(flight.asker.arrival.group, host, outcome === 'ok');
    flight.policy.learn(attempt, endedUs);
    step(flight);
  };

  /** The arrival is over: its last attempt is its outcome. */
  const land = (flight: Flight): void => {
    const last = flight.attempts.at(-1);
    if (last === undefined) throw new RangeError('a policy gave up before its first attempt');
    flights.delete(flight);
    const { group, plannedUs } = flight.asker.arrival;
    tally.landed(group, last.outcome, last.endedUs - plannedUs);
    endWhenDone();
  };

  const endWhenDone = (): void => {
    const done = cursor === arrivals.length && flights.size === 0 && scheduler.now() >= durationUs;
    if (done && state === 'running') end(false);
  };

  const end = (stoppedEarly: boolean): void => {
    state = 'closing';
    for (const cancel of [cancelPacing, cancelProgress, ...cancelEnds]) cancel();
    // Due before the end and not yet taken up: planned, therefore counted.
    for (let late = nextDue(); late !== undefined; late = nextDue()) take(late);
    for (const flight of flights) flight.live?.abandon('UNANSWERED');
    state = 'ended';
    options.onProgress(tally.progress());
    options.onEnded(tally.ended(stoppedEarly));
  };

  const reportFrom = (second: number): void => {
    cancelProgress = scheduler.at(second * SECOND_US, 'coarse', () => {
      options.onProgress(tally.progress());
      reportFrom(second + 1);
    });
  };

  const cancelEnds = [
    scheduler.at(durationUs, 'coarse', endWhenDone),
    scheduler.at(durationUs + options.drainUs, 'coarse', () => {
      if (state === 'running') end(false);
    }),
  ];
  reportFrom(1);
  cancelPacing = scheduler.at(arrivals[0]?.plannedUs ?? durationUs, 'exact', pace);
  return {
    stop: () => {
      if (state === 'running') end(true);
    },
  };
}

function callersOf(group: EngineGroup): readonly Caller[] {
  const policy = policyOnHosts(group);
  return Array.from({ length: group.callers }, (_, caller) => ({
    name: callerName(group, caller),
    location: group.location,
    policy: rememberingPolicy(policy),
  }));
}
