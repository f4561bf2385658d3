import { describe, expect, test } from 'vitest';
import { accountOfAccessKeyId, makeAccessKeyId } from '../../aws/access-key.ts';
import { Secret } from '../../aws/credentials.ts';
import type { EraName } from '../../aws/eras.ts';
import { trusting, type UserConfig } from '../../identity/accounts.ts';
import { ACCESS_KEY_MARK } from '../../identity/marks.ts';
import { defaultAccounts } from '../../identity/world-accounts.ts';
import { createRandom } from '../../time/random.ts';
import { assuming, createDesk, type Desk, NOON_MS, PARTITIONS_IN_TESTS, sessionOf } from '../test-desk.ts';
import { AWAY, allow, appOf, away, HOME, home, policyOf, roleOf, withApp } from './test-accounts.ts';

describe('AssumeRole', () => {
  test('answers in the byte shape of the real service', () => {
    const desk = createDesk();
    const { body, credentials } = desk.ask({ parameters: assuming(desk.roleArn('aws')) });
    const [account] = desk.accounts;
    expect(body).toBe(`<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleResult>
    <AssumedRoleUser>
      <AssumedRoleId>${account?.roles[0]?.roleId}:game-day</AssumedRoleId>
      <Arn>arn:aws:sts::111122223333:assumed-role/app/game-day</Arn>
    </AssumedRoleUser>
    <Credentials>
      <AccessKeyId>${credentials?.accessKeyId}</AccessKeyId>
      <SecretAccessKey>${credentials?.secretAccessKey}</SecretAccessKey>
      <SessionToken>${credentials?.sessionToken}</SessionToken>
      <Expiration>2026-11-24T13:00:00Z</Expiration>
    </Credentials>
    <SessionTokenUtilization>19</SessionTokenUtilization>
    <SessionTokenSize>768</SessionTokenSize>
  </AssumeRoleResult>
  <ResponseMetadata>
    <RequestId>01234567-89ab-cdef-0123-456789abcdef</RequestId>
  </ResponseMetadata>
</AssumeRoleResponse>
`);
    expect(credentials?.accessKeyId).toMatch(/^ASIA[A-Z2-7]{13}RGF$/);
    expect(accountOfAccessKeyId(credentials?.accessKeyId ?? '')).toBe('111122223333');
    expect(credentials?.secretAccessKey).toMatch(/^[A-Za-z0-9+/]{40}$/);
    expect(credentials?.sessionToken).toHaveLength(768);
  });

  test('issues credentials that say who they are', () => {
    const desk = createDesk();
    const session = desk.ask({ parameters: assuming(desk.roleArn('aws')) });
    const identity = desk.ask({ credentials: sessionOf(session) });
    expect(identity.arn).toBe('arn:aws:sts::111122223333:assumed-role/app/game-day');
    expect(identity.body).toContain(`<UserId>${desk.accounts[0]?.roles[0]?.roleId}:game-day</UserId>`);
  });

  test.each([
    ['the default', {}, '2026-11-24T13:00:00Z'],
    ['the least', { DurationSeconds: '900' }, '2026-11-24T12:15:00Z'],
    ['the role’s maximum', { DurationSeconds: '43200' }, '2026-11-25T00:00:00Z'],
    ['a number with a sign and zeros', { DurationSeconds: '+0900' }, '2026-11-24T12:15:00Z'],
  ])('lasts %s', (_name, more, expiration) => {
    const desk = createDesk();
    const answer = desk.ask({ parameters: assuming(desk.roleArn('aws'), more) });
    expect(answer.credentials?.expiration).toBe(expiration);
  });

  const NULL = 'failed to satisfy constraint: Member must not be null';
  const FAILED = 'failed to satisfy constraint: Member must';
  const SESSION_PATTERN = 'satisfy regular expression pattern: [\\w+=,.@-]*';
  const ARN_PATTERN =
    'satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u10000-\\u10FFFF]+';
  const GOOD = { RoleArn: 'arn:aws:iam::111122223333:role/app', RoleSessionName: 'game-day' };

  // Recorded from the real service, but for the order of several clauses, which is not stable there.
  test.each<[Record<string, string>, string, string]>([
    [
      { RoleSessionName: 'ab' },
      'ValidationError',
      `1 validation error detected: Value null at 'roleArn' ${NULL}`,
    ],
    [
      {},
      'ValidationError',
      `2 validation errors detected: Value null at 'roleArn' ${NULL}; Value null at 'roleSessionName' ${NULL}`,
    ],
    [
      { ...GOOD, RoleArn: '' },
      'ValidationError',
      `2 validation errors detected: Value '' at 'roleArn' ${FAILED} ${ARN_PATTERN}; Value '' at 'roleArn' ${FAILED} have length greater than or equal to 20`,
    ],
    [
      { ...GOOD, RoleSessionName: 'Session1:2' },
      'ValidationError',
      `1 validation error detected: Value 'Session1:2' at 'roleSessionName' ${FAILED} ${SESSION_PATTERN}`,
    ],
    [
      { ...GOOD, RoleSessionName: 's'.repeat(65) },
      'ValidationError',
      `1 validation error detected: Value '${'s'.repeat(65)}' at 'roleSessionName' ${FAILED} have length less than or equal to 64`,
    ],
    [
      { ...GOOD, RoleSessionName: 's' },
      'ValidationError',
      `1 validation error detected: Value 's' at 'roleSessionName' ${FAILED} have length greater than or equal to 2`,
    ],
    [
      { ...GOOD, DurationSeconds: '899' },
      'ValidationError',
      `1 validation error detected: Value '899' at 'durationSeconds' ${FAILED} have value greater than or equal to 900`,
    ],
    [
      { ...GOOD, DurationSeconds: '43201' },
      'ValidationError',
      `1 validation error detected: Value '43201' at 'durationSeconds' ${FAILED} have value less than or equal to 43200`,
    ],
    [
      { ...GOOD, SourceIdentity: 'aws:me' },
      'ValidationError',
      `1 validation error detected: Value 'aws:me' at 'sourceIdentity' ${FAILED} ${SESSION_PATTERN}`,
    ],
    [
      { ...GOOD, ExternalId: '?' },
      'ValidationError',
      `2 validation errors detected: Value '?' at 'externalId' ${FAILED} satisfy regular expression pattern: [\\w+=,.@:\\/-]*; Value '?' at 'externalId' ${FAILED} have length greater than or equal to 2`,
    ],
    [{ ...GOOD, RoleArn: 'nothing-valid-in-here' }, 'ValidationError', 'nothing-valid-in-here is invalid'],
    [
      { ...GOOD, RoleArn: 'arn::b:::something/test-role' },
      'ValidationError',
      'arn::b:::something/test-role is invalid',
    ],
    [
      { ...GOOD, RoleArn: 'arn:a::::something/test-role' },
      'ValidationError',
      'arn:a::::something/test-role is invalid',
    ],
    [
      { ...GOOD, RoleArn: 'arn:a:::something/test-role' },
      'ValidationError',
      'arn:a:::something/test-role is invalid',
    ],
    [{ ...GOOD, RoleArn: 'arn:a:a::aaaaaaaaaa:' }, 'ValidationError', 'arn:a:a::aaaaaaaaaa: is invalid'],
    [{ ...GOOD, DurationSeconds: 'abc' }, 'MalformedInput', ''],
    [{ ...GOOD, DurationSeconds: '900.0' }, 'MalformedInput', ''],
    [{ ...GOOD, DurationSeconds: '2147483648' }, 'MalformedInput', ''],
    [{ ...GOOD, DurationSeconds: '' }, 'MalformedInput', 'missing value for decimal type'],
  ])('refuses %j as %s', (parameters, code, message) => {
    const desk = createDesk();
    const answer = desk.ask({ parameters: { Action: 'AssumeRole', Version: '2011-06-15', ...parameters } });
    expect(answer.served.answer.status).toBe(400);
    expect(answer).toMatchObject({ errorCode: code, errorMessage: message });
    expect(answer.body.includes('<Message>')).toBe(message !== '');
  });

  test('says nothing when a number is malformed, not even an empty Message', () => {
    const desk = createDesk();
    const { body } = desk.ask({ parameters: assuming(desk.roleArn('aws'), { DurationSeconds: 'abc' }) });
    expect(body).toBe(`<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Error>
    <Type>Sender</Type>
    <Code>MalformedInput</Code>
  </Error>
  <RequestId>01234567-89ab-cdef-0123-456789abcdef</RequestId>
</ErrorResponse>
`);
  });
});

