/**
 * What a caller remembers of endpoints that failed, and how they come back: shared by the policies that prefer one
 * endpoint to another.
 *
 * ```
 *              a failure                    failBackAfterMs over, the next call probes
 *   healthy ─────────────▶ shunned until t ───────────────────────────────────────────▶ shunned until t'
 *      ▲                     ▲                                                            │
 *      │                     └──────────────────── the probe fails ──────────────────────┤
 *      └───────────────────────── as many answers in a row as the way back asks for ──────┘
 * ```
 *
 * The probing call pushes `t` on for the rest: at most one probe per window, which lasts at least as long as an
 * attempt may. A probe that never comes back (no time limit) therefore blocks nothing: the next window has a probe
 * of its own.
 */

import type { CallHistory, PolicyAttempt } from './policy.ts';
import type { FailBack } from './spec.ts';
import { worthAnotherEndpoint } from './worth-another.ts';

/** What a caller remembers of one endpoint. */
export interface EndpointHealth {
  readonly endpoint: string;
  /** Left alone until then; null: it works as far as anyone knows. */
  readonly shunnedUntilUs: number | null;
  /** When the caller last changed its mind. Attempts begun before that are old news. */
  readonly sinceUs: number;
  /** Answers in a row since it was shunned. */
  readonly answers: number;
}

export interface ShunRules {
  readonly failBackAfterUs: number;
  readonly failBackAnswers: number;
  readonly probeWindowUs: number;
}

export function shunRules(
  { failBackAfterMs, failBackAnswers = 1 }: FailBack,
  limitUs: number | null,
): ShunRules {
  const failBackAfterUs = failBackAfterMs * 1_000;
  return { failBackAfterUs, failBackAnswers, probeWindowUs: Math.max(failBackAfterUs, limitUs ?? 0) };
}

export function healthy(endpoint: string): EndpointHealth {
  // Not −∞: a state is plain JSON.
  return { endpoint, shunnedUntilUs: null, sinceUs: Number.MIN_SAFE_INTEGER, answers: 0 };
}

/**
 * The first endpoint, in order of preference, that is healthy or due for a probe; when all are shunned, the one
 * whose turn comes next, because a call has nothing to lose. Never one that this call has asked.
 */
export function choose<Health extends EndpointHealth>(
  endpoints: readonly Health[],
  history: CallHistory,
  nowUs: number,
): Health | undefined {
  let nearest: Health | undefined;
  for (const health of endpoints) {
    if (wasAsked(history, health.endpoint)) continue;
    if (health.shunnedUntilUs === null || health.shunnedUntilUs <= nowUs) return health;
    if (nearest === undefined || health.shunnedUntilUs < (nearest.shunnedUntilUs ?? 0)) nearest = health;
  }
  return nearest;
}

export function wasAsked({ ended, live }: CallHistory, endpoint: string): boolean {
  return (
    ended.some((attempt) => attempt.endpoint === endpoint) ||
    live.some((attempt) => attempt.endpoint === endpoint)
  );
}

/** The chosen one while it is being asked: shunned ones are left alone by everybody else for a window. */
export function asked<Health extends EndpointHealth>(
  chosen: Health,
  nowUs: number,
  rules: ShunRules,
): Health {
  return chosen.shunnedUntilUs === null ? chosen : { ...chosen, shunnedUntilUs: nowUs + rules.probeWindowUs };
}

/** Unchanged, the same object, when the attempt is no news. */
export function learnHealth<Health extends EndpointHealth>(
  known: Health,
  attempt: PolicyAttempt,
  nowUs: number,
  rules: ShunRules,
): Health {
  if (attempt.startedUs < known.sinceUs || wasOvertaken(attempt)) return known;
  if (worthAnotherEndpoint(attempt)) {
    return { ...known, shunnedUntilUs: nowUs + rules.failBackAfterUs, sinceUs: nowUs, answers: 0 };
  }
  if (known.shunnedUntilUs === null) return known;
  const answers = known.answers + 1;
  return answers >= rules.failBackAnswers
    ? { ...known, shunnedUntilUs: null, sinceUs: nowUs, answers: 0 }
    : { ...known, shunnedUntilUs: nowUs + rules.failBackAfterUs / rules.failBackAnswers, answers };
}

/** Another attempt of the call was quicker: nobody knows what this one would have come to. */
export function wasOvertaken({ errorCode }: PolicyAttempt): boolean {
  return errorCode === 'SUPERSEDED';
}

export function replaced<Health extends EndpointHealth>(
  endpoints: readonly Health[],
  changed: Health,
): readonly Health[] {
  const at = endpoints.findIndex(({ endpoint }) => endpoint === changed.endpoint);
  return endpoints[at] === changed ? endpoints : endpoints.with(at, changed);
}
