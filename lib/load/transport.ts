/** What the engine needs from whatever carries an attempt: real HTTPS in a run, a made-up service in tests. */

import type { Operation } from './load-spec.ts';

export interface AttemptOrder {
  /** Index of the group, and of the caller in it. */
  readonly group: number;
  readonly caller: number;
  /** Host name of the endpoint. */
  readonly host: string;
  readonly operation: Operation;
}

/** How an attempt ended; the fields are those of a sample (see journal/sample.ts). */
export interface AttemptResult {
  readonly outcome: 'ok' | 'failed' | 'indeterminate';
  readonly status: number;
  readonly errorCode: string;
  readonly servingRegion: string;
  readonly requestId: string;
  readonly reused: boolean;
  readonly connectUs: number;
  readonly tlsUs: number;
  readonly waitUs: number;
  /** Where the client decided by itself: the host that this attempt asked, instead of the order's. */
  readonly host?: string;
  /** What the client let pass, and tried, before this attempt: from `send`, microseconds. 0 without it. */
  readonly startedAfterUs?: number;
  /** Attempts that a client with retries of its own made before this one, in order. */
  readonly earlier?: readonly EarlierAttempt[];
}

/** An attempt that a client followed up by itself. Times from `send`, microseconds. */
export interface EarlierAttempt extends Omit<AttemptResult, 'earlier' | 'startedAfterUs'> {
  readonly startedAfterUs: number;
  readonly endedAfterUs: number;
}

/** Why an attempt is not waited for any longer: its time limit, the end of the load, another attempt that won. */
export type AbandonCode = 'ETIMEDOUT' | 'UNANSWERED' | 'SUPERSEDED';

export interface LiveAttempt {
  /** Ends it now, as indeterminate. Settles before it returns. */
  abandon(code: AbandonCode): void;
}

export interface Transport {
  /** Sends at once. `settle` is called exactly once, and never before `send` has returned. */
  send(order: AttemptOrder, settle: (result: AttemptResult) => void): LiveAttempt;
  /** Whether this machine carries as much for the group as it can without measuring itself; never without it. */
  isFull?(group: number): boolean;
}
