/**
 * Bounds retry amplification, whatever the policy: a further attempt of a call is paid for with what first attempts
 * earn. In an outage everybody's calls fail, the savings are soon spent, and the load stays near what it was.
 */

import { GIVE_UP, type Policy, WAIT_FOR_ANSWER } from './policy.ts';
import type { RetryBudget } from './spec.ts';

export interface BudgetedState<Inner> {
  readonly inner: Inner;
  readonly savings: number;
}

export function withRetryBudget<Inner>(
  policy: Policy<Inner>,
  { ratio, burst }: RetryBudget,
): Policy<BudgetedState<Inner>> {
  return {
    initial: (seed) => ({ inner: policy.initial(seed), savings: burst }),

    next: ({ inner, savings }, history, nowUs) => {
      const decided = policy.next(inner, history, nowUs);
      if (decided.step.kind !== 'try')
        return { state: { inner: decided.state, savings }, step: decided.step };
      const further = history.ended.length > 0 || history.live.length > 0;
      if (!further) {
        return {
          state: { inner: decided.state, savings: Math.min(burst, savings + ratio) },
          step: decided.step,
        };
      }
      // What is not carried out must not be remembered as done.
      if (savings < 1) {
        return { state: { inner, savings }, step: history.live.length > 0 ? WAIT_FOR_ANSWER : GIVE_UP };
      }
      return { state: { inner: decided.state, savings: savings - 1 }, step: decided.step };
    },

    learn: (state, attempt, nowUs) => ({ ...state, inner: policy.learn(state.inner, attempt, nowUs) }),
  };
}
