/**
 * Does not wait for a failure: when an endpoint has not answered for a while, the next one is asked as well, and the
 * first answer wins. Trades a little more traffic for an end of long waits; a failure moves on at once, as in `ordered`.
 */

import { GIVE_UP, type LivePolicyAttempt, type Policy, WAIT_FOR_ANSWER } from './policy.ts';
import {
  asked,
  choose,
  type EndpointHealth,
  healthy,
  learnHealth,
  replaced,
  shunRules,
  wasOvertaken,
} from './shunning.ts';
import type { HedgedPolicySpec } from './spec.ts';
import { worthAnotherEndpoint } from './worth-another.ts';

export interface HedgedHealth extends EndpointHealth {
  /** Times in a row that another endpoint was quicker, after this one had been silent for long enough to be hedged. */
  readonly overtaken: number;
}

export type HedgedState = readonly HedgedHealth[];

/** An endpoint that is overtaken so often is silent rather than slow once: it is left alone like one that failed. */
const OVERTAKEN_MOST = 3;

export function hedgedPolicy(spec: HedgedPolicySpec): Policy<HedgedState> {
  const limitUs = spec.attemptTimeLimitMs === null ? null : spec.attemptTimeLimitMs * 1_000;
  const hedgeAfterUs = spec.hedgeAfterMs * 1_000;
  const rules = shunRules(spec, limitUs);
  return {
    initial: () => spec.endpoints.map((endpoint) => ({ ...healthy(endpoint), overtaken: 0 })),

    next: (state, history, nowUs) => {
      const { ended, live } = history;
      const last = ended.at(-1);
      // One endpoint's no, such as AccessDenied, is everybody's.
      if (last !== undefined && !worthAnotherEndpoint(last)) return { state, step: GIVE_UP };
      const chosen = live.length < spec.liveAttemptsAtMost ? choose(state, history, nowUs) : undefined;
      if (chosen === undefined) return { state, step: live.length > 0 ? WAIT_FOR_ANSWER : GIVE_UP };
      let hedgeUs = hedgeTimeOf(live, hedgeAfterUs);
      // While one that works may still answer, one that failed is asked only when a probe is due.
      if (chosen.shunnedUntilUs !== null && anyWorks(live, state))
        hedgeUs = Math.max(hedgeUs, chosen.shunnedUntilUs);
      if (hedgeUs > nowUs) {
        // By their time limit all attempts under way have ended: no timer need outlive them.
        const pointless = limitUs !== null && hedgeUs >= nowUs + limitUs;
        return { state, step: pointless ? WAIT_FOR_ANSWER : { kind: 'wait', untilUs: hedgeUs } };
      }
      const step = { kind: 'try', endpoint: chosen.endpoint, timeLimitUs: limitUs } as const;
      return { state: replaced(state, asked(chosen, nowUs, rules)), step };
    },

    learn: (state, attempt, nowUs) => {
      const known = state.find(({ endpoint }) => endpoint === attempt.endpoint);
      if (known === undefined) return state;
      if (!wasOvertaken(attempt))
        return replaced(state, { ...learnHealth(known, attempt, nowUs, rules), overtaken: 0 });
      // Asked just before another answered, it had no time to answer and tells nothing.
      if (attempt.endedUs - attempt.startedUs < hedgeAfterUs) return state;
      const overtaken = known.overtaken + 1;
      if (overtaken < OVERTAKEN_MOST) return replaced(state, { ...known, overtaken });
      const failure = { ...attempt, errorCode: 'ETIMEDOUT' };
      return replaced(state, { ...learnHealth(known, failure, nowUs, rules), overtaken: 0 });
    },
  };
}

/** Whether any attempt under way is with an endpoint that works as far as anyone knows. */
function anyWorks(live: readonly LivePolicyAttempt[], state: HedgedState): boolean {
  return state.some(
    ({ endpoint, shunnedUntilUs }) =>
      shunnedUntilUs === null && live.some((attempt) => attempt.endpoint === endpoint),
  );
}

/** When the youngest attempt under way has been silent for long enough; the past without any. */
function hedgeTimeOf(live: readonly LivePolicyAttempt[], hedgeAfterUs: number): number {
  let hedgeUs = Number.NEGATIVE_INFINITY;
  for (const { startedUs } of live) hedgeUs = Math.max(hedgeUs, startedUs + hedgeAfterUs);
  return hedgeUs;
}
