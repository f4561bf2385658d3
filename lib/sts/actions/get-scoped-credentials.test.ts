import { describe, expect, test } from 'vitest';
import { trusting } from '../../identity/accounts.ts';
import { assuming, createDesk, sessionOf } from '../test-desk.ts';
import {
  allow,
  appOf,
  askFor,
  deny,
  HOME,
  home,
  membersOf,
  policyOf,
  roleOf,
  textIn,
} from './test-accounts.ts';
import { rootCredentials, rootKeys } from './test-root.ts';

const role = roleOf('wide', trusting(appOf(home()).arn), {
  policies: { may: policyOf(allow(['sts:GetAccessKeyInfo', 'sts:DecodeAuthorizationMessage'])) },
});
const account = home({ roles: [role], root: rootKeys() });
const desk = createDesk({ accounts: [account] });
const AccessKeyId = appOf(account).accessKeyId;
const session = (more = {}) => sessionOf(desk.ask({ parameters: assuming(role.arn, more) }));
const scoped = (parameters: Record<string, string>, credentials = session()) =>
  askFor(desk, 'GetScopedCredentials', parameters, credentials);
const only = (...actions: readonly string[]) => ({ Policy: JSON.stringify(policyOf(allow(actions))) });
const mayInfo = (credentials: ReturnType<typeof session>) =>
  askFor(desk, 'GetAccessKeyInfo', { AccessKeyId }, credentials).ok;

describe('GetScopedCredentials', () => {
  test('answers in the order of the model, with the caller’s own identity', () => {
    const { body } = scoped({ DurationSeconds: '60' }, session({ SourceIdentity: 'Jane' }));
    expect(membersOf(body)).toEqual([
      'Credentials',
      'SessionInfo',
      'SessionTokenUtilization',
      'SessionTokenSize',
      'ScopedPoliciesCount',
      'SourceIdentity',
    ]);
    expect(body).toContain(`    <SessionInfo>
      <ScopedSessionId>${role.roleId}:game-day</ScopedSessionId>
      <Arn>arn:aws:sts::${HOME}:assumed-role/wide/game-day</Arn>
    </SessionInfo>`);
    expect(textIn(body, 'ScopedPoliciesCount')).toBe('0');
    expect(textIn(body, 'Expiration')).toBe('2026-11-24T12:01:00Z');
  });

  test('narrows what the session may do and never widens it', () => {
    const info = sessionOf(scoped(only('sts:GetAccessKeyInfo', 'sts:GetFederationToken')));
    expect(desk.ask({ credentials: info }).arn).toBe(`arn:aws:sts::${HOME}:assumed-role/wide/game-day`);
    expect(mayInfo(info)).toBe(true);
    expect(mayInfo(sessionOf(scoped(only('sts:DecodeAuthorizationMessage'))))).toBe(false);
    const denying = { Policy: JSON.stringify(policyOf(allow('*'), deny('sts:GetAccessKeyInfo'))) };
    expect(mayInfo(sessionOf(scoped(denying)))).toBe(false);
  });

  test('stacks at most three policies, each of which must allow', () => {
    let credentials = session();
    for (const count of ['1', '2', '3']) {
      const answer = scoped(only('sts:*'), credentials);
      expect(textIn(answer.body, 'ScopedPoliciesCount')).toBe(count);
      credentials = sessionOf(answer);
    }
    expect(mayInfo(credentials)).toBe(true);
    expect(scoped(only('sts:*'), credentials).errorCode).toBe('AccessDenied');
    expect(scoped({ DurationSeconds: '1' }, credentials).ok).toBe(true);
    const two = sessionOf(scoped(only('sts:*'), sessionOf(scoped(only('sts:DecodeAuthorizationMessage')))));
    expect(mayInfo(two)).toBe(false);
  });

  test('ends when the session ends, and cannot last longer', () => {
    const at = createDesk({ accounts: [account] });
    const credentials = sessionOf(at.ask({ parameters: assuming(role.arn, { DurationSeconds: '900' }) }));
    at.passMs(300_000);
    const ask = (parameters: Record<string, string>) =>
      askFor(at, 'GetScopedCredentials', parameters, credentials);
    expect(ask(only('*')).credentials?.expiration).toBe('2026-11-24T12:15:00Z');
    expect(ask({ DurationSeconds: '600' }).credentials?.expiration).toBe('2026-11-24T12:15:00Z');
    expect(ask({ DurationSeconds: '601' })).toMatchObject({ errorCode: 'InsufficientSessionLifetime' });
  });

  test('takes sessions only, and none of the root user', () => {
    const rootSession = sessionOf(askFor(desk, 'GetSessionToken', {}, rootCredentials()));
    for (const credentials of [desk.credentials('aws', 'app'), rootCredentials(), rootSession]) {
      expect(scoped({ DurationSeconds: '60' }, credentials).errorCode).toBe('InvalidSubjectCredentials');
    }
    expect(scoped({ DurationSeconds: '60' }, sessionOf(askFor(desk, 'GetSessionToken'))).ok).toBe(true);
  });

  test('wants a policy or a duration, and a policy that is one', () => {
    expect(scoped({})).toMatchObject({ errorCode: 'ValidationError' });
    expect(scoped({ Policy: '{}' })).toMatchObject({ errorCode: 'MalformedPolicyDocument' });
  });

  test('is unknown at the global endpoint and before its time', () => {
    const parameters = { DurationSeconds: '60' };
    const answer = askFor(desk, 'GetScopedCredentials', parameters, session(), 'sts.amazonaws.com');
    expect(answer).toMatchObject({ errorCode: 'InvalidAction', errorMessage: 'Unknown Operation' });
    const then = createDesk({ accounts: [account], era: '2024' });
    expect(askFor(then, 'GetScopedCredentials', parameters).errorCode).toBe('InvalidAction');
  });
});
