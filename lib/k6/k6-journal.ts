/**
 * Turns what k6 says of attempts into rows of the journal and into counts. It knows the plan, so that an arrival which
 * k6 never speaks of is not forgotten: planned = ok + failed + indeterminate + dropped here too.
 */

import type { LoadEnded, LoadProgress } from '../journal/event.ts';
import type { Sample } from '../journal/sample.ts';
import type { Arrival } from '../load/arrival-plan.ts';
import { callerName, type EngineGroup } from '../load/resolved-group.ts';
import { type Asker, attemptRow, droppedRow } from '../load/rows.ts';
import { createTally } from '../load/tally.ts';
import type { K6Attempt } from './reader.ts';

export interface K6JournalOptions {
  readonly groups: readonly EngineGroup[];
  /** Undefined where a script of the user's own decides when it calls: then arrivals are numbered as they come. */
  readonly arrivals: readonly Arrival[] | undefined;
  readonly write: (sample: Sample) => void;
}

export interface K6Journal {
  /** @param originWallUs The run's zero by the wall clock, epoch microseconds. */
  begin(originWallUs: number): void;
  readonly attempt: (attempt: K6Attempt) => void;
  /** An iteration that k6 could not begin; epoch microseconds. */
  readonly dropped: (atUs: number) => void;
  /** Whether arrivals are due of which nothing was heard yet. @param nowUs Of the run. */
  waits(nowUs: number): boolean;
  progress(nowUs: number): LoadProgress;
  /** For parts that are brought together: nothing is made up for arrivals of the plan that no part speaks of. */
  heardOnly(planned: number): LoadEnded;
  /** Gives what was never heard of an end. */
  end(nowUs: number, stoppedEarly: boolean): LoadEnded;
}

/** What was heard of an arrival: nothing, an attempt that others may follow, the last. */
const UNHEARD = 0;
const UNDER_WAY = 1;
const LANDED = 2;

