/** Gives a caller its policy with the memory inside, whatever the kind: the one place that lists the kinds. */

import { cachedPolicy } from './cached.ts';
import { circuitBreakerPolicy } from './circuit-breaker.ts';
import { hedgedPolicy } from './hedged.ts';
import { nearestPolicy } from './nearest.ts';
import { orderedPolicy } from './ordered.ts';
import { pinnedPolicy } from './pinned.ts';
import type { CallHistory, Policy, PolicyAttempt, Step } from './policy.ts';
import { withRetryBudget } from './retry-budget.ts';
import type { PolicySpec, RefreshPolicySpec } from './spec.ts';

/** A policy with the state of one caller. */
export interface RememberingPolicy {
  next(history: CallHistory, nowUs: number): Step;
  learn(attempt: PolicyAttempt, nowUs: number): void;
}

/** @param seed For what the policy draws; unsigned 32 bits, another for each caller. */
export function rememberingPolicy(spec: PolicySpec, seed: number): RememberingPolicy {
  return withPolicy(spec, (policy) => remembering(policy, seed));
}

/** Hands the policy of a spec on without losing the type of its state. */
export function withPolicy<Result>(spec: PolicySpec, use: <State>(policy: Policy<State>) => Result): Result {
  if (spec.kind !== 'cached') return withRefreshPolicy(spec, use);
  return withRefreshPolicy(spec.refresh, (refresh) => use(cachedPolicy(spec, refresh)));
}

function withRefreshPolicy<Result>(
  spec: RefreshPolicySpec,
  use: <State>(policy: Policy<State>) => Result,
): Result {
  const { retryBudget } = spec;
  const budgeted = <State>(policy: Policy<State>): Result =>
    retryBudget === undefined ? use(policy) : use(withRetryBudget(policy, retryBudget));
  switch (spec.kind) {
    case 'pinned':
      return budgeted(pinnedPolicy(spec));
    case 'ordered':
      return budgeted(orderedPolicy(spec));
    case 'nearest':
      return budgeted(nearestPolicy(spec));
    case 'hedged':
      return budgeted(hedgedPolicy(spec));
    case 'circuit-breaker':
      return budgeted(circuitBreakerPolicy(spec));
    default: {
      const unknown: never = spec;
      throw new RangeError(`unknown policy: ${JSON.stringify(unknown)}`);
    }
  }
}

function remembering<State>(policy: Policy<State>, seed: number): RememberingPolicy {
  let state = policy.initial(seed);
  return {
    next: (history, nowUs) => {
      const decided = policy.next(state, history, nowUs);
      state = decided.state;
      return decided.step;
    },
    learn: (attempt, nowUs) => {
      state = policy.learn(state, attempt, nowUs);
    },
  };
}
