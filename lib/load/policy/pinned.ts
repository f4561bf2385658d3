/** One endpoint, one attempt, no memory: a client configured for a single Region, without retries. */

import type { PinnedPolicySpec } from '../load-spec.ts';
import { GIVE_UP, type Policy } from './policy.ts';

export function pinnedPolicy(spec: PinnedPolicySpec): Policy<null> {
  const limitMs = spec.attemptTimeLimitMs;
  const step = {
    kind: 'try',
    endpoint: spec.endpoint,
    timeLimitUs: limitMs === null ? null : limitMs * 1_000,
  } as const;
  return {
    initial: () => null,
    next: (state, attempts) => ({ state, step: attempts.length === 0 ? step : GIVE_UP }),
    learn: (state) => state,
  };
}