export function createK6Journal({ groups, arrivals, write }: K6JournalOptions): K6Journal {
  const tally = createTally(groups);
  const places = new Map(groups.map((group, index) => [group.name, { group, index }]));
  const heard = new Uint8Array(arrivals?.length ?? 0);
  /** By arrival, what its last row so far said. */
  const last = new Map<number, { readonly outcome: Sample['outcome']; readonly endedUs: number }>();
  let originWallUs = 0;
  /** Arrivals of the plan that have been heard of. */
  let heardOf = 0;
  let cursor = 0;
  /** For scripts without a plan: calls that are under way, by their own numbers. */
  const numbers = new Map<number, number>();
  let called = 0;

  const arrivalOf = (attempt: K6Attempt, group: number): Arrival | undefined => {
    if (arrivals !== undefined) return arrivals[attempt.arrival];
    const known = numbers.get(attempt.arrival) ?? called;
    if (known === called) called += 1;
    if (attempt.final) numbers.delete(attempt.arrival);
    else numbers.set(attempt.arrival, known);
    const { operation } = attempt;
    const plannedUs = Math.max(0, Math.round(attempt.plannedUs - originWallUs));
    return { arrival: known, plannedUs, group, caller: attempt.caller, operation };
  };

  const attempt = (told: K6Attempt): void => {
    const place = places.get(told.group);
    const arrival = place === undefined ? undefined : arrivalOf(told, place.index);
    if (place === undefined || arrival === undefined) return;
    const { group, index } = place;
    const endedUs = Math.max(arrival.plannedUs, Math.round(told.endedUs - originWallUs));
    const startedUs = Math.max(arrival.plannedUs, endedUs - told.tookUs);
    const asker: Asker = { arrival, caller: callerName(group, told.caller), location: group.location };
    const { outcome, ...result } = told;
    const row = attemptRow(
      asker,
      told.attempt,
      told.host,
      { startedUs, endedUs },
      {
        ...result,
        outcome: outcome === 'dropped' ? 'failed' : outcome,
      },
    );
    write(outcome === 'dropped' ? { ...row, outcome } : row);
    if (told.attempt === 1) {
      tally.due(startedUs - arrival.plannedUs);
      heardOf += 1;
    }
    if (told.host !== '') tally.attempt(index, told.host, outcome === 'ok');
    if (!told.final) {
      heard[arrival.arrival] = UNDER_WAY;
      last.set(arrival.arrival, { outcome, endedUs });
      return;
    }
    heard[arrival.arrival] = LANDED;
    last.delete(arrival.arrival);
    if (outcome === 'dropped') tally.dropped(index);
    else tally.landed(index, outcome, endedUs - arrival.plannedUs);
  };

  const dropped = (atUs: number): void => {
    const [group] = groups;
    // The generated script never begins an iteration twice; a script's own calls are all taken for the first group's.
    if (group === undefined || arrivals !== undefined) return;
    const plannedUs = Math.max(0, Math.round(atUs - originWallUs));
    const operation = 'AssumeRole';
    const arrival = { arrival: called, plannedUs, group: 0, caller: 0, operation } as const;
    called += 1;
    heardOf += 1;
    const asker = { arrival, caller: callerName(group, 0), location: group.location };
    write(droppedRow(asker, plannedUs, 'GENERATOR_LATE'));
    tally.due(0);
    tally.dropped(0);
  };

  /** Of the plan, due until then. */
  const dueUntil = (nowUs: number): number => {
    if (arrivals === undefined) return heardOf;
    while ((arrivals[cursor]?.plannedUs ?? Number.POSITIVE_INFINITY) <= nowUs) cursor += 1;
    return cursor;
  };

  return {
    begin: (us) => {
      originWallUs = us;
    },
    attempt,
    dropped,
    waits: (nowUs) => dueUntil(nowUs) > heardOf,
    progress: () => tally.progress(),
    heardOnly: (planned) => {
      for (const [number, { outcome, endedUs }] of last) {
        const arrival = arrivals?.[number];
        if (arrival !== undefined && outcome !== 'dropped')
          tally.landed(arrival.group, outcome, endedUs - arrival.plannedUs);
      }
      const ended = tally.ended(false);
      return { ...ended, counts: { ...ended.counts, planned } };
    },
    end: (nowUs, stoppedEarly) => {
      const due = dueUntil(stoppedEarly ? nowUs : Number.MAX_SAFE_INTEGER);
      for (const arrival of arrivals?.slice(0, due) ?? []) {
        const state = heard[arrival.arrival] ?? UNHEARD;
        const group = groups[arrival.group];
        if (state === LANDED || group === undefined) continue;
        if (state === UNDER_WAY) {
          const { outcome, endedUs } = last.get(arrival.arrival) ?? {
            outcome: 'indeterminate',
            endedUs: nowUs,
          };
          if (outcome !== 'dropped') tally.landed(arrival.group, outcome, endedUs - arrival.plannedUs);
          continue;
        }
        // It may have been sent: nobody says.
        const host = group.targets[0]?.host ?? '';
        const asker = { arrival, caller: callerName(group, arrival.caller), location: group.location };
        const times = { startedUs: arrival.plannedUs, endedUs: Math.max(nowUs, arrival.plannedUs) };
        write(attemptRow(asker, 1, host, times, UNANSWERED));
        tally.due(0);
        tally.attempt(arrival.group, host, false);
        tally.landed(arrival.group, 'indeterminate', times.endedUs - arrival.plannedUs);
      }
      return tally.ended(stoppedEarly);
    },
  };
}

const UNANSWERED = {
  outcome: 'indeterminate',
  status: 0,
  errorCode: 'UNANSWERED',
  servingRegion: '',
  requestId: '',
  reused: false,
  connectUs: -1,
  tlsUs: -1,
  waitUs: -1,
} as const;
