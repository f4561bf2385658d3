/**
 * The healthy endpoint that answers soonest, by the caller's own measure: a running mean of answered attempts for each
 * endpoint. Home changes only for one that is clearly nearer, so two that are equally far do not take turns; the others
 * are measured again from time to time, by a single call each.
 */

import { GIVE_UP, type Policy, type PolicyAttempt, WAIT_FOR_ANSWER } from './policy.ts';
import { asked, choose, type EndpointHealth, healthy, learnHealth, replaced, shunRules } from './shunning.ts';
import type { NearestPolicySpec } from './spec.ts';
import { worthAnotherEndpoint } from './worth-another.ts';

export interface Distance extends EndpointHealth {
  /** Running mean of what an answer took; null: never measured. */
  readonly meanUs: number | null;
  /** When it was last asked. */
  readonly askedUs: number;
}

export interface NearestState {
  readonly home: string;
  readonly distances: readonly Distance[];
}

/** Weight of the newest measure: a move of the network is believed after a few answers, a single slow one is not. */
const NEWEST = 0.2;

export function nearestPolicy(spec: NearestPolicySpec): Policy<NearestState> {
  const limitUs = spec.attemptTimeLimitMs === null ? null : spec.attemptTimeLimitMs * 1_000;
  const measureAgainUs = spec.measureAgainAfterMs * 1_000;
  const rules = shunRules(spec, limitUs);

  /** Who is due for a measure or a probe first, then home, then the others from the nearest on. */
  const preference = ({ home, distances }: NearestState, nowUs: number): readonly Distance[] => {
    const rank = (one: Distance): number => {
      if (one.shunnedUntilUs === null) {
        if (one.meanUs === null && one.askedUs < 0) return -2;
        if (one.endpoint !== home && nowUs - one.askedUs >= measureAgainUs) return -1;
      } else if (one.shunnedUntilUs <= nowUs) return -1;
      return one.endpoint === home ? 0 : (one.meanUs ?? Number.MAX_SAFE_INTEGER);
    };
    return distances.toSorted((one, other) => rank(one) - rank(other));
  };

  return {
    initial: () => ({
      home: spec.endpoints[0] ?? '',
      distances: spec.endpoints.map((endpoint) => ({ ...healthy(endpoint), meanUs: null, askedUs: -1 })),
    }),

    next: (state, history, nowUs) => {
      if (history.live.length > 0) return { state, step: WAIT_FOR_ANSWER };
      const last = history.ended.at(-1);
      if (last !== undefined && !worthAnotherEndpoint(last)) return { state, step: GIVE_UP };
      const chosen = choose(preference(state, nowUs), history, nowUs);
      if (chosen === undefined) return { state, step: GIVE_UP };
      const step = { kind: 'try', endpoint: chosen.endpoint, timeLimitUs: limitUs } as const;
      const now = { ...asked(chosen, nowUs, rules), askedUs: Math.max(0, nowUs) };
      return { state: { ...state, distances: replaced(state.distances, now) }, step };
    },

    learn: (state, attempt, nowUs) => {
      const known = state.distances.find(({ endpoint }) => endpoint === attempt.endpoint);
      if (known === undefined) return state;
      const learned = {
        ...learnHealth(known, attempt, nowUs, rules),
        meanUs: meanWith(known.meanUs, attempt),
      };
      const distances = replaced(state.distances, learned);
      return { home: homeOf(state.home, distances, spec.margin), distances };
    },
  };
}

/** Only answers measure the way: a refusal is quick and a time limit is the caller's own. */
function meanWith(meanUs: number | null, attempt: PolicyAttempt): number | null {
  if (attempt.status === 0 || worthAnotherEndpoint(attempt)) return meanUs;
  const tookUs = attempt.endedUs - attempt.startedUs;
  return meanUs === null ? tookUs : meanUs + NEWEST * (tookUs - meanUs);
}

function homeOf(home: string, distances: readonly Distance[], margin: number): string {
  const now = distances.find(({ endpoint }) => endpoint === home);
  let best = home;
  let bestUs = (now?.meanUs ?? Number.MAX_SAFE_INTEGER) * (1 - margin);
  for (const { endpoint, meanUs } of distances) {
    if (endpoint === home || meanUs === null || meanUs >= bestUs) continue;
    best = endpoint;
    bestUs = meanUs;
  }
  return best;
}
