import { describe, expect, test } from 'vitest';
import { regionalHost } from '../aws/endpoints.ts';
import { type Policy, parsePolicy } from '../identity/policy/document.ts';
import type { Account, Role, User } from '../identity/state.ts';
import { allow, appOf, HOME, home, policyOf, roleOf, trustOf, withApp } from './actions/test-accounts.ts';
import { assuming, createDesk, type Desk } from './test-desk.ts';

const ROLE = `arn:aws:iam::${HOME}:role/app`;
const APP = appOf(home()).arn;

/** Asked twice, so that what the first time left behind is used. */
function allowed(desk: Desk, more: Record<string, string> = {}, host = regionalHost('eu-west-1')): boolean {
  const ask = (): boolean => desk.ask({ parameters: assuming(ROLE, more), host }).ok;
  const first = ask();
  expect(ask()).toBe(first);
  return first;
}

function change(desk: Desk, edit: (account: Account) => Partial<Account>): void {
  desk.identity.plane.change(HOME, (before) => ({ ...before, ...edit(before) }));
}

const withRole = (desk: Desk, edit: (role: Role) => Partial<Role>): void =>
  change(desk, ({ roles }) => ({
    roles: new Map([...roles].map(([name, role]) => [name, { ...role, ...edit(role) }])),
  }));

const withUser = (desk: Desk, edit: (user: User) => Partial<User>): void =>
  change(desk, ({ users }) => ({
    users: new Map([...users].map(([name, user]) => [name, { ...user, ...edit(user) }])),
  }));

function policy(text: object, kind: 'trust' | 'identity'): Policy {
  const parsed = parsePolicy(JSON.stringify(text), { kind, partition: 'aws' });
  if ('code' in parsed) throw new Error(parsed.message);
  return parsed;
}

const NOBODY = policy(trustOf('arn:aws:iam::111122223333:user/somebody-else', 'sts:AssumeRole'), 'trust');
const DENY = policy(
  { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: 'sts:AssumeRole', Resource: '*' }] },
  'identity',
);

describe('whether a role may be assumed, asked again', () => {
  test('follows the role’s trust policy at once', () => {
    const desk = createDesk();
    expect(allowed(desk)).toBe(true);
    const [trusted] = desk.identity.plane.state().accounts.get(HOME)?.roles.values() ?? [];
    withRole(desk, () => ({ trust: NOBODY }));
    expect(allowed(desk)).toBe(false);
    withRole(desk, () => (trusted === undefined ? {} : { trust: trusted.trust }));
    expect(allowed(desk)).toBe(true);
  });

  test('follows the caller’s own policies at once', () => {
    const desk = createDesk();
    expect(allowed(desk)).toBe(true);
    withUser(desk, () => ({ inlinePolicies: new Map([['deny', DENY]]) }));
    expect(allowed(desk)).toBe(false);
    withUser(desk, () => ({ inlinePolicies: new Map() }));
    expect(allowed(desk)).toBe(true);
  });

  test('follows the organization’s policies at once', () => {
    const desk = createDesk();
    expect(allowed(desk)).toBe(true);
    change(desk, () => ({
      organization: {
        id: 'o-exampleorgid',
        managementAccount: '999999999999',
        path: 'o-exampleorgid/r-ab12/',
        delegatedAdministrators: [],
        controlPolicies: [[{ name: 'deny', policy: DENY }]],
      },
    }));
    expect(allowed(desk)).toBe(false);
  });

  test('follows the role and the key themselves at once', () => {
    const desk = createDesk();
    expect(allowed(desk)).toBe(true);
    change(desk, ({ accessKeys }) => ({
      accessKeys: new Map([...accessKeys].map(([id, key]) => [id, { ...key, status: 'Inactive' }])),
    }));
    expect(desk.ask({ parameters: assuming(ROLE) }).errorCode).toBe('InvalidClientTokenId');
    change(desk, ({ accessKeys }) => ({
      accessKeys: new Map([...accessKeys].map(([id, key]) => [id, { ...key, status: 'Active' }])),
    }));
    expect(allowed(desk)).toBe(true);
    withRole(desk, () => ({ roleId: 'AROAREGNFALLANEWONEAA' }));
    expect(desk.ask({ parameters: assuming(ROLE) }).body).toContain('>AROAREGNFALLANEWONEAA:game-day<');
    change(desk, () => ({ roles: new Map() }));
    expect(allowed(desk)).toBe(false);
  });

  test('is each Region’s own: one that has not heard of a change goes on as before', () => {
    const desk = createDesk({ replicaDelayMs: { minimum: 1_000, maximum: 60_000 } });
    const delays = ['eu-west-1', 'eu-west-2'].map(
      (region) => [region, desk.identity.plane.replica(region).delayMs] as const,
    );
    const [[near, nearMs] = ['', 0], [far, farMs] = ['', 0]] = delays.toSorted(([, a], [, b]) => a - b);
    const both = (): boolean[] => [near, far].map((region) => allowed(desk, {}, regionalHost(region)));
    expect(both()).toEqual([true, true]);
    withRole(desk, () => ({ trust: NOBODY }));
    expect(both()).toEqual([true, true]);
    desk.passMs((nearMs + farMs) / 2);
    expect(both()).toEqual([false, true]);
    desk.passMs(farMs);
    expect(both()).toEqual([false, false]);
  });

  test('is asked anew of each request where a condition looks at it', () => {
    const Condition = { StringEquals: { 'sts:ExternalId': 'secret' } };
    const desk = createDesk({
      accounts: [home({ roles: [roleOf('app', trustOf(APP, 'sts:AssumeRole', { Condition }))] })],
    });
    expect(allowed(desk, { ExternalId: 'secret' })).toBe(true);
    expect(allowed(desk, { ExternalId: 'another' })).toBe(false);
    expect(allowed(desk, { ExternalId: 'secret' })).toBe(true);
  });

  test('is no answer to whether the session may have tags or a source identity', () => {
    const desk = createDesk({
      accounts: [
        withApp(home({ roles: [roleOf('app', trustOf(APP, 'sts:AssumeRole'))] }), {
          policies: { own: policyOf(allow('sts:*')) },
        }),
      ],
    });
    expect(allowed(desk)).toBe(true);
    expect(allowed(desk, { 'Tags.member.1.Key': 'a', 'Tags.member.1.Value': 'b' })).toBe(false);
    expect(allowed(desk, { SourceIdentity: 'alice' })).toBe(false);
    expect(allowed(desk)).toBe(true);
  });

  test('is another question for another caller, and for another world of the same accounts', () => {
    const desk = createDesk();
    const other = createDesk();
    withRole(other, () => ({ trust: NOBODY }));
    expect([allowed(desk), allowed(other), allowed(desk)]).toEqual([true, false, true]);
    const admin = desk.credentials('aws', 'admin');
    const asAdmin = (): string => desk.ask({ parameters: assuming(ROLE), credentials: admin }).errorCode;
    expect([asAdmin(), asAdmin()]).toEqual(['AccessDenied', 'AccessDenied']);
    expect(allowed(desk)).toBe(true);
  });
});
