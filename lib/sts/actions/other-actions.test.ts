import { describe, expect, test } from 'vitest';
import { STS_VERSION } from '../../aws/query-protocol.ts';
import { assuming, createDesk, sessionOf } from '../test-desk.ts';

const sessionToken = (more: Record<string, string> = {}) => ({
  Action: 'GetSessionToken',
  Version: STS_VERSION,
  ...more,
});

describe('GetCallerIdentity', () => {
  test('answers in the byte shape of the real service', () => {
    const desk = createDesk();
    const { body } = desk.ask();
    expect(body).toBe(`<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <GetCallerIdentityResult>
    <Arn>arn:aws:iam::111122223333:user/app</Arn>
    <UserId>${desk.user('aws', 'app').userId}</UserId>
    <Account>111122223333</Account>
  </GetCallerIdentityResult>
  <ResponseMetadata>
    <RequestId>01234567-89ab-cdef-0123-456789abcdef</RequestId>
  </ResponseMetadata>
</GetCallerIdentityResponse>
`);
  });
});

describe('GetSessionToken', () => {
  test('issues credentials of the user, and nothing else stands in the answer', () => {
    const desk = createDesk();
    const { body, credentials } = desk.ask({ parameters: sessionToken({ DurationSeconds: '900' }) });
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

  test('lasts twelve hours unless told otherwise, and keeps the user’s identity', () => {
    const desk = createDesk();
    const answer = desk.ask({ parameters: sessionToken() });
    expect(answer.credentials?.expiration).toBe('2026-11-25T00:00:00Z');
    const credentials = sessionOf(answer);
    expect(desk.ask({ credentials }).arn).toBe(desk.user('aws', 'app').arn);
    expect(desk.ask({ credentials, parameters: assuming(desk.roleArn('aws')) }).ok).toBe(true);
  });

  test('refuses session credentials of either kind', () => {
    const desk = createDesk();
    for (const parameters of [sessionToken(), assuming(desk.roleArn('aws'))]) {
      const credentials = sessionOf(desk.ask({ parameters }));
      expect(desk.ask({ credentials, parameters: sessionToken() })).toMatchObject({
        errorCode: 'AccessDenied',
        errorMessage: 'Cannot call GetSessionToken with session credentials',
      });
    }
  });

  test.each([
    ['899', 'greater than or equal to 900'],
    ['129601', 'less than or equal to 129600'],
  ])('refuses %s seconds', (seconds, limit) => {
    expect(createDesk().ask({ parameters: sessionToken({ DurationSeconds: seconds }) }).errorMessage).toBe(
      `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value ${limit}`,
    );
  });
});
