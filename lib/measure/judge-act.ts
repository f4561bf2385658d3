/** Judges what came of an administrator's act, from the journal alone. An act that never took place proves nothing. */

import type { ExpectationOf } from './expectation.ts';
import type { History } from './history.ts';
import type { Judged } from './judged.ts';
import { duration, runTime } from './wording.ts';

/** The value counts acts that came out otherwise: 0 or 1. */
export function judgeAct({ events, originUs }: History, expectation: ExpectationOf<'act'>): Judged {
  const shape = { unit: 'acts', low: null, high: null, limit: 0 } as const;
  const found = events.find((event) => event.kind === 'act.performed' && event.act === expectation.act);
  if (found?.kind !== 'act.performed') {
    const sentence = `The act ${expectation.act} never took place, so there is nothing to judge.`;
    return { ...shape, verdict: 'inconclusive', value: null, n: 0, sentence };
  }
  if (found.outcome === 'unknown') {
    const sentence = `The act ${expectation.act} was sent at ${runTime(found.requestedUs - originUs)} and never answered (${found.code}): nobody knows whether it was done.`;
    return { ...shape, verdict: 'inconclusive', value: null, n: 0, sentence };
  }
  const done = found.outcome === 'done';
  const met = done === (expectation.outcome === 'done');
  const answer = found.status === 0 ? found.code : `${found.status} ${found.code}`;
  const came = {
    done: 'was done',
    refused: `was refused (${answer})`,
    unreachable: `found no control plane to ask (${answer})`,
  }[found.outcome];
  const wanted = expectation.outcome === 'done' ? 'to be done' : 'to be refused';
  const sentence = `The act ${expectation.act} at ${runTime(found.requestedUs - originUs)} ${came} after ${duration(found.monoUs - found.requestedUs)}, ${met ? 'as expected' : `and was expected ${wanted}`}.`;
  return { ...shape, verdict: met ? 'pass' : 'fail', value: met ? 0 : 1, n: 1, sentence };
}
