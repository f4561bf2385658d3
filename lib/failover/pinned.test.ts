import { describe, expect, it } from 'vitest';
import { pinnedPolicy } from './pinned.ts';
import { GIVE_UP } from './policy.ts';

describe('a pinned caller', () => {
  const failure = {
    endpoint: 'a',
    startedUs: 0,
    endedUs: 1,
    outcome: 'failed',
    status: 0,
    errorCode: 'ECONNREFUSED',
  } as const;

  const NOTHING = { ended: [], live: [] };

  it('asks its one endpoint once and gives up, whatever it learned before', () => {
    const policy = pinnedPolicy({ kind: 'pinned', endpoint: 'a', attemptTimeLimitMs: 250 });
    const state = policy.learn(policy.initial(1), failure, 1);
    expect(policy.next(state, NOTHING, 2).step).toEqual({ kind: 'try', endpoint: 'a', timeLimitUs: 250_000 });
    expect(policy.next(state, { ended: [failure], live: [] }, 3).step).toEqual(GIVE_UP);
  });

  it('waits for ever without a limit', () => {
    const policy = pinnedPolicy({ kind: 'pinned', endpoint: 'a', attemptTimeLimitMs: null });
    expect(policy.next(policy.initial(1), NOTHING, 0).step).toMatchObject({ timeLimitUs: null });
  });
});