describe('AssumeRole is denied, in the same words,', () => {
  const denial = (caller: string, role: string) => ({
    errorCode: 'AccessDenied',
    errorMessage: `User: ${caller} is not authorized to perform: sts:AssumeRole on resource: ${role}`,
  });

  test('to a user whom the role does not trust', () => {
    const desk = createDesk();
    const parameters = assuming(desk.roleArn('aws'));
    const answer = desk.ask({ parameters, credentials: desk.credentials('aws', 'admin') });
    expect(answer).toMatchObject(denial(desk.user('aws', 'admin').arn, desk.roleArn('aws')));
    expect(answer.served.answer.status).toBe(403);
  });

  test('for a role that does not exist', () => {
    const desk = createDesk();
    const arn = 'arn:aws:iam::111122223333:role/nobody';
    expect(desk.ask({ parameters: assuming(arn) })).toMatchObject(denial(desk.user('aws', 'app').arn, arn));
  });

  test('for a role of another partition', () => {
    const desk = createDesk();
    const arn = desk.roleArn('aws-us-gov');
    expect(desk.ask({ parameters: assuming(arn) })).toMatchObject(denial(desk.user('aws', 'app').arn, arn));
  });

  test('for a role of another partition that trusts everybody, even to a user who may assume every role', () => {
    const accounts = defaultAccounts(['aws', 'aws-cn'], 7).map((account) => ({
      ...account,
      users: account.users.map((user) => ({
        ...user,
        policies: { assumes: policyOf(allow('sts:AssumeRole')) },
      })),
      roles: account.roles.map((role) => ({ ...role, trust: trusting('*') })),
    }));
    const desk = createDesk({ accounts });
    expect(desk.ask({ parameters: assuming(desk.roleArn('aws')) }).ok).toBe(true);
    const arn = desk.roleArn('aws-cn');
    expect(desk.ask({ parameters: assuming(arn) })).toMatchObject(denial(desk.user('aws', 'app').arn, arn));
  });

  test('across accounts until both sides agree', () => {
    const target = `arn:aws:iam::${AWAY}:role/target`;
    const parameters = assuming(target);
    const callerArn = appOf(home()).arn;
    const deskWith = (trusted: string, policies: UserConfig['policies'] = {}) =>
      createDesk({
        accounts: [
          withApp(home(), { policies }),
          away({ roles: [roleOf('target', trusting(trusted), {}, AWAY)] }),
        ],
      });
    const assumes = { assumes: policyOf(allow('sts:AssumeRole', { Resource: target })) };
    expect(deskWith(callerArn).ask({ parameters })).toMatchObject(denial(callerArn, target));
    expect(deskWith(AWAY, assumes).ask({ parameters })).toMatchObject(denial(callerArn, target));
    expect(deskWith(callerArn, assumes).ask({ parameters }).ok).toBe(true);
    expect(deskWith(HOME, assumes).ask({ parameters }).ok).toBe(true);
  });

  test('to a session of the role itself, unless its trust policy says so or the era did not ask', () => {
    const role = roleOf('self', trusting(appOf(home()).arn), {
      policies: { self: policyOf(allow('sts:AssumeRole')) },
    });
    const deskIn = (era: EraName) => createDesk({ era, accounts: [home({ roles: [role] })] });
    const again = (desk: Desk) => {
      const credentials = sessionOf(desk.ask({ parameters: assuming(role.arn) }));
      return desk.ask({ parameters: assuming(role.arn), credentials });
    };
    expect(again(deskIn('2026'))).toMatchObject(
      denial(`arn:aws:sts::${HOME}:assumed-role/self/game-day`, role.arn),
    );
    expect(again(deskIn('2018')).ok).toBe(true);
  });

  test('to the root user, whatever the role trusts', () => {
    const accessKeyId = makeAccessKeyId({
      prefix: 'AKIA',
      account: HOME,
      random: createRandom(1),
      mark: ACCESS_KEY_MARK,
    });
    const root = { accessKeyId, secretAccessKey: 'r'.repeat(40) };
    const desk = createDesk({ accounts: [home({ root, roles: [roleOf('open', trusting(HOME))] })] });
    const credentials = { accessKeyId, secretAccessKey: new Secret(root.secretAccessKey) };
    const parameters = assuming(`arn:aws:iam::${HOME}:role/open`);
    expect(desk.ask({ credentials }).arn).toBe(`arn:aws:iam::${HOME}:root`);
    expect(desk.ask({ parameters, credentials })).toMatchObject({
      errorCode: 'AccessDenied',
      errorMessage: 'Roles may not be assumed by root accounts.',
    });
  });
});

