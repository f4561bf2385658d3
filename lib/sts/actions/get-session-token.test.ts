import { describe, expect, test } from 'vitest';
import { totp } from '../../identity/mfa.ts';
import { assuming, createDesk, NOON_MS, sessionOf } from '../test-desk.ts';
import { allow, appOf, askFor, HOME, home, policyOf, roleOf, trustOf, withApp } from './test-accounts.ts';
import { rootCredentials, rootKeys } from './test-root.ts';

describe('GetSessionToken', () => {
  test('issues credentials of the user, and nothing else stands in the answer', () => {
    const desk = createDesk({ era: '2024' });
    const { body, credentials } = askFor(desk, 'GetSessionToken', { DurationSeconds: '900' });
    expect(body).toBe(`<GetSessionTokenResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <GetSessionTokenResult>
    <Credentials>
      <AccessKeyId>${credentials?.accessKeyId}</AccessKeyId>
      <SecretAccessKey>${credentials?.secretAccessKey}</SecretAccessKey>
      <SessionToken>${credentials?.sessionToken}</SessionToken>
      <Expiration>2026-11-24T12:15:00Z</Expiration>
    </Credentials>
  </GetSessionTokenResult>
  <ResponseMetadata>
    <RequestId>01234567-89ab-cdef-0123-456789abcdef</RequestId>
  </ResponseMetadata>
</GetSessionTokenResponse>
`);
  });

  test('says how large the token is in the era that counts', () => {
    const { body } = askFor(createDesk(), 'GetSessionToken', { MinimumSessionTokenSize: '4096' });
    expect(body).toContain(`    </Credentials>
    <SessionTokenUtilization>100</SessionTokenUtilization>
    <SessionTokenSize>4096</SessionTokenSize>
  </GetSessionTokenResult>`);
  });

  test('lasts twelve hours unless told otherwise, and keeps the user’s identity', () => {
    const desk = createDesk();
    const answer = askFor(desk, 'GetSessionToken');
    expect(answer.credentials?.expiration).toBe('2026-11-25T00:00:00Z');
    const credentials = sessionOf(answer);
    expect(desk.ask({ credentials }).arn).toBe(desk.user('aws', 'app').arn);
    expect(desk.ask({ credentials, parameters: assuming(desk.roleArn('aws')) }).ok).toBe(true);
  });

  test.each([
    [{}, '2026-11-24T13:00:00Z'],
    [{ DurationSeconds: '900' }, '2026-11-24T12:15:00Z'],
    [{ DurationSeconds: '129600' }, '2026-11-24T13:00:00Z'],
  ])('lasts at most an hour for the root user, which is not an error: %j', (parameters, expiration) => {
    const desk = createDesk({ accounts: [home({ root: rootKeys() })] });
    const answer = askFor(desk, 'GetSessionToken', parameters, rootCredentials());
    expect(answer.credentials?.expiration).toBe(expiration);
  });

  test('refuses session credentials of either kind', () => {
    const desk = createDesk();
    const sessions = [
      sessionOf(desk.ask({ parameters: assuming(desk.roleArn('aws')) })),
      sessionOf(askFor(desk, 'GetSessionToken')),
    ];
    for (const credentials of sessions) {
      expect(askFor(desk, 'GetSessionToken', {}, credentials)).toMatchObject({
        errorCode: 'AccessDenied',
        errorMessage: 'Cannot call GetSessionToken with session credentials',
      });
    }
  });

  test('needs no permission', () => {
    const account = withApp(home(), { policies: {} });
    expect(askFor(createDesk({ accounts: [account] }), 'GetSessionToken').ok).toBe(true);
  });
});

const SEED = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const SERIAL = `arn:aws:iam::${HOME}:mfa/app`;
const mfaHome = (roles = home().roles) => withApp(home({ roles }), { mfaSeed: SEED });
const code = (atMs = NOON_MS): string => totp(SEED, atMs);

