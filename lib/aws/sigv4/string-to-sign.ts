/** The text that a signature is made over, apart from how it is made: signers in Node and in k6 share it. */

import { hash } from 'node:crypto';

export const ALGORITHM = 'AWS4-HMAC-SHA256';

export interface CredentialScope {
  /** `20260131`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

export function scopeText(scope: CredentialScope): string {
  return `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
}

export function stringToSign(canonicalRequest: string, amzDate: string, scope: CredentialScope): string {
  return `${ALGORITHM}\n${amzDate}\n${scopeText(scope)}\n${hash('sha256', canonicalRequest, 'hex')}`;
}

/** `20260131T120000Z` for epoch milliseconds. */
export function amzDateOf(atMs: number): string {
  const second = Math.floor(atMs / 1_000);
  if (second !== lastSecond) {
    lastAmzDate = `${new Date(second * 1_000).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
    lastSecond = second;
  }
  return lastAmzDate;
}

/** Requests come many to a second, and a date costs more to write than to look up. */
let lastSecond = Number.NaN;
let lastAmzDate = '';
