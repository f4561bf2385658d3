/**
 * Walks an arrival plan: sends each arrival when its moment comes, whatever became of the earlier ones, asks the
 * caller's policy for the next attempt, and writes one row an attempt. Clock, transport and journal are handed in.
 *
 * Every arrival that fell due ends in exactly one of ok, failed, indeterminate or dropped.
 */

import { callerSeed } from '../failover/chance.ts';
import type { CallHistory, LivePolicyAttempt, PolicyAttempt, TryEndpoint } from '../failover/policy.ts';
import { type RememberingPolicy, rememberingPolicy } from '../failover/remembering.ts';
import { worthAnotherEndpoint } from '../failover/worth-another.ts';
import type { LoadEnded, LoadProgress } from '../journal/event.ts';
import type { Sample } from '../journal/sample.ts';
import type { Arrival } from './arrival-plan.ts';
import { callerName, type EngineGroup, policyForEngine } from './resolved-group.ts';
import { type Asker, attemptRow, cachedRow, type DropCode, droppedRow, untriedRow } from './rows.ts';
import type { Cancel, Scheduler } from './scheduler.ts';
import { createTally } from './tally.ts';
import type { AttemptResult, LiveAttempt, Transport } from './transport.ts';

export interface EngineOptions {
  readonly groups: readonly EngineGroup[];
  /** For what the callers' policies draw. */
  readonly seed: number;
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

/** An attempt under way. */
interface Live extends LivePolicyAttempt {
  attempt: LiveAttempt | undefined;
  cancelLimit: Cancel | undefined;
}

/** An arrival under way; also the history that its policy is shown. */
interface Flight extends CallHistory {
  readonly asker: Asker;
  readonly policy: RememberingPolicy;
  readonly ended: PolicyAttempt[];
  readonly live: Live[];
  /** Of its rows so far. */
  rows: number;
  /** Of what the policy waits for beside answers. */
  cancelWait: Cancel | undefined;
  over: boolean;
}

/** Starts walking at the run's zero, or at once when that has passed. */
export function runLoad(options: EngineOptions): LoadRun {
  const { arrivals, durationUs, scheduler, transport, write } = options;
  const callers = options.groups.map((group, index) => callersOf(group, index, options.seed));
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
    const dropCode = reasonToDrop(arrival.group, lagUs);
    if (dropCode !== undefined) {
      write(droppedRow(asker, nowUs, dropCode));
      tally.dropped(arrival.group);
      return;
    }
    const flight: Flight = {
      asker,
      policy: caller.policy,
      ended: [],
      live: [],
      rows: 0,
      cancelWait: undefined,
      over: false,
    };
    flights.add(flight);
    step(flight);
  };

  const reasonToDrop = (group: number, lagUs: number): DropCode | undefined => {
    if (state !== 'running') return 'LOAD_ENDED';
    if (lagUs > LATEST_START_US) return 'GENERATOR_LATE';
    const full = flights.size >= options.maxInFlight || transport.isFull?.(group) === true;
    return full ? 'TOO_MANY_IN_FLIGHT' : undefined;
  };

  /** Asks the policy until it has nothing more to do for now. */
  const step = (flight: Flight): void => {
    flight.cancelWait?.();
    flight.cancelWait = undefined;
    while (!flight.over) {
      const nowUs = scheduler.now();
      if (state !== 'running') {
        land(flight);
        return;
      }
      const decided = flight.policy.next(flight, nowUs);
      switch (decided.kind) {
        case 'try':
          begin(flight, decided, nowUs);
          break;
        case 'wait':
          if (flight.live.length === 0 && decided.untilUs === null)
            throw new RangeError('a policy waits for an attempt that nobody makes');
          if (decided.untilUs !== null)
            flight.cancelWait = scheduler.at(decided.untilUs, 'coarse', () => step(flight));
          return;
        case 'useCached':
          abandonRest(flight, 'SUPERSEDED');
          flight.rows += 1;
          write(cachedRow(flight.asker, flight.rows, nowUs));
          leave(flight, 'ok', nowUs);
          return;
        case 'giveUp':
          land(flight);
          return;
        default: {
          const unknown: never = decided;
          throw new RangeError(`unknown step: ${JSON.stringify(unknown)}`);
        }
      }
    }
  };

