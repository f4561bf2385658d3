/** Where the shop asks for credentials, in which order, and for how long: the one place that says so. */

import type { PolicySpec } from 'regionfall/failover';

export const POLICY = {
  kind: 'ordered',
  endpoints: ['eu-west-1', 'eu-central-1'],
  attemptTimeLimitMs: 1_000,
  failBackAfterMs: 30_000,
} as const satisfies PolicySpec;
