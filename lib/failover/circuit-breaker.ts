/**
 * A circuit for each endpoint, in order of preference. Failures in a row open it, and nobody asks there; after a while
 * it is half open, and one call at a time may try. When every circuit is open a call fails at once, without an attempt:
 * that is what distinguishes it from `ordered`, which always asks somebody.
 *
 * ```
 *   closed ── openAfterFailures in a row ──▶ open ── halfOpenAfterMs ──▶ half open ── closeAfterAnswers ──▶ closed
 *                                              ▲                            │
 *                                              └───────── a failure ────────┘
 * ```
 */

import { type CallHistory, GIVE_UP, type Policy, WAIT_FOR_ANSWER } from './policy.ts';
import { wasAsked } from './shunning.ts';
import type { CircuitBreakerPolicySpec } from './spec.ts';
import { worthAnotherEndpoint } from './worth-another.ts';

export interface Circuit {
  readonly endpoint: string;
  /** In a row. */
  readonly failures: number;
  /** Nobody asks before; null: closed. */
  readonly openUntilUs: number | null;
  /** In a row, since it was opened. */
  readonly answers: number;
  /** Attempts begun before that are old news. */
  readonly sinceUs: number;
}

export type CircuitBreakerState = readonly Circuit[];

export function circuitBreakerPolicy(spec: CircuitBreakerPolicySpec): Policy<CircuitBreakerState> {
  const limitUs = spec.attemptTimeLimitMs === null ? null : spec.attemptTimeLimitMs * 1_000;
  const halfOpenAfterUs = spec.halfOpenAfterMs * 1_000;
  // A trial without a time limit may never come back: the next is let through after another such window.
  const trialWindowUs = Math.max(halfOpenAfterUs, limitUs ?? 0);
  const closed = (endpoint: string): Circuit => ({
    endpoint,
    failures: 0,
    openUntilUs: null,
    answers: 0,
    sinceUs: Number.MIN_SAFE_INTEGER,
  });

  return {
    initial: () => spec.endpoints.map(closed),

    next: (state, history, nowUs) => {
      if (history.live.length > 0) return { state, step: WAIT_FOR_ANSWER };
      const last = history.ended.at(-1);
      if (last !== undefined && !worthAnotherEndpoint(last)) return { state, step: GIVE_UP };
      const chosen = firstPassable(state, history, nowUs);
      if (chosen === undefined) return { state, step: GIVE_UP };
      const step = { kind: 'try', endpoint: chosen.endpoint, timeLimitUs: limitUs } as const;
      if (chosen.openUntilUs === null) return { state, step };
      return { state: withCircuit(state, { ...chosen, openUntilUs: nowUs + trialWindowUs }), step };
    },

    learn: (state, attempt, nowUs) => {
      const known = state.find(({ endpoint }) => endpoint === attempt.endpoint);
      if (known === undefined || attempt.startedUs < known.sinceUs) return state;
      if (worthAnotherEndpoint(attempt)) {
        const failures = known.failures + 1;
        const opens = known.openUntilUs !== null || failures >= spec.openAfterFailures;
        return withCircuit(
          state,
          opens
            ? { ...known, failures, answers: 0, openUntilUs: nowUs + halfOpenAfterUs, sinceUs: nowUs }
            : { ...known, failures },
        );
      }
      if (known.openUntilUs === null) {
        return known.failures === 0 ? state : withCircuit(state, { ...known, failures: 0 });
      }
      const answers = known.answers + 1;
      return withCircuit(
        state,
        answers >= spec.closeAfterAnswers
          ? { ...closed(known.endpoint), sinceUs: nowUs }
          : { ...known, answers, openUntilUs: nowUs },
      );
    },
  };
}

function firstPassable(state: CircuitBreakerState, history: CallHistory, nowUs: number): Circuit | undefined {
  return state.find(
    ({ endpoint, openUntilUs }) =>
      (openUntilUs === null || openUntilUs <= nowUs) && !wasAsked(history, endpoint),
  );
}

function withCircuit(state: CircuitBreakerState, changed: Circuit): CircuitBreakerState {
  return state.map((circuit) => (circuit.endpoint === changed.endpoint ? changed : circuit));
}