  const begin = (flight: Flight, { endpoint, timeLimitUs }: TryEndpoint, startedUs: number): void => {
    const { group, caller, operation } = flight.asker.arrival;
    const live: Live = { endpoint, startedUs, attempt: undefined, cancelLimit: undefined };
    flight.live.push(live);
    const attempt = transport.send({ group, caller, host: endpoint, operation }, (result) =>
      settle(flight, live, result),
    );
    live.attempt = attempt;
    if (timeLimitUs === null) return;
    live.cancelLimit = scheduler.at(startedUs + timeLimitUs, 'coarse', () => attempt.abandon('ETIMEDOUT'));
  };

  const settle = (flight: Flight, live: Live, result: AttemptResult): void => {
    const endedUs = scheduler.now();
    live.cancelLimit?.();
    flight.live.splice(flight.live.indexOf(live), 1);
    if (flight.over) {
      const attempt = attemptOf(live, endedUs, result);
      record(flight, live, attempt, result);
      flight.policy.learn(attempt, endedUs);
      return;
    }
    const attempt = attemptOf(live, endedUs, result);
    // What decides the call ends last: an arrival's highest attempt carries its outcome.
    if (flight.live.length > 0 && !worthAnotherEndpoint(attempt)) abandonRest(flight, 'SUPERSEDED');
    record(flight, live, attempt, result);
    flight.ended.push(attempt);
    flight.policy.learn(attempt, endedUs);
    step(flight);
  };

  /** Writes the row of an attempt, and before it those of the attempts that its client made by itself. */
  const record = (flight: Flight, live: Live, attempt: PolicyAttempt, result: AttemptResult): void => {
    const { asker } = flight;
    const { group } = asker.arrival;
    const sentUs = live.startedUs;
    for (const { startedAfterUs, endedAfterUs, ...earlier } of result.earlier ?? []) {
      const host = earlier.host ?? live.endpoint;
      const times = { startedUs: sentUs + startedAfterUs, endedUs: sentUs + endedAfterUs };
      flight.rows += 1;
      write(attemptRow(asker, flight.rows, host, times, earlier));
      tally.attempt(group, host, earlier.outcome === 'ok');
    }
    const { endpoint, outcome } = attempt;
    flight.rows += 1;
    write(attemptRow(asker, flight.rows, endpoint, attempt, result));
    // A client may have been served by what it still held: nobody was asked then.
    if (endpoint !== '') tally.attempt(group, endpoint, outcome === 'ok');
  };

  /** Their rows are written, and the policy learns that another was quicker. */
  const abandonRest = (flight: Flight, code: 'SUPERSEDED' | 'UNANSWERED'): void => {
    const over = flight.over;
    flight.over = true;
    for (const { attempt } of flight.live.slice()) attempt?.abandon(code);
    flight.over = over;
  };

  /** The arrival is over: its last attempt is its outcome. */
  const land = (flight: Flight): void => {
    abandonRest(flight, state === 'running' ? 'SUPERSEDED' : 'UNANSWERED');
    const last = flight.ended.at(-1);
    if (last !== undefined) {
      leave(flight, last.outcome, last.endedUs);
      return;
    }
    const nowUs = scheduler.now();
    write(untriedRow(flight.asker, nowUs));
    leave(flight, 'failed', nowUs);
  };

  const leave = (flight: Flight, outcome: PolicyAttempt['outcome'], endedUs: number): void => {
    flight.over = true;
    flights.delete(flight);
    const { group, plannedUs } = flight.asker.arrival;
    tally.landed(group, outcome, endedUs - plannedUs);
    endWhenDone();
  };

  /** At the end of the load: what is under way is not waited for any longer. */
  const finish = (flight: Flight): void => {
    flight.cancelWait?.();
    const [first, ...rest] = flight.live;
    if (first === undefined) {
      land(flight);
      return;
    }
    // All but one go silently; the last one's end lands the arrival.
    flight.over = true;
    for (const { attempt } of rest) attempt?.abandon('UNANSWERED');
    flight.over = false;
    first.attempt?.abandon('UNANSWERED');
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
    for (const flight of flights) finish(flight);
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

function attemptOf(live: Live, endedUs: number, result: AttemptResult): PolicyAttempt {
  const { outcome, status, errorCode, host: endpoint = live.endpoint, startedAfterUs = 0 } = result;
  return { endpoint, startedUs: live.startedUs + startedAfterUs, endedUs, outcome, status, errorCode };
}

function callersOf(group: EngineGroup, index: number, seed: number): readonly Caller[] {
  const policy = policyForEngine(group);
  return Array.from({ length: group.callers }, (_, caller) => ({
    name: callerName(group, caller),
    location: group.location,
    policy: rememberingPolicy(policy, callerSeed(seed, index, caller)),
  }));
}
