/** AWS's evaluation logic, rule by rule; what random policies do is differential.test.ts's. */

import { describe, expect, it } from 'vitest';
import { type Authorities, authorize, explain } from './authorize.ts';
import { contextValues } from './context.ts';
import {
  HERE,
  IDS,
  mayAssume,
  policy,
  root,
  session,
  THERE,
  target,
  trust,
  user,
  wish,
} from './policies.fixture.ts';

const NOTHING: Authorities = { identity: [] };
const denyAll = { Effect: 'Deny', Action: '*', Resource: '*' };
const allowAll = { Effect: 'Allow', Action: '*', Resource: '*' };
const readOnly = { Effect: 'Allow', Action: 's3:Get*', Resource: '*' };
const allowed = (authorities: Authorities, request = wish(user)): boolean =>
  authorize(authorities, request).allowed;

describe('a trust policy of the same account', () => {
  it('that names the user is enough', () => {
    expect(allowed({ ...NOTHING, resource: trust({ AWS: user.arn }) })).toBe(true);
    expect(allowed({ ...NOTHING, resource: trust({ AWS: `arn:aws:iam::${HERE}:user/other` }) })).toBe(false);
  });

  it.each([[HERE], [`arn:aws:iam::${HERE}:root`]])(
    'that names the account as %s leaves it to identity policies',
    (AWS) => {
      const resource = trust({ AWS });
      expect(allowed({ ...NOTHING, resource })).toBe(false);
      expect(allowed({ identity: [mayAssume()], resource })).toBe(true);
      expect(allowed({ identity: [mayAssume(target(HERE))], resource })).toBe(true);
      expect(allowed({ identity: [mayAssume(`${target(HERE)}2`)], resource })).toBe(false);
    },
  );

  it.each([['*'], [{ AWS: '*' }]])('that names anyone as %j is enough', (Principal) => {
    expect(allowed({ ...NOTHING, resource: trust(Principal) })).toBe(true);
  });

  it('is worth as much as its furthest statement, wherever that stands', () => {
    const resource = policy('trust', [
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: HERE } },
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: user.arn } },
    ]);
    expect(allowed({ ...NOTHING, resource })).toBe(true);
  });

  it('is needed: an identity policy alone opens no role', () => {
    expect(allowed({ identity: [policy('identity', allowAll)] })).toBe(false);
    expect(allowed({ identity: [policy('identity', allowAll)], resource: trust({ AWS: THERE }) })).toBe(
      false,
    );
  });

  it('that names a role covers all its sessions, and one that names a session that one', () => {
    const request = wish(session);
    expect(
      allowed({ ...NOTHING, resource: trust({ AWS: `arn:aws:iam::${HERE}:role/team/worker` }) }, request),
    ).toBe(true);
    expect(allowed({ ...NOTHING, resource: trust({ AWS: session.arn }) }, request)).toBe(true);
    expect(allowed({ ...NOTHING, resource: trust({ AWS: `${session.arn}fall` }) }, request)).toBe(false);
  });

  it('breaks when the user is made anew under the same name', () => {
    const resource = trust({ AWS: user.arn });
    expect(allowed({ ...NOTHING, resource }, wish({ ...user, uniqueId: 'AIDAAPP00000000000002' }))).toBe(
      false,
    );
  });

  it('breaks when the role is made anew under the same name, for all its sessions', () => {
    const resource = trust({ AWS: `arn:aws:iam::${HERE}:role/team/worker` });
    expect(allowed({ ...NOTHING, resource }, wish({ ...session, uniqueId: 'AROAWORKER00000000002' }))).toBe(
      false,
    );
  });

  it('lets a role assume itself only if it says so', () => {
    const itself = { ...session, roleArn: target(HERE), uniqueId: 'AROATARGET00000000001' };
    const own = { identity: [mayAssume()] };
    expect(allowed({ ...own, resource: trust({ AWS: user.arn }) }, wish(itself))).toBe(false);
    expect(allowed({ ...own, resource: trust({ AWS: HERE }) }, wish(itself))).toBe(true);
    // Before September 2022 the identity policy was enough.
    const earlier = { resource: trust({ AWS: user.arn }), implicitSelfTrust: true };
    expect(allowed({ ...own, ...earlier }, wish(itself))).toBe(true);
    expect(allowed({ ...NOTHING, ...earlier }, wish(itself))).toBe(false);
    expect(allowed({ ...own, ...earlier }, wish(session))).toBe(false);
  });
});

describe('a trust policy of another account', () => {
  const request = wish(user, target(THERE));
  it.each([
    ['the user', { AWS: user.arn }],
    ['the account', { AWS: HERE }],
    ['anyone', '*'],
  ])('that names %s needs the other side too', (_, Principal) => {
    const resource = trust(Principal);
    expect(allowed({ ...NOTHING, resource }, request)).toBe(false);
    expect(allowed({ identity: [mayAssume(target(THERE))], resource }, request)).toBe(true);
    expect(allowed({ identity: [mayAssume(target(HERE))], resource }, request)).toBe(false);
  });

  it('is needed', () => {
    expect(allowed({ identity: [mayAssume()], resource: trust({ AWS: THERE }) }, request)).toBe(false);
  });
});

