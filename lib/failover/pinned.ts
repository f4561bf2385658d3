/** One endpoint, one attempt, no memory: a client configured for a single Region, without retries. */

import { GIVE_UP, type Policy, WAIT_FOR_ANSWER } from './policy.ts';
import type { PinnedPolicySpec } from './spec.ts';

export function pinnedPolicy(spec: PinnedPolicySpec): Policy<null> {
  const limitMs = spec.attemptTimeLimitMs;
  const step = {
    kind: 'try',
    endpoint: spec.endpoint,
    timeLimitUs: limitMs === null ? null : limitMs * 1_000,
  } as const;
  return {
    initial: () => null,
    next: (state, { ended, live }) => ({
      state,
      step: live.length > 0 ? WAIT_FOR_ANSWER : ended.length === 0 ? step : GIVE_UP,
    }),
    learn: (state) => state,
  };
}
