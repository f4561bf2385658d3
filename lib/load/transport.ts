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
}

export interface LiveAttempt {
  /** Ends it now, as indeterminate: its time limit is over, or the load is. Settles before it returns. */
  abandon(code: 'ETIMEDOUT' | 'UNANSWERED'): void;
}

export interface Transport {
  /** Sends at once. `settle` is called exactly once, and never before `send` has returned. */
  send(order: AttemptOrder, settle: (result: AttemptResult) => void): LiveAttempt;
}