describe.each(['GetSessionToken', 'AssumeRole'])('the one-time password of %s', (action) => {
  const role = { RoleArn: `arn:aws:iam::${HOME}:role/app`, RoleSessionName: 'game-day' };
  const ask = (desk: ReturnType<typeof createDesk>, parameters: Record<string, string>) =>
    askFor(desk, action, { ...(action === 'AssumeRole' ? role : {}), ...parameters });

  test('is accepted once', () => {
    const desk = createDesk({ accounts: [mfaHome()] });
    const parameters = { SerialNumber: SERIAL, TokenCode: code() };
    expect(ask(desk, parameters).ok).toBe(true);
    expect(ask(desk, parameters).errorMessage).toBe(
      'MultiFactorAuthentication failed with invalid MFA one time pass code. ',
    );
    desk.passMs(30_000);
    expect(ask(desk, { ...parameters, TokenCode: code(NOON_MS + 30_000) }).ok).toBe(true);
  });

  // Recorded in public threads; see errors.ts.
  test.each<[string, Record<string, string>, string]>([
    [
      'a wrong code',
      { SerialNumber: SERIAL, TokenCode: '000000' },
      'MultiFactorAuthentication failed with invalid MFA one time pass code. ',
    ],
    [
      'a device that is not there',
      { SerialNumber: `arn:aws:iam::${HOME}:mfa/other`, TokenCode: code() },
      'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
    ],
    [
      'a serial number alone',
      { SerialNumber: SERIAL },
      'MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code. ',
    ],
    [
      'a code alone',
      { TokenCode: code() },
      'MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code. ',
    ],
  ])('is refused with %s', (_name, parameters, message) => {
    const desk = createDesk({ accounts: [mfaHome()] });
    expect(ask(desk, parameters)).toMatchObject({ errorCode: 'AccessDenied', errorMessage: message });
  });

  test('is refused from somebody whose device it is not', () => {
    const desk = createDesk({ accounts: [mfaHome()] });
    const answer = askFor(
      desk,
      action,
      { ...role, SerialNumber: SERIAL, TokenCode: code() },
      desk.credentials('aws', 'admin'),
    );
    expect(answer.errorMessage).toContain('unable to validate MFA code.  Please verify');
  });
});

describe('a trust policy that asks for MFA', () => {
  const present = trustOf(appOf(home()).arn, 'sts:AssumeRole', {
    Condition: {
      Bool: { 'aws:MultiFactorAuthPresent': 'true' },
      NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' },
    },
  });
  const role = roleOf('guarded', present);
  const given = { SerialNumber: SERIAL, TokenCode: code() };
  const desk = () => createDesk({ accounts: [mfaHome([role])] });

  test('is content with a code in the call itself', () => {
    expect(desk().ask({ parameters: assuming(role.arn, given) }).ok).toBe(true);
    expect(desk().ask({ parameters: assuming(role.arn) }).errorCode).toBe('AccessDenied');
  });

  test('is content with a session that was made with one, for as long as it says', () => {
    const at = desk();
    const credentials = sessionOf(askFor(at, 'GetSessionToken', given));
    expect(at.ask({ parameters: assuming(role.arn), credentials }).ok).toBe(true);
    at.passMs(3_600_000);
    expect(at.ask({ parameters: assuming(role.arn), credentials }).errorCode).toBe('AccessDenied');
  });

  test('is not content with a session that was made without', () => {
    const at = desk();
    const credentials = sessionOf(askFor(at, 'GetSessionToken'));
    expect(at.ask({ parameters: assuming(role.arn), credentials }).errorCode).toBe('AccessDenied');
  });

  test('does not see it through a role, whose session is another', () => {
    const first = roleOf('first', trustOf(appOf(home()).arn, 'sts:AssumeRole'), {
      policies: { on: policyOf(allow('sts:AssumeRole')) },
    });
    const second = roleOf(
      'second',
      trustOf(first.arn, 'sts:AssumeRole', { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }),
    );
    const at = createDesk({ accounts: [mfaHome([first, second])] });
    const credentials = sessionOf(at.ask({ parameters: assuming(first.arn, given) }));
    expect(at.ask({ parameters: assuming(second.arn), credentials }).errorCode).toBe('AccessDenied');
  });
});