describe('the length of a session', () => {
  const desk = createDesk();
  const chained = sessionOf(desk.ask({ parameters: assuming(desk.roleArn('aws')) }));

  test('may not exceed an hour when a role’s session assumes a role', () => {
    const parameters = assuming(desk.roleArn('aws'), { DurationSeconds: '3601' });
    expect(desk.ask({ parameters, credentials: chained }).errorMessage).toBe(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    );
    expect(desk.ask({ parameters: assuming(desk.roleArn('aws')), credentials: chained }).ok).toBe(true);
  });

  test('may not exceed the role’s maximum, which is judged after trust', () => {
    const accounts = defaultAccounts(PARTITIONS_IN_TESTS, 7).map((account) => ({
      ...account,
      roles: account.roles.map((role) => ({ ...role, maxSessionDurationSeconds: 3_600 })),
    }));
    const strict = createDesk({ accounts });
    const parameters = assuming(strict.roleArn('aws'), { DurationSeconds: '3601' });
    expect(strict.ask({ parameters }).errorMessage).toBe(
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
    expect(strict.ask({ parameters, credentials: strict.credentials('aws', 'admin') }).errorCode).toBe(
      'AccessDenied',
    );
  });

  test('is counted from the service’s clock', () => {
    const late = createDesk();
    late.passMs(1_999);
    const answer = late.ask({ parameters: assuming(late.roleArn('aws')), signedAtMs: NOON_MS });
    expect(answer.credentials?.expiration).toBe('2026-11-24T13:00:01Z');
  });
});
