/** How long the sessions last that users and the root user make of their own long-term keys. Source: the STS API reference. */

import type { Caller } from '../caller.ts';

/** Of GetSessionToken and GetFederationToken: twelve hours unless told otherwise, for root never more than one. */
export function userSessionSeconds({ principal }: Caller, requestedSeconds: number | undefined): number {
  if (principal.kind !== 'root') return requestedSeconds ?? USER_SECONDS;
  // DOCS: more than an hour is cut to an hour and not refused.
  return Math.min(requestedSeconds ?? ROOT_SECONDS, ROOT_SECONDS);
}

const USER_SECONDS = 43_200;
const ROOT_SECONDS = 3_600;