describe('an action without a role', () => {
  const listUsers = { ...wish(user), action: 'iam:ListUsers', resource: '*' };
  it('is for identity policies to allow, within the limits', () => {
    const identity = [policy('identity', { Effect: 'Allow', Action: 'iam:List*', Resource: '*' })];
    expect(allowed({ identity }, listUsers)).toBe(true);
    expect(allowed(NOTHING, listUsers)).toBe(false);
    expect(allowed({ identity, boundary: policy('boundary', readOnly) }, listUsers)).toBe(false);
    expect(allowed({ identity, session: [policy('session', readOnly)] }, listUsers)).toBe(false);
  });

  it('is allowed to root without any policy, unless a session limits it', () => {
    expect(allowed(NOTHING, { ...listUsers, principal: root })).toBe(true);
    expect(
      allowed({ ...NOTHING, session: [policy('session', readOnly)] }, { ...listUsers, principal: root }),
    ).toBe(false);
  });

  it('follows the documented example of Carlos and the logs', () => {
    const identity = [
      policy('identity', [
        { Effect: 'Allow', Action: ['s3:ListAllMyBuckets'], Resource: 'arn:aws:s3:::*' },
        { Effect: 'Allow', Action: 's3:*', Resource: ['arn:aws:s3:::carlos/*', 'arn:aws:s3:::carlos'] },
        { Effect: 'Deny', Action: 's3:*', Resource: 'arn:aws:s3:::*log*' },
      ]),
    ];
    const put = (resource: string) =>
      authorize({ identity }, { ...wish(user, resource), action: 's3:PutObject' });
    expect(put('arn:aws:s3:::carlos/file')).toMatchObject({ allowed: true });
    expect(put('arn:aws:s3:::carlos-logs/file')).toMatchObject({ allowed: false, explicitDeny: true });
    expect(put('arn:aws:s3:::someone/file')).toMatchObject({ allowed: false, explicitDeny: false });
  });
});

describe('an explanation', () => {
  it('makes the same decision and lists what applied, with where it came from', () => {
    const identity = [
      { ...mayAssume(), name: 'assume' },
      policy('identity', [
        { ...readOnly, Sid: 'unrelated' },
        { ...denyAll, Sid: 'stop' },
      ]),
    ];
    const resource = trust({ AWS: HERE });
    const decision = explain({ identity, resource }, wish(user));
    expect(decision).toMatchObject({ allowed: false, explicitDeny: true });
    expect(
      decision.matched.map(({ policy: name, effect, statement }) => [name, effect, statement.sid]),
    ).toEqual([
      ['assume', 'Allow', ''],
      ['identity policy', 'Deny', 'stop'],
      ['trust policy', 'Allow', ''],
    ]);
  });

  it('is made of nothing in the common case', () => {
    const authorities = { ...NOTHING, resource: trust({ AWS: user.arn }) };
    expect(authorize(authorities, wish(user))).toBe(authorize(authorities, wish(user)));
  });
});

describe('a NotAction or NotResource', () => {
  it('speaks of everything else', () => {
    const identity = [
      policy('identity', { Effect: 'Allow', NotAction: 'iam:*', NotResource: 'arn:aws:s3:::secret/*' }),
    ];
    const act = (action: string, resource: string) =>
      allowed({ identity }, { ...wish(user, resource), action });
    expect(act('s3:GetObject', 'arn:aws:s3:::open/a')).toBe(true);
    expect(act('S3:GetObject', 'arn:aws:s3:::secret/a')).toBe(false);
    expect(act('IAM:GetUser', 'arn:aws:iam::111122223333:user/app')).toBe(false);
  });

  it('with a variable that has no value speaks of nothing', () => {
    const own = `arn:aws:s3:::${'$'.concat('{aws:username}')}/*`;
    const identity = [policy('identity', { Effect: 'Allow', Action: 's3:*', NotResource: own })];
    const get = { ...wish(user, 'arn:aws:s3:::other/x'), action: 's3:GetObject' };
    expect(allowed({ identity }, get)).toBe(false);
    expect(allowed({ identity }, { ...get, context: contextValues([['aws:username', 'app']]) })).toBe(true);
    expect(allowed({ identity }, { ...get, context: contextValues([['aws:username', 'other']]) })).toBe(
      false,
    );
  });
});

it('the ids of the fixture are those of IAM', () => {
  for (const id of Object.values(IDS)) expect(id).toMatch(/^A(?:ID|RO)A[A-Z0-9]{17}$/);
});
