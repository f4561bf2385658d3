import { describe, expect, it } from 'vitest';
import { loadGroupSchema } from './load-spec.ts';

const GROUP = {
  name: 'web',
  location: 'eu-west-1',
  ratePerSecond: 50,
  operations: { AssumeRole: 3, GetCallerIdentity: 1 },
  policy: { kind: 'ordered', endpoints: ['eu-west-1', 'eu-central-1'] },
};

describe('a load group', () => {
  it('fills in what a scenario leaves out', () => {
    expect(loadGroupSchema.parse(GROUP)).toEqual({
      ...GROUP,
      callers: 1,
      partition: 'aws',
      principal: 'app',
      credential: 'long-term',
      arrivals: 'poisson',
      policy: { ...GROUP.policy, attemptTimeLimitMs: 1_000, failBackAfterMs: 5_000, failBackAnswers: 1 },
      client: { kind: 'embedded' },
    });
  });

  it('lets a pinned caller wait for ever, as SDKs do by default', () => {
    const policy = { kind: 'pinned', endpoint: 'eu-west-1' };
    expect(loadGroupSchema.parse({ ...GROUP, policy }).policy).toEqual({
      ...policy,
      attemptTimeLimitMs: null,
    });
  });

  it.each([
    ['a name that cannot stand in a user agent', { name: 'Web callers' }, ['name']],
    ['no callers', { callers: 0 }, ['callers']],
    ['a rate of zero', { ratePerSecond: 0 }, ['ratePerSecond']],
    ['an operation it cannot sign', { operations: { AssumeRot: 1 } }, ['operations']],
    ['operations that never happen', { operations: { AssumeRole: 0 } }, ['operations']],
    ['a partition that does not exist', { partition: 'aws-moon' }, ['partition']],
    [
      'an endpoint named twice',
      { policy: { kind: 'ordered', endpoints: ['eu-west-1', 'eu-west-1'] } },
      ['policy', 'endpoints'],
    ],
    ['an unknown policy', { policy: { kind: 'luckiest' } }, ['policy', 'kind']],
    ['a misspelt field', { arrival: 'even' }, []],
  ])('refuses %s and says where', (_, change, path) => {
    const result = loadGroupSchema.safeParse({ ...GROUP, ...change });
    expect(result.error?.issues.map((issue) => issue.path.slice(0, path.length))).toContainEqual(path);
  });

  it('finds every mistake at once', () => {
    const result = loadGroupSchema.safeParse({ ...GROUP, callers: 0, ratePerSecond: -1, arrivals: 'bursty' });
    expect(result.error?.issues).toHaveLength(3);
  });
});
