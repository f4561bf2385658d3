/**
 * The rate at which one Region serves an account: one bucket for the six actions that share a quota, and another for
 * what comes to the global endpoint. Sources: IAM and STS quotas (600 a second per account and Region); the shape of the
 * bucket is not published and is a guess.
 */

import type { Clock } from '../time/monotonic.ts';

export interface QuotaLimits {
  /** Requests a second per account. */
  readonly ratePerSecond: number;
  /** Requests that may come at once after a pause. */
  readonly burst: number;
}

export const USUAL_LIMITS: QuotaLimits = { ratePerSecond: 600, burst: 600 };

export interface Quotas {
  /** False when the account has used up what it may have now. */
  take(account: string, global: boolean): boolean;
}

interface Bucket {
  tokens: number;
  filledUs: number;
}

/** @param limits `undefined`: no limit at all. */
export function createQuotas(limits: QuotaLimits | undefined, clock: Clock): Quotas {
  if (limits === undefined) return { take: () => true };
  const { ratePerSecond, burst } = limits;
  const buckets = { regional: new Map<string, Bucket>(), global: new Map<string, Bucket>() };
  return {
    take: (account, global) => {
      const own = global ? buckets.global : buckets.regional;
      const nowUs = clock();
      let bucket = own.get(account);
      if (bucket === undefined) {
        bucket = { tokens: burst, filledUs: nowUs };
        own.set(account, bucket);
      }
      const earned = ((nowUs - bucket.filledUs) * ratePerSecond) / 1_000_000;
      bucket.tokens = Math.min(burst, bucket.tokens + earned);
      bucket.filledUs = nowUs;
      if (bucket.tokens < 1) return false;
      bucket.tokens -= 1;
      return true;
    },
  };
}
