/** Turns what became of an attempt or a dropped arrival into a row of the journal. */

import type { Sample } from '../journal/sample.ts';
import type { Arrival } from './arrival-plan.ts';
import type { AttemptResult } from './transport.ts';

/** Why an arrival was dropped; stands as its row's error code. */
export type DropCode = 'TOO_MANY_IN_FLIGHT' | 'GENERATOR_LATE' | 'LOAD_ENDED';

/** Whose row it is. */
export interface Asker {
  readonly arrival: Arrival;
  readonly caller: string;
  readonly location: string;
}

export interface AttemptTimes {
  readonly startedUs: number;
  readonly endedUs: number;
}

/** @param attempt From 1. */
export function attemptRow(
  asker: Asker,
  attempt: number,
  endpoint: string,
  times: AttemptTimes,
  result: AttemptResult,
): Sample {
  return {
    plannedUs: asker.arrival.plannedUs,
    startedUs: times.startedUs,
    endedUs: times.endedUs,
    caller: asker.caller,
    location: asker.location,
    endpoint,
    servingRegion: result.servingRegion,
    operation: asker.arrival.operation,
    arrival: asker.arrival.arrival,
    attempt,
    outcome: result.outcome,
    status: result.status,
    errorCode: result.errorCode,
    reused: result.reused,
    connectUs: result.connectUs,
    tlsUs: result.tlsUs,
    waitUs: result.waitUs,
    requestId: result.requestId,
  };
}

/** The last row of an arrival that is served by credentials its caller still holds: no request is sent. */
export function cachedRow(asker: Asker, attempt: number, nowUs: number): Sample {
  const row = attemptRow(asker, attempt, '', { startedUs: nowUs, endedUs: nowUs }, NEVER_SENT);
  return { ...row, outcome: 'ok' };
}

/** The row of an arrival whose policy made no attempt at all, such as a circuit breaker that is open. */
export function untriedRow(asker: Asker, nowUs: number): Sample {
  const row = attemptRow(asker, 1, '', { startedUs: nowUs, endedUs: nowUs }, NEVER_SENT);
  return { ...row, errorCode: 'NOT_TRIED' };
}

/** The one row of an arrival that was never sent; it asked no endpoint. */
export function droppedRow(asker: Asker, nowUs: number, errorCode: DropCode): Sample {
  return {
    ...attemptRow(asker, 1, '', { startedUs: nowUs, endedUs: nowUs }, NEVER_SENT),
    outcome: 'dropped',
    errorCode,
  };
}

const NEVER_SENT: AttemptResult = {
  outcome: 'failed',
  status: 0,
  errorCode: '',
  servingRegion: '',
  requestId: '',
  reused: false,
  connectUs: -1,
  tlsUs: -1,
  waitUs: -1,
};
