/**
 * Tells a failure that another endpoint may mend from one that every endpoint would repeat. An answer such as
 * AccessDenied is the service working; asking elsewhere only doubles the traffic.
 */

import type { PolicyAttempt } from './policy.ts';

/** The codes that AWS SDKs treat as throttling (botocore retries/standard.py, the same in the JavaScript SDK). */
const THROTTLING_CODES: ReadonlySet<string> = new Set([
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'LimitExceededException',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'TransactionInProgressException',
]);

/** Errors below status 500 that say something about this endpoint rather than about the request. */
const ENDPOINT_CODES: ReadonlySet<string> = new Set([
  // Switched off for the account in this Region only.
  'RegionDisabledException',
  'RequestTimeout',
  'RequestTimeoutException',
]);

/** True for network errors, time limits, 5xx, throttling, and a Region that is switched off. */
export function worthAnotherEndpoint(attempt: PolicyAttempt): boolean {
  if (attempt.outcome === 'ok') return false;
  if (attempt.status === 0 || attempt.status >= 500) return true;
  return THROTTLING_CODES.has(attempt.errorCode) || ENDPOINT_CODES.has(attempt.errorCode);
}
