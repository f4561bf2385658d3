/** Callers of other kinds and other partitions, and those whom NotPrincipal leaves out. */

import { describe, expect, it } from 'vitest';
import { type Authorities, authorize } from './authorize.ts';
import { federated, HERE, policy, session, target, trust, user, wish } from './policies.fixture.ts';

const NOTHING: Authorities = { identity: [] };
const allowAll = { Effect: 'Allow', Action: '*', Resource: '*' };
const allowed = (authorities: Authorities, request = wish(user)): boolean =>
  authorize(authorities, request).allowed;

describe('who comes without an account of AWS', () => {
  const provider = `arn:aws:iam::${HERE}:oidc-provider/issuer.example`;
  const visitor = { kind: 'web-identity', partition: 'aws', account: '', arn: provider, provider } as const;
  const enter = {
    ...wish(visitor, target(HERE), { 'issuer.example:aud': 'app' }),
    action: 'sts:AssumeRoleWithWebIdentity',
  };
  const federation = (more: object = {}, Federated: string = provider) =>
    policy('trust', { Effect: 'Allow', Action: enter.action, Principal: { Federated }, ...more });

  it('needs to be trusted by provider, and nothing else', () => {
    expect(allowed({ ...NOTHING, resource: federation() }, enter)).toBe(true);
    expect(allowed({ ...NOTHING, resource: federation({}, `${provider}/other`) }, enter)).toBe(false);
    expect(allowed({ ...NOTHING, resource: trust({ AWS: HERE }, { Action: 'sts:*' }) }, enter)).toBe(false);
    expect(allowed({ identity: [policy('identity', allowAll)] }, enter)).toBe(false);
  });

  it('is held by conditions', () => {
    const on = (aud: string) => federation({ Condition: { StringEquals: { 'issuer.example:aud': aud } } });
    expect(allowed({ ...NOTHING, resource: on('app') }, enter)).toBe(true);
    expect(allowed({ ...NOTHING, resource: on('another') }, enter)).toBe(false);
  });

  it('may be a service', () => {
    const service = { kind: 'service', partition: 'aws', account: '', arn: 'ec2.amazonaws.com' } as const;
    expect(allowed({ ...NOTHING, resource: trust({ Service: 'ec2.amazonaws.com' }) }, wish(service))).toBe(
      true,
    );
    expect(allowed({ ...NOTHING, resource: trust({ Service: 'ecs.amazonaws.com' }) }, wish(service))).toBe(
      false,
    );
  });
});

describe('the wall of a partition', () => {
  const stranger = { ...user, partition: 'aws-us-gov', arn: user.arn.replace('aws', 'aws-us-gov') } as const;
  it('stops everyone, by name, by account or as anyone', () => {
    for (const Principal of ['*', { AWS: HERE }, { AWS: user.arn }]) {
      const resource = trust(Principal);
      const identity = [policy('identity', allowAll, 'aws-us-gov')];
      expect(allowed({ identity, resource }, wish(stranger))).toBe(false);
      expect(allowed({ identity, resource }, wish(stranger, target(HERE, 'aws-us-gov')))).toBe(false);
    }
  });

  it('stops an action on a resource behind it', () => {
    const identity = [policy('identity', allowAll)];
    const act = (partition: 'aws' | 'aws-cn' | 'aws-us-gov') =>
      allowed({ identity }, { ...wish(user, target(HERE, partition)), action: 'iam:GetRole' });
    expect([act('aws'), act('aws-cn'), act('aws-us-gov')]).toEqual([true, false, false]);
  });
});

describe('NotPrincipal with Deny', () => {
  const account = `arn:aws:iam::${HERE}:root`;
  const role = `arn:aws:iam::${HERE}:role/team/worker`;
  const except = (...AWS: string[]) =>
    policy('trust', [
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: '*' },
      { Effect: 'Deny', Action: 'sts:AssumeRole', NotPrincipal: { AWS } },
    ]);
  it.each([
    ['a user with account', user, [user.arn, account], true],
    ['a user without account', user, [user.arn], false],
    ['an account only', user, [account], false],
    ['another user', user, [`arn:aws:iam::${HERE}:user/other`, account], false],
    ['a session with role and account', session, [session.arn, role, account], true],
    ['a session without role', session, [session.arn, account], false],
    ['a role with account', session, [role, account], true],
    ['a role with account and another session', session, [`${session.arn}fall`, role, account], false],
    ['a federated user with account', federated, [federated.arn, account], true],
    ['everyone', user, ['*'], true],
  ])('that leaves out %s', (_, principal, list, expected) => {
    expect(allowed({ ...NOTHING, resource: except(...list) }, wish(principal))).toBe(expected);
  });

  it('always denies who has a boundary', () => {
    const resource = except(user.arn, account);
    expect(allowed({ ...NOTHING, resource, boundary: policy('boundary', allowAll) })).toBe(false);
  });
});
