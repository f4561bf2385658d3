import { describe, expect, test } from 'vitest';
import { contextValues } from '../identity/policy/context.ts';
import type { Account } from '../identity/state.ts';
import { NOBODY, roleCaller, rootCaller, userCaller } from './caller.ts';
import { type Asking, type ContextExtras, RequestContext } from './request-context.ts';
import type { Session } from './session.ts';
import { createDesk, NOON_MS } from './test-desk.ts';

const desk = createDesk();
const account: Account = {
  ...desk.identity.account('111122223333'),
  organization: {
    id: 'o-regionfall',
    managementAccount: '999988887777',
    delegatedAdministrators: [],
    path: 'o-regionfall/r-root/',
    controlPolicies: [],
  },
};
const found = <Value>(value: Value | undefined): Value => {
  if (value === undefined) throw new Error('not there');
  return value;
};
const user = { ...found(account.users.get('app')), tags: new Map([['Team', 'a']]) };
const role = {
  ...found(account.roles.get('app')),
  tags: new Map([
    ['Team', 'role'],
    ['level', '1'],
  ]),
};
const session: Session = {
  accessKeyId: 'ASIA',
  account: account.id,
  kind: 'role',
  principalId: role.roleId,
  sessionName: 'game-day',
  issuingRegion: 'eu-west-1',
  issuedSeconds: NOON_MS / 1_000 - 60,
  expiresSeconds: NOON_MS / 1_000 + 60,
  tags: [['TEAM', 'session']],
  sourceIdentity: 'Jane',
};

const asking = (caller: Asking['caller']): Asking => ({
  caller,
  nowMs: NOON_MS,
  endpointRegion: 'us-east-1',
  sourceIp: '192.0.2.1',
  http: { method: 'POST', path: '/', query: '', headers: [['user-agent', 'client/1.0']], body: '' },
});
const contextOf = (caller: Asking['caller'], extras: ContextExtras = {}): RequestContext =>
  new RequestContext(asking(caller), extras);
const valuesOf = (context: RequestContext, ...keys: readonly string[]) => keys.map((key) => context.get(key));

/** Source: the IAM User Guide, "AWS global condition context keys". */
describe('the context of a request', () => {
  test('of a user with long-term keys', () => {
    const context = contextOf(userCaller(account, user, 'AKIA'));
    expect(Object.fromEntries(context)).toEqual({
      'aws:currenttime': ['2026-11-24T12:00:00Z'],
      'aws:epochtime': [String(NOON_MS / 1_000)],
      'aws:securetransport': ['true'],
      'aws:requestedregion': ['us-east-1'],
      'aws:sourceip': ['192.0.2.1'],
      'aws:useragent': ['client/1.0'],
      'aws:principalarn': [user.arn],
      'aws:principalaccount': [account.id],
      'aws:principaltype': ['User'],
      'aws:principalisawsservice': ['false'],
      'aws:viaawsservice': ['false'],
      'aws:userid': [user.userId],
      'aws:username': ['app'],
      'aws:principalorgid': ['o-regionfall'],
      'aws:principalorgmasteraccountid': ['999988887777'],
      'aws:principalorgpaths': ['o-regionfall/r-root/'],
      'aws:principaltag/team': ['a'],
    });
    expect(context.size).toBe(17);
  });

  test('of a role’s session names the role, and the session’s tags before the role’s', () => {
    const context = contextOf(roleCaller(account, role, session));
    const keys = [
      'aws:principalarn',
      'aws:userid',
      'aws:username',
      'aws:principaltag/team',
      'aws:principaltag/level',
    ];
    expect(valuesOf(context, ...keys)).toEqual([
      [role.arn],
      [`${role.roleId}:game-day`],
      undefined,
      ['session'],
      ['1'],
    ]);
    expect(valuesOf(context, 'aws:principaltype', 'aws:tokenissuetime', 'aws:sourceidentity')).toEqual([
      ['AssumedRole'],
      ['2026-11-24T11:59:00Z'],
      ['Jane'],
    ]);
  });

  test('speaks of MFA for sessions only', () => {
    const keys = ['aws:multifactorauthpresent', 'aws:multifactorauthage'];
    const of = (more?: Partial<Session>) =>
      valuesOf(
        contextOf(userCaller(account, user, 'A', more && { ...session, kind: 'user', ...more })),
        ...keys,
      );
    expect(of()).toEqual([undefined, undefined]);
    expect(of({})).toEqual([['false'], undefined]);
    expect(of({ mfaSeconds: NOON_MS / 1_000 - 30 })).toEqual([['true'], ['30']]);
  });

  test('of root and of nobody', () => {
    const keys = ['aws:principaltype', 'aws:principalarn', 'aws:userid', 'aws:principalaccount'];
    expect(valuesOf(contextOf(rootCaller(account, 'AKIA')), ...keys)).toEqual([
      ['Account'],
      [`arn:aws:iam::${account.id}:root`],
      [account.id],
      [account.id],
    ]);
    expect(valuesOf(contextOf(NOBODY), ...keys)).toEqual([['Anonymous'], undefined, undefined, undefined]);
  });

  test('knows the tags of the resource under both names', () => {
    const context = contextOf(NOBODY, { resourceTags: role.tags, resourceAccount: account.id });
    expect(
      valuesOf(context, 'aws:resourcetag/team', 'iam:resourcetag/TEAM'.toLowerCase(), 'aws:resourceaccount'),
    ).toEqual([['role'], ['role'], [account.id]]);
    expect([...context.keys()]).toContain('aws:resourcetag/level');
  });

  test('puts the action’s own keys first and asks for them once, and only when a key is asked for', () => {
    let made = 0;
    const extra = () => {
      made += 1;
      return contextValues([
        ['sts:ExternalId', 'x'],
        ['aws:MultiFactorAuthPresent', 'true'],
      ]);
    };
    const context = contextOf(roleCaller(account, role, session), { extra });
    expect(made).toBe(0);
    expect(valuesOf(context, 'sts:externalid', 'aws:multifactorauthpresent')).toEqual([['x'], ['true']]);
    expect(context.has('sts:externalid')).toBe(true);
    expect([...context.keys()].filter((key) => key === 'sts:externalid')).toHaveLength(1);
    expect(made).toBe(1);
  });

  test.each(['', 'aws:principaltag/', '__proto__', 'constructor', 'aws:', 'saml:sub', ':sub'])(
    'has nothing under %j',
    (key) => {
      expect(contextOf(userCaller(account, user, 'AKIA')).get(key)).toBeUndefined();
    },
  );
});
