import { describe, expect, it } from 'vitest';
import type { PolicyAttempt } from './policy.ts';
import { worthAnotherEndpoint } from './worth-another.ts';

const attempt = (change: Partial<PolicyAttempt>): PolicyAttempt => ({
  endpoint: 'a',
  startedUs: 0,
  endedUs: 1,
  outcome: 'failed',
  status: 0,
  errorCode: '',
  ...change,
});

describe('another endpoint is worth a try', () => {
  it.each([
    ['the port was closed', { errorCode: 'ECONNREFUSED' }],
    ['the connection was lost', { outcome: 'indeterminate', errorCode: 'ECONNRESET' }],
    ['the time limit was over', { outcome: 'indeterminate', errorCode: 'ETIMEDOUT' }],
    ['the service failed', { status: 500, errorCode: 'InternalFailure' }],
    ['the service was unavailable', { status: 503, errorCode: 'ServiceUnavailable' }],
    ['the service throttled', { status: 400, errorCode: 'Throttling' }],
    ['the Region is switched off for the account', { status: 403, errorCode: 'RegionDisabledException' }],
  ] as const)('when %s', (_, change) => {
    expect(worthAnotherEndpoint(attempt(change))).toBe(true);
  });
});

describe('another endpoint is not worth a try', () => {
  it.each([
    ['the service answered', { outcome: 'ok', status: 200 }],
    ['the caller may not', { status: 403, errorCode: 'AccessDenied' }],
    ['the request is wrong', { status: 400, errorCode: 'ValidationError' }],
    ['the keys are unknown', { status: 403, errorCode: 'InvalidClientTokenId' }],
    ['the credentials have expired', { status: 403, errorCode: 'ExpiredToken' }],
    ['the signature is wrong', { status: 403, errorCode: 'SignatureDoesNotMatch' }],
  ] as const)('when %s', (_, change) => {
    expect(worthAnotherEndpoint(attempt(change))).toBe(false);
  });
});
