/**
 * Endpoints in order of preference. A failure moves the arrival on to the next one and is remembered, so later
 * arrivals start at an endpoint that works; after a while one of them tries the preferred endpoint again.
 *
 * ```
 *              a failure                    failBackAfterMs over, the next arrival probes
 *   healthy ─────────────▶ shunned until t ───────────────────────────────────────────▶ shunned until t'
 *      ▲                     ▲                                                            │
 *      │                     └──────────────────── the probe fails ──────────────────────┤
 *      └──────────────────────────────────────── any answer ─────────────────────────────┘
 * ```
 *
 * The probing arrival pushes `t` on for the rest: at most one probe per window, which lasts at least as long as
 * an attempt may. A probe that never comes back (no time limit) therefore blocks nothing: the next window has
 * a probe of its own.
 */

import type { OrderedPolicySpec } from '../load-spec.ts';
import { GIVE_UP, type Policy, type PolicyAttempt } from './policy.ts';
import { worthAnotherEndpoint } from './worth-another.ts';

/** What a caller remembers of one endpoint. */
export interface EndpointMemory {
  readonly endpoint: string;
  /** Left alone until then; null: it works as far as anyone knows. */
  readonly shunnedUntilUs: number | null;
  /** When the caller last changed its mind. Attempts begun before that are old news. */
  readonly sinceUs: number;
}

export type OrderedState = readonly EndpointMemory[];

export function orderedPolicy(spec: OrderedPolicySpec): Policy<OrderedState> {
  const limitUs = spec.attemptTimeLimitMs === null ? null : spec.attemptTimeLimitMs * 1_000;
  const failBackAfterUs = spec.failBackAfterMs * 1_000;
  const probeWindowUs = Math.max(failBackAfterUs, limitUs ?? 0);
  return {
    initial: () =>
      spec.endpoints.map((endpoint) => ({
        endpoint,
        shunnedUntilUs: null,
        sinceUs: Number.NEGATIVE_INFINITY,
      })),

    next: (state, attempts, nowUs) => {
      const last = attempts.at(-1);
      if (last !== undefined && !worthAnotherEndpoint(last)) return { state, step: GIVE_UP };
      const chosen = choose(state, attempts, nowUs);
      if (chosen === undefined) return { state, step: GIVE_UP };
      const step = { kind: 'try', endpoint: chosen.endpoint, timeLimitUs: limitUs } as const;
      if (chosen.shunnedUntilUs === null) return { state, step };
      return { state: replaced(state, { ...chosen, shunnedUntilUs: nowUs + probeWindowUs }), step };
    },

    learn: (state, attempt, nowUs) => {
      const known = state.find((memory) => memory.endpoint === attempt.endpoint);
      if (known === undefined || attempt.startedUs < known.sinceUs) return state;
      if (worthAnotherEndpoint(attempt)) {
        return replaced(state, { ...known, shunnedUntilUs: nowUs + failBackAfterUs, sinceUs: nowUs });
      }
      if (known.shunnedUntilUs === null) return state;
      return replaced(state, { ...known, shunnedUntilUs: null, sinceUs: nowUs });
    },
  };
}

/**
 * The first endpoint, in order of preference, that is healthy or due for a probe; when all are shunned, the one
 * whose turn comes next, because an arrival has nothing to lose. Never one that this arrival has tried.
 */
function choose(
  state: OrderedState,
  attempts: readonly PolicyAttempt[],
  nowUs: number,
): EndpointMemory | undefined {
  let nearest: EndpointMemory | undefined;
  for (const memory of state) {
    if (attempts.some((attempt) => attempt.endpoint === memory.endpoint)) continue;
    if (memory.shunnedUntilUs === null || memory.shunnedUntilUs <= nowUs) return memory;
    if (nearest === undefined || memory.shunnedUntilUs < (nearest.shunnedUntilUs ?? 0)) nearest = memory;
  }
  return nearest;
}

function replaced(state: OrderedState, changed: EndpointMemory): OrderedState {
  return state.map((memory) => (memory.endpoint === changed.endpoint ? changed : memory));
}
