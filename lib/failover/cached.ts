/**
 * Credentials are kept and used until shortly before their end. One call at a time gets new ones, by another policy,
 * at a moment that each caller draws for itself; when that fails, the old ones serve on for as long as they are good.
 * That is static stability: an outage shorter than what is left of the credentials is not felt at all.
 *
 * ```
 *   none ── a call gets some ──▶ fresh ── refreshAhead, jittered ──▶ due: one call refreshes, others use the old ──▶ fresh
 *     ▲                                                               │ failed: again after retryAfterMs
 *     └───────────────────────────── they end ────────────────────────┘
 * ```
 */

import { draw } from './chance.ts';
import { type CallHistory, GIVE_UP, type Policy, USE_CACHED } from './policy.ts';
import { type CachedPolicySpec, timeLimitMsOf } from './spec.ts';

export interface CachedState<Inner> {
  readonly inner: Inner;
  /** Until when the credentials are good; null: there are none. */
  readonly goodUntilUs: number | null;
  /** When the next refresh is due. */
  readonly refreshAtUs: number;
  readonly seed: number;
}

export function cachedPolicy<Inner>(
  spec: CachedPolicySpec,
  refresh: Policy<Inner>,
): Policy<CachedState<Inner>> {
  const lifetimeUs = spec.lifetimeMs * 1_000;
  const aheadUs = spec.refreshAheadMs * 1_000;
  const retryAfterUs = spec.retryAfterMs * 1_000;
  // As long as a refresh is surely under way nobody else begins one: each of its attempts adds such a window.
  const refreshWindowUs = Math.max(retryAfterUs, (timeLimitMsOf(spec) ?? 0) * 1_000);

  const isGood = ({ goodUntilUs }: CachedState<Inner>, nowUs: number): boolean =>
    goodUntilUs !== null && nowUs < goodUntilUs;

  /** Such a call wanted the credentials that another one got in the meantime: its failure says nothing of them. */
  const beganBeforeTheyCame = ({ goodUntilUs }: CachedState<Inner>, { ended }: CallHistory): boolean =>
    goodUntilUs !== null && ended.some(({ startedUs }) => startedUs < goodUntilUs - lifetimeUs);

  const askInner = (state: CachedState<Inner>, history: CallHistory, nowUs: number) => {
    const { state: inner, step } = refresh.next(state.inner, history, nowUs);
    return { state: inner === state.inner ? state : { ...state, inner }, step };
  };

  const retriedLater = (state: CachedState<Inner>, nowUs: number): CachedState<Inner> => {
    const { value, seed } = draw(state.seed);
    // Half to one and a half times: what failed together must not come again together.
    return { ...state, refreshAtUs: nowUs + retryAfterUs * (0.5 + value), seed };
  };

  return {
    initial: (seed) => ({ inner: refresh.initial(seed), goodUntilUs: null, refreshAtUs: 0, seed }),

    next: (state, history, nowUs) => {
      const begins = history.ended.length === 0 && history.live.length === 0;
      if (begins && isGood(state, nowUs) && nowUs < state.refreshAtUs) return { state, step: USE_CACHED };
      const { state: asked, step } = askInner(state, history, nowUs);
      if (step.kind === 'try') {
        const refreshAtUs = Math.max(asked.refreshAtUs, nowUs + refreshWindowUs);
        return { state: { ...asked, refreshAtUs }, step };
      }
      const served = history.ended.at(-1)?.outcome === 'ok';
      if (step.kind !== 'giveUp' || served) return { state: asked, step };
      const ending = isGood(asked, nowUs) ? USE_CACHED : GIVE_UP;
      if (beganBeforeTheyCame(asked, history)) return { state: asked, step: ending };
      // Only here has the refresh failed: an attempt that fails may be followed by another.
      return { state: retriedLater(asked, nowUs), step: ending };
    },

    learn: (state, attempt, nowUs) => {
      const inner = refresh.learn(state.inner, attempt, nowUs);
      if (attempt.outcome !== 'ok') return { ...state, inner };
      const { value, seed } = draw(state.seed);
      const goodUntilUs = attempt.endedUs + lifetimeUs;
      return { inner, goodUntilUs, refreshAtUs: goodUntilUs - aheadUs * (1 + spec.jitter * value), seed };
    },
  };
}
