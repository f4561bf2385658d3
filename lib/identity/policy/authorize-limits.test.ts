/** What denies and what limits without granting: boundaries, session policies, scopes, organizations. */

import { describe, expect, it } from 'vitest';
import { type Authorities, authorize } from './authorize.ts';
import {
  federated,
  HERE,
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

describe('an explicit deny wins', () => {
  const named = { identity: [mayAssume()], resource: trust({ AWS: user.arn }) };
  it.each<readonly [string, Authorities]>([
    ['an identity policy', { ...named, identity: [mayAssume(), policy('identity', denyAll)] }],
    ['the boundary', { ...named, boundary: policy('boundary', [allowAll, denyAll]) }],
    ['a session policy', { ...named, session: [policy('session', allowAll), policy('session', denyAll)] }],
    ['a scope', { ...named, scopes: [policy('session', allowAll), policy('session', denyAll)] }],
    [
      'the organization',
      { ...named, scps: [[policy('scp', allowAll)], [policy('scp', [allowAll, denyAll])]] },
    ],
    [
      'the trust policy',
      {
        ...named,
        resource: policy('trust', [
          { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: '*' },
          { Effect: 'Deny', Action: 'sts:AssumeRole', Principal: { AWS: HERE } },
        ]),
      },
    ],
  ])('in %s', (_, authorities) => {
    expect(authorize(named, wish(user))).toMatchObject({ allowed: true, explicitDeny: false });
    expect(authorize(authorities, wish(user))).toMatchObject({ allowed: false, explicitDeny: true });
  });
});

describe('what limits without granting', () => {
  const byAccount: Authorities = { identity: [mayAssume()], resource: trust({ AWS: HERE }) };
  const narrow = { boundary: policy('boundary', readOnly) };
  const narrowSession = { session: [policy('session', readOnly)] };

  it('a boundary or session policy grants nothing', () => {
    const resource = trust({ AWS: HERE });
    expect(allowed({ identity: [], boundary: policy('boundary', allowAll), resource })).toBe(false);
    expect(allowed({ identity: [], session: [policy('session', allowAll)], resource })).toBe(false);
  });

  it('a boundary and the session policies must allow what identity policies do', () => {
    expect(allowed(byAccount)).toBe(true);
    expect(allowed({ ...byAccount, ...narrow })).toBe(false);
    expect(allowed({ ...byAccount, ...narrowSession }, wish(session))).toBe(false);
    expect(allowed({ ...byAccount, boundary: policy('boundary', allowAll) })).toBe(true);
  });

  it('session policies of one call unite', () => {
    const united = [policy('session', readOnly), policy('session', allowAll)];
    expect(allowed({ ...byAccount, session: united }, wish(session))).toBe(true);
    expect(allowed({ ...byAccount, session: [] }, wish(session))).toBe(true);
  });

  it('scopes intersect, whatever the resource says', () => {
    const scopes = [policy('session', allowAll), policy('session', readOnly)];
    expect(allowed({ ...byAccount, scopes }, wish(session))).toBe(false);
    expect(allowed({ ...byAccount, resource: trust({ AWS: session.arn }), scopes }, wish(session))).toBe(
      false,
    );
    expect(allowed({ ...byAccount, scopes: scopes.slice(0, 1) }, wish(session))).toBe(true);
  });

  it('each level of the organization must allow, also for root and also when the user is named', () => {
    const scps = [[policy('scp', allowAll)], [policy('scp', readOnly), policy('scp', allowAll)]];
    const resource = trust({ AWS: user.arn });
    expect(allowed({ ...NOTHING, resource, scps })).toBe(true);
    expect(allowed({ ...NOTHING, resource, scps: [...scps, [policy('scp', readOnly)]] })).toBe(false);
    expect(allowed({ ...NOTHING, resource, scps: [...scps, []] })).toBe(false);
    const asRoot = { ...wish(root), action: 'iam:ListUsers', resource: '*' };
    expect(allowed({ ...NOTHING, scps }, asRoot)).toBe(true);
    expect(allowed({ ...NOTHING, scps: [[policy('scp', readOnly)]] }, asRoot)).toBe(false);
  });

  it.each<readonly [string, Authorities, ReturnType<typeof wish>, boolean]>([
    [
      'a user named is not held by a boundary',
      { ...NOTHING, ...narrow, resource: trust({ AWS: user.arn }) },
      wish(user),
      true,
    ],
    [
      'a user among all is not held by a boundary',
      { ...NOTHING, ...narrow, resource: trust('*') },
      wish(user),
      true,
    ],
    [
      'a session named is not held by its session policy',
      { ...NOTHING, ...narrowSession, resource: trust({ AWS: session.arn }) },
      wish(session),
      true,
    ],
    [
      'a session named is not held by the boundary of its role',
      { ...NOTHING, ...narrow, resource: trust({ AWS: session.arn }) },
      wish(session),
      true,
    ],
    [
      'a session whose role is named needs no identity policy',
      { ...NOTHING, resource: trust({ AWS: `arn:aws:iam::${HERE}:role/team/worker` }) },
      wish(session),
      true,
    ],
    [
      'a session whose role is named is held by its session policy',
      { ...NOTHING, ...narrowSession, resource: trust({ AWS: `arn:aws:iam::${HERE}:role/team/worker` }) },
      wish(session),
      false,
    ],
    [
      'a session whose role is named is held by the boundary',
      { ...NOTHING, ...narrow, resource: trust({ AWS: `arn:aws:iam::${HERE}:role/team/worker` }) },
      wish(session),
      false,
    ],
    [
      'a federated user named needs nothing else',
      { ...NOTHING, resource: trust({ AWS: federated.arn }) },
      wish(federated),
      true,
    ],
    [
      'a federated user whose user is named is held by the session policy',
      { ...NOTHING, ...narrowSession, resource: trust({ AWS: user.arn }) },
      wish(federated),
      false,
    ],
    [
      'a federated user without session policy may nothing',
      { ...NOTHING, resource: trust({ AWS: user.arn }) },
      wish(federated),
      false,
    ],
    [
      'across accounts a boundary holds a user who is named',
      { identity: [mayAssume()], ...narrow, resource: trust({ AWS: user.arn }) },
      wish(user, target(THERE)),
      false,
    ],
    [
      'across accounts a session policy holds a session that is named',
      { identity: [mayAssume()], ...narrowSession, resource: trust({ AWS: session.arn }) },
      wish(session, target(THERE)),
      false,
    ],
  ])('%s', (_, authorities, request, expected) => {
    expect(allowed(authorities, request)).toBe(expected);
  });
});
