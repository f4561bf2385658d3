/**
 * What somebody else leaves of an account's quota: a bucket that is empty when the fault begins and fills slowly, one
 * for the Region's own names and one for the global endpoint, as the quota itself.
 */

import type { Clock } from '../time/monotonic.ts';

export interface Leavings {
  /** False when nothing is left for the account now. */
  take(region: string, account: string, global: boolean): boolean;
  /** From now on; what has gathered stays. */
  leave(perSecond: number): void;
}

export function createLeavings(perSecond: number, clock: Clock): Leavings {
  const beganUs = clock();
  const buckets = new Map<string, { tokens: number; filledUs: number }>();
  let ratePerSecond = perSecond;
  const fill = (bucket: { tokens: number; filledUs: number }, nowUs: number): void => {
    const earned = ((nowUs - bucket.filledUs) * ratePerSecond) / 1_000_000;
    // A second's worth gathers at most: whoever uses the quota up does not pause.
    bucket.tokens = Math.min(Math.max(1, ratePerSecond), bucket.tokens + earned);
    bucket.filledUs = nowUs;
  };
  return {
    take: (region, account, global) => {
      const key = `${region} ${account} ${global}`;
      const bucket = buckets.get(key) ?? { tokens: 0, filledUs: beganUs };
      buckets.set(key, bucket);
      fill(bucket, clock());
      if (bucket.tokens < 1) return false;
      bucket.tokens -= 1;
      return true;
    },
    leave: (rate) => {
      const nowUs = clock();
      for (const bucket of buckets.values()) fill(bucket, nowUs);
      ratePerSecond = rate;
    },
  };
}
