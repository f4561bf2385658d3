import { describe, expect, test } from 'vitest';
import type { OrganizationConfig } from '../../identity/accounts.ts';
import { createDesk, sessionOf } from '../test-desk.ts';
import {
  AWAY,
  allow,
  appOf,
  askFor,
  away,
  HOME,
  home,
  membersOf,
  policyOf,
  withApp,
} from './test-accounts.ts';
import { rootCredentials, rootKeys } from './test-root.ts';

const MEMBER = `arn:aws:iam::${AWAY}:root`;
const TASK = 'arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials';

const organization: OrganizationConfig = {
  id: 'o-regionfall',
  managementAccount: HOME,
  path: 'o-regionfall/r-root/',
  controlPolicies: [{ FullAWSAccess: policyOf(allow('*')) }],
  rootSessionsEnabled: true,
};

function deskWith(
  own: Partial<OrganizationConfig> = {},
  policies = { root: policyOf(allow('sts:AssumeRoot')) },
) {
  const all = { ...organization, ...own };
  return createDesk({
    accounts: [
      withApp(home({ root: rootKeys(), organization: all }), { policies }),
      away({ organization: all }),
    ],
  });
}

const ask = (
  desk: ReturnType<typeof deskWith>,
  more: Record<string, string> = {},
  credentials = desk.credentials('aws', 'app'),
  host?: string,
) =>
  askFor(
    desk,
    'AssumeRoot',
    { TargetPrincipal: AWAY, 'TaskPolicyArn.arn': TASK, ...more },
    credentials,
    host,
  );

const denial = {
  errorCode: 'AccessDenied',
  errorMessage: `User: ${appOf(home()).arn} is not authorized to perform: sts:AssumeRoot on resource: ${MEMBER}`,
};

describe('AssumeRoot', () => {
  test.each([AWAY, MEMBER])(
    'opens the root user of member %s for a quarter of an hour',
    (TargetPrincipal) => {
      const desk = deskWith();
      const answer = ask(desk, { TargetPrincipal });
      expect(membersOf(answer.body)).toEqual(['Credentials', 'SessionTokenUtilization', 'SessionTokenSize']);
      expect(answer.credentials?.expiration).toBe('2026-11-24T12:15:00Z');
      expect(desk.ask({ credentials: sessionOf(answer) }).arn).toBe(MEMBER);
    },
  );

  test('lets the session do nothing else in STS', () => {
    const desk = deskWith();
    const credentials = sessionOf(ask(desk));
    expect(askFor(desk, 'GetSessionToken', {}, credentials).errorMessage).toBe(
      'Cannot call GetSessionToken with session credentials',
    );
    expect(askFor(desk, 'GetScopedCredentials', { DurationSeconds: '1' }, credentials).ok).toBe(false);
    expect(ask(desk, {}, credentials).errorCode).toBe('AccessDenied');
  });

  test('takes no time at all at its word', () => {
    expect(ask(deskWith(), { DurationSeconds: '0' }).credentials?.expiration).toBe('2026-11-24T12:00:00Z');
  });

  test('is denied to who has no permission, and to every root user', () => {
    const none = deskWith({}, { root: policyOf(allow('sts:AssumeRole')) });
    expect(ask(none)).toMatchObject(denial);
    expect(ask(deskWith(), {}, rootCredentials()).errorCode).toBe('AccessDenied');
  });

  test('is denied where central root access is off, and for accounts that are not members', () => {
    expect(ask(deskWith({ rootSessionsEnabled: false }))).toMatchObject(denial);
    expect(ask(deskWith({ managementAccount: AWAY }))).toMatchObject(denial);
    expect(ask(deskWith(), { TargetPrincipal: HOME }).errorCode).toBe('AccessDenied');
    expect(ask(deskWith(), { TargetPrincipal: '123456789012' }).errorCode).toBe('AccessDenied');
  });

  test('is open to an account that it was delegated to', () => {
    const delegated = { managementAccount: '123456789012', delegatedAdministrators: [HOME] };
    expect(ask(deskWith(delegated)).ok).toBe(true);
  });

  test('can be limited to tasks by the condition key of its own', () => {
    const Condition = { StringLike: { 'sts:TaskPolicyArn': '*/IAMAudit*' } };
    const desk = deskWith({}, { root: policyOf(allow('sts:AssumeRoot', { Resource: MEMBER, Condition })) });
    expect(ask(desk).ok).toBe(true);
    const other = 'arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy';
    expect(ask(desk, { 'TaskPolicyArn.arn': other })).toMatchObject(denial);
  });

  test.each([
    ['TargetPrincipal', 'arn:aws:iam::999988887777:user/root'],
    ['TaskPolicyArn.arn', 'arn:aws:iam::aws:policy/AdministratorAccess'],
  ])('refuses a %s that is none', (name, value) => {
    expect(ask(deskWith(), { [name]: value })).toMatchObject({
      errorCode: 'ValidationError',
      errorMessage: `${value} is invalid`,
    });
  });

  // Recorded: boto/boto3 issue 4461.
  test('is unknown at the global endpoint', () => {
    const desk = deskWith();
    expect(ask(desk, {}, desk.credentials('aws', 'app'), 'sts.amazonaws.com')).toMatchObject({
      errorCode: 'InvalidAction',
      errorMessage: 'Unknown Operation',
    });
  });
});
