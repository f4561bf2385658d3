import { describe, expect, test } from 'vitest';
import { contextValues } from '../identity/policy/context.ts';
import { type PolicyKind, type PolicyText, parsePolicy } from '../identity/policy/document.ts';
import type { User } from '../identity/state.ts';
import { openMessage } from './authorization-message.ts';
import { type Asking, authorizeCall, encodeDenial, explainCall } from './authorize.ts';
import { federatedCaller, rootCaller, userCaller } from './caller.ts';
import type { Session } from './session.ts';
import { createDesk, NOON_MS } from './test-desk.ts';

const account = createDesk().identity.account('111122223333');

function policy(statement: Record<string, unknown>, kind: PolicyKind = 'identity'): PolicyText {
  const compiled = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: [statement] }), {
    kind,
    partition: 'aws',
  });
  if ('code' in compiled) throw new Error(compiled.message);
  return { name: 'test', policy: compiled };
}

const app = account.users.get('app');
if (app === undefined) throw new Error('no app');
const withPolicy = (statement: Record<string, unknown>): User => ({
  ...app,
  inlinePolicies: new Map([['test', policy(statement).policy]]),
});
const ALLOW = { Effect: 'Allow', Action: 'iam:CreateUser', Resource: '*' };
const QUESTION = { action: 'iam:CreateUser', resource: `arn:aws:iam::${account.id}:user/new` };
const session: Session = {
  accessKeyId: 'ASIA',
  account: account.id,
  kind: 'federated',
  principalId: app.userId,
  sessionName: 'Bob',
  issuingRegion: 'eu-west-1',
  issuedSeconds: 0,
  expiresSeconds: 1,
};
const by = (caller: Asking['caller']): Asking => ({
  caller,
  nowMs: NOON_MS,
  endpointRegion: 'us-east-1',
  sourceIp: '192.0.2.1',
  http: { method: 'POST', path: '/', query: '', headers: [], body: '' },
});
const user = (statement: Record<string, unknown>): Asking =>
  by(userCaller(account, withPolicy(statement), 'AKIA'));

describe('whether a call is allowed', () => {
  test('is for the caller’s own policies to say', () => {
    expect(authorizeCall(user(ALLOW), QUESTION).allowed).toBe(true);
    expect(authorizeCall(user({ ...ALLOW, Action: 'iam:DeleteUser' }), QUESTION)).toMatchObject({
      allowed: false,
      explicitDeny: false,
    });
    expect(authorizeCall(user({ ...ALLOW, Effect: 'Deny' }), QUESTION).explicitDeny).toBe(true);
    expect(authorizeCall(by(rootCaller(account, 'AKIA')), QUESTION).allowed).toBe(true);
  });

  test('depends on the request where conditions say so', () => {
    const on = (Condition: Record<string, unknown>, extra?: Record<string, string>) =>
      authorizeCall(user({ ...ALLOW, Condition }), {
        ...QUESTION,
        ...(extra === undefined ? {} : { extra: () => contextValues(Object.entries(extra)) }),
      }).allowed;
    expect(on({ StringEquals: { 'aws:RequestedRegion': 'us-east-1' } })).toBe(true);
    expect(on({ IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } })).toBe(true);
    expect(on({ IpAddress: { 'aws:SourceIp': '198.51.100.0/24' } })).toBe(false);
    expect(on({ DateGreaterThan: { 'aws:CurrentTime': '2026-11-24T11:59:59Z' } })).toBe(true);
    expect(on({ StringEquals: { 'aws:RequestTag/team': 'a' } }, { 'aws:RequestTag/Team': 'a' })).toBe(true);
    expect(on({ StringEquals: { 'aws:RequestTag/team': 'a' } })).toBe(false);
  });

  test('is limited by a session’s policy, and is no at all for a federated user without one', () => {
    const holder = withPolicy(ALLOW);
    const federated = (more: Partial<Session>) =>
      authorizeCall(by(federatedCaller(account, holder, { ...session, ...more })), QUESTION).allowed;
    const text = (action: string) =>
      JSON.stringify({ Version: '2012-10-17', Statement: [{ ...ALLOW, Action: action }] });
    expect(federated({})).toBe(false);
    expect(federated({ policy: text('iam:*') })).toBe(true);
    expect(federated({ policy: text('sts:*') })).toBe(false);
    expect(federated({ policy: text('iam:*'), scopes: [text('sts:*')] })).toBe(false);
  });

  test('is explained with the statements that applied', () => {
    const { matched, allowed } = explainCall(user(ALLOW), QUESTION);
    expect(allowed).toBe(true);
    expect(matched.map(({ policy: name, effect }) => [name, effect])).toEqual([['test', 'Allow']]);
    expect(authorizeCall(user(ALLOW), QUESTION).matched).toEqual([]);
  });

  test('is sealed into a message that only its account can open', () => {
    const key = new Uint8Array(32).fill(7);
    const message = encodeDenial(user({ ...ALLOW, Effect: 'Deny' }), QUESTION, key) ?? '';
    const opened = JSON.parse(openMessage(message, key, account.id) ?? '{}') as Record<string, unknown>;
    expect(opened).toMatchObject({ allowed: false, explicitDeny: true });
    expect(openMessage(message, key, '999988887777')).toBeUndefined();
  });
});
