import { describe, expect, it } from 'vitest';
import type { PolicyAttempt } from './policy.ts';
import { type RememberingPolicy, rememberingPolicy } from './remembering.ts';
import type { OrderedPolicySpec } from './spec.ts';

const SPEC: OrderedPolicySpec = {
  kind: 'ordered',
  endpoints: ['a', 'b', 'c'],
  attemptTimeLimitMs: 1_000,
  failBackAfterMs: 5_000,
};

const SECOND_US = 1_000_000;

const attempt = (endpoint: string, atUs: number, change: Partial<PolicyAttempt> = {}): PolicyAttempt => ({
  endpoint,
  startedUs: atUs,
  endedUs: atUs,
  outcome: 'failed',
  status: 0,
  errorCode: 'ECONNREFUSED',
  ...change,
});

const ok = (endpoint: string, atUs: number) =>
  attempt(endpoint, atUs, { outcome: 'ok', status: 200, errorCode: '' });

function tried(policy: RememberingPolicy, attempts: readonly PolicyAttempt[], nowUs: number) {
  const step = policy.next({ ended: attempts, live: [] }, nowUs);
  return step.kind === 'try' ? step.endpoint : 'gave up';
}

describe('an ordered caller', () => {
  it('asks the preferred endpoint first, within its time limit', () => {
    const step = rememberingPolicy(SPEC, 1).next({ ended: [], live: [] }, 0);
    expect(step).toEqual({ kind: 'try', endpoint: 'a', timeLimitUs: SECOND_US });
  });

  it('moves on after a failure, to each endpoint once, and then gives up', () => {
    const policy = rememberingPolicy(SPEC, 1);
    const attempts: PolicyAttempt[] = [];
    const asked: string[] = [];
    for (let count = 0; count < 4; count += 1) {
      const endpoint = tried(policy, attempts, 0);
      asked.push(endpoint);
      const failure = attempt(endpoint, 0);
      policy.learn(failure, 0);
      attempts.push(failure);
    }
    expect(asked).toEqual(['a', 'b', 'c', 'gave up']);
  });

  it('gives up after an answer that every endpoint would repeat', () => {
    const policy = rememberingPolicy(SPEC, 1);
    const denied = attempt('a', 0, { status: 403, errorCode: 'AccessDenied' });
    policy.learn(denied, 0);
    expect(tried(policy, [denied], 0)).toBe('gave up');
    expect(tried(policy, [], 1)).toBe('a');
  });

  it('starts later arrivals at the endpoint that works', () => {
    const policy = rememberingPolicy(SPEC, 1);
    policy.learn(attempt('a', 0), 0);
    expect(tried(policy, [], 1)).toBe('b');
    expect(tried(policy, [], 5 * SECOND_US - 1)).toBe('b');
  });

  it('lets one arrival probe the preferred endpoint while the others stay where they are', () => {
    const policy = rememberingPolicy(SPEC, 1);
    policy.learn(attempt('a', 0), 0);
    const probeUs = 5 * SECOND_US;
    expect(tried(policy, [], probeUs)).toBe('a');
    expect(tried(policy, [], probeUs)).toBe('b');
    expect(tried(policy, [], probeUs + SECOND_US)).toBe('b');
    policy.learn(ok('a', probeUs), probeUs + SECOND_US);
    expect(tried(policy, [], probeUs + SECOND_US)).toBe('a');
    expect(tried(policy, [], probeUs + SECOND_US)).toBe('a');
  });

  it('sends a failed probe on and waits as long again', () => {
    const policy = rememberingPolicy(SPEC, 1);
    policy.learn(attempt('a', 0), 0);
    const probeUs = 5 * SECOND_US;
    expect(tried(policy, [], probeUs)).toBe('a');
    const failure = attempt('a', probeUs, { endedUs: probeUs + SECOND_US });
    policy.learn(failure, failure.endedUs);
    expect(tried(policy, [failure], failure.endedUs)).toBe('b');
    expect(tried(policy, [], failure.endedUs + 5 * SECOND_US - 1)).toBe('b');
    expect(tried(policy, [], failure.endedUs + 5 * SECOND_US)).toBe('a');
  });

  it('probes again when a probe without a limit never comes back', () => {
    const policy = rememberingPolicy({ ...SPEC, attemptTimeLimitMs: null }, 1);
    policy.learn(attempt('a', 0), 0);
    expect(tried(policy, [], 5 * SECOND_US)).toBe('a');
    expect(tried(policy, [], 9 * SECOND_US)).toBe('b');
    expect(tried(policy, [], 10 * SECOND_US)).toBe('a');
  });

  it('never has two probes under way when a probe may take longer than the wait', () => {
    const policy = rememberingPolicy({ ...SPEC, attemptTimeLimitMs: 20_000 }, 1);
    policy.learn(attempt('a', 0), 0);
    expect(tried(policy, [], 5 * SECOND_US)).toBe('a');
    expect(tried(policy, [], 24 * SECOND_US)).toBe('b');
  });

  it('takes an answer to an old question for no news', () => {
    const policy = rememberingPolicy(SPEC, 1);
    policy.learn(attempt('a', 100, { endedUs: 200 }), 200);
    policy.learn(ok('a', 50), 300);
    expect(tried(policy, [], 400)).toBe('b');
    policy.learn(ok('a', 250), 500);
    expect(tried(policy, [], 600)).toBe('a');
    policy.learn(attempt('a', 260), 700);
    expect(tried(policy, [], 800)).toBe('a');
  });

  it('still asks somebody when nobody seems to work, the longest shunned first', () => {
    const policy = rememberingPolicy(SPEC, 1);
    policy.learn(attempt('b', 0), 0);
    policy.learn(attempt('c', 10), 10);
    policy.learn(attempt('a', 20), 20);
    expect(tried(policy, [], 30)).toBe('b');
    expect(tried(policy, [attempt('b', 30)], 40)).toBe('c');
  });
});
