/** A service made of one function, for tests and rehearsals of the engine: no sockets, any clock. */

import type { Scheduler } from './scheduler.ts';
import type { AttemptOrder, AttemptResult, LiveAttempt, Transport } from './transport.ts';

/** How the made-up service treats an attempt: its result after a while, or never an answer. */
export type FakeAnswer = { readonly afterUs: number; readonly result: AttemptResult } | 'silence';

export function fakeTransport(
  scheduler: Scheduler,
  answer: (order: AttemptOrder, nowUs: number) => FakeAnswer,
): Transport {
  return {
    send: (order, settle): LiveAttempt => {
      let settled = false;
      const settleOnce = (result: AttemptResult): void => {
        if (settled) return;
        settled = true;
        settle(result);
      };
      const nowUs = scheduler.now();
      const treatment = answer(order, nowUs);
      if (treatment !== 'silence') {
        scheduler.at(nowUs + treatment.afterUs, 'exact', () => settleOnce(treatment.result));
      }
      return { abandon: (errorCode) => settleOnce({ ...NO_ANSWER, outcome: 'indeterminate', errorCode }) };
    },
  };
}

const NO_ANSWER: AttemptResult = {
  outcome: 'failed',
  status: 0,
  errorCode: 'ECONNREFUSED',
  servingRegion: '',
  requestId: '',
  reused: false,
  connectUs: -1,
  tlsUs: -1,
  waitUs: -1,
};

/** The port was closed. */
export const REFUSED: AttemptResult = NO_ANSWER;

/** An answer of the service; `errorCode` empty for success. */
export function answered(status: number, errorCode = '', servingRegion = 'eu-west-1'): AttemptResult {
  return {
    ...NO_ANSWER,
    outcome: errorCode === '' ? 'ok' : 'failed',
    status,
    errorCode,
    servingRegion,
    requestId: 'r',
    waitUs: 1_000,
  };
}
