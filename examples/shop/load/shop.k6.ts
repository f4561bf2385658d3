/** What a morning of the shop asks of STS, for k6: the same policy as in production. */

import { check } from 'k6';
import { caller, options as worldOptions } from 'regionfall/k6';
import { POLICY } from '../src/policy.ts';

const sts = caller({ name: 'shop', policy: POLICY });

export const options = {
  ...worldOptions(),
  scenarios: {
    shop: {
      executor: 'constant-arrival-rate',
      rate: 20,
      timeUnit: '1s',
      duration: '12s',
      preAllocatedVUs: 8,
      maxVUs: 40,
    },
  },
};

export default async function shop(): Promise<void> {
  const { outcome, credentials } = await sts.assumeRole({ DurationSeconds: '900' });
  check(outcome, { 'has credentials': () => credentials !== undefined });
}
