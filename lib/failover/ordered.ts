/**
 * Endpoints in order of preference. A failure moves the call on to the next one and is remembered (see shunning.ts),
 * so later calls start at an endpoint that works; after a while one of them tries the preferred endpoint again.
 */

import { GIVE_UP, type Policy, WAIT_FOR_ANSWER } from './policy.ts';
import { asked, choose, type EndpointHealth, healthy, learnHealth, replaced, shunRules } from './shunning.ts';
import type { OrderedPolicySpec } from './spec.ts';
import { worthAnotherEndpoint } from './worth-another.ts';

export type OrderedState = readonly EndpointHealth[];

export function orderedPolicy(spec: OrderedPolicySpec): Policy<OrderedState> {
  const limitUs = spec.attemptTimeLimitMs === null ? null : spec.attemptTimeLimitMs * 1_000;
  const rules = shunRules(spec, limitUs);
  return {
    initial: () => spec.endpoints.map(healthy),

    next: (state, history, nowUs) => {
      if (history.live.length > 0) return { state, step: WAIT_FOR_ANSWER };
      const last = history.ended.at(-1);
      if (last !== undefined && !worthAnotherEndpoint(last)) return { state, step: GIVE_UP };
      const chosen = choose(state, history, nowUs);
      if (chosen === undefined) return { state, step: GIVE_UP };
      const step = { kind: 'try', endpoint: chosen.endpoint, timeLimitUs: limitUs } as const;
      return { state: replaced(state, asked(chosen, nowUs, rules)), step };
    },

    learn: (state, attempt, nowUs) => {
      const known = state.find(({ endpoint }) => endpoint === attempt.endpoint);
      return known === undefined ? state : replaced(state, learnHealth(known, attempt, nowUs, rules));
    },
  };
}
