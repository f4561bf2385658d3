/**
 * A script of one's own: a shop that needs credentials for every checkout, by k6's own open model. Under
 * `regionfall run own-k6-script --engine k6` the scenario says where it calls and what breaks; bundled, the same file
 * runs under plain k6 against a world of `regionfall up`.
 */

import { check } from 'k6';
import { caller, options as worldOptions } from 'regionfall/k6';

const sts = caller({
  name: 'checkout',
  policy: {
    kind: 'ordered',
    endpoints: ['eu-west-1', 'eu-central-1'],
    attemptTimeLimitMs: 1_000,
    failBackAfterMs: 1_000,
  },
});

export const options = {
  ...worldOptions(),
  scenarios: {
    checkout: {
      executor: 'constant-arrival-rate',
      rate: 20,
      timeUnit: '1s',
      duration: '12s',
      preAllocatedVUs: 8,
      maxVUs: 40,
    },
  },
};

export default async function checkout(): Promise<void> {
  const { outcome, credentials } = await sts.assumeRole({ DurationSeconds: '900' });
  check(outcome, { 'has credentials': () => credentials !== undefined });
}
