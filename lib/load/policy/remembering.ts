/** Gives a caller its policy with the memory inside, whatever the kind: the one place that lists the kinds. */

import type { PolicySpec } from '../load-spec.ts';
import { orderedPolicy } from './ordered.ts';
import { pinnedPolicy } from './pinned.ts';
import type { Policy, PolicyAttempt, Step } from './policy.ts';

/** A policy with the state of one caller. */
export interface RememberingPolicy {
  next(attempts: readonly PolicyAttempt[], nowUs: number): Step;
  learn(attempt: PolicyAttempt, nowUs: number): void;
}

export function rememberingPolicy(spec: PolicySpec): RememberingPolicy {
  switch (spec.kind) {
    case 'pinned':
      return remembering(pinnedPolicy(spec));
    case 'ordered':
      return remembering(orderedPolicy(spec));
    default: {
      const unknown: never = spec;
      throw new RangeError(`unknown policy: ${JSON.stringify(unknown)}`);
    }
  }
}

function remembering<State>(policy: Policy<State>): RememberingPolicy {
  let state = policy.initial();
  return {
    next: (attempts, nowUs) => {
      const decided = policy.next(state, attempts, nowUs);
      state = decided.state;
      return decided.step;
    },
    learn: (attempt, nowUs) => {
      state = policy.learn(state, attempt, nowUs);
    },
  };
}
