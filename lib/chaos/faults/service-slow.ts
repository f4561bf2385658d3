/** The service is right, and late: its network is well, its requests queue. */

import {
  DELAY_FIELDS,
  delayOf,
  delayProblems,
  describeDelay,
  scaledDelay,
  shownDelay,
} from '../delay-spec.ts';
import { defineFaultKind, seedOf } from '../fault-kind.ts';
import { describeAnswer, planOnRequests, REQUEST_FIELDS, requestsOf } from './on-service.ts';

export const serviceSlow = defineFaultKind({
  kind: 'service-slow',
  about: 'The service answers rightly and late: by a fixed time, a jittered one, or one drawn from a table.',
  fields: { ...REQUEST_FIELDS, ...DELAY_FIELDS },
  title: (spec) => describeAnswer(spec, `${describeDelay(delayOf(spec))} late`),
  plan: (spec, view) => {
    const delay = delayOf(spec);
    const { byMs, chance, longestMs } = shownDelay(delay, 1);
    return planOnRequests(spec, view, {
      faultAt: (strength) => ({
        kind: 'late',
        requests: requestsOf(spec, spec.share),
        delay: strength === 1 ? delay : scaledDelay(delay, strength),
        seed: seedOf(spec, view),
      }),
      during: { kind: 'slower', byMs },
      chance,
      addedMs: longestMs,
    });
  },
  check: delayProblems,
});
