import { describe, expect, test } from 'vitest';
import { assuming, createDesk, sessionOf } from '../test-desk.ts';
import {
  allow,
  appOf,
  askFor,
  HOME,
  home,
  membersOf,
  policyOf,
  roleOf,
  tagParameters,
  textIn,
  trustOf,
  withApp,
} from './test-accounts.ts';
import { rootCredentials, rootKeys } from './test-root.ts';

const BOB = `arn:aws:sts::${HOME}:federated-user/Bob`;
const APP = appOf(home()).arn;
const may = (...actions: readonly string[]) =>
  withApp(home(), { policies: { may: policyOf(allow(actions)) } });
const federate = (desk: ReturnType<typeof createDesk>, more: Record<string, string> = {}) =>
  askFor(desk, 'GetFederationToken', { Name: 'Bob', ...more });

describe('GetFederationToken', () => {
  test('answers with the federated user, and with a packed size of 0 where there is no policy', () => {
    const desk = createDesk({ accounts: [may('sts:GetFederationToken')], era: '2024' });
    const { body, credentials } = federate(desk);
    expect(body).toBe(`<GetFederationTokenResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <GetFederationTokenResult>
    <Credentials>
      <AccessKeyId>${credentials?.accessKeyId}</AccessKeyId>
      <SecretAccessKey>${credentials?.secretAccessKey}</SecretAccessKey>
      <SessionToken>${credentials?.sessionToken}</SessionToken>
      <Expiration>2026-11-25T00:00:00Z</Expiration>
    </Credentials>
    <FederatedUser>
      <FederatedUserId>${HOME}:Bob</FederatedUserId>
      <Arn>${BOB}</Arn>
    </FederatedUser>
    <PackedPolicySize>0</PackedPolicySize>
  </GetFederationTokenResult>
  <ResponseMetadata>
    <RequestId>01234567-89ab-cdef-0123-456789abcdef</RequestId>
  </ResponseMetadata>
</GetFederationTokenResponse>
`);
  });

  test('names the sizes last in the era that counts', () => {
    const { body } = federate(createDesk({ accounts: [may('sts:GetFederationToken')] }));
    expect(membersOf(body)).toEqual([
      'Credentials',
      'FederatedUser',
      'PackedPolicySize',
      'SessionTokenUtilization',
      'SessionTokenSize',
    ]);
  });

  // Recorded: ryanto/next-s3-upload issue 182, without any suffix, in 2024.
  test('needs sts:GetFederationToken on the federated user', () => {
    expect(federate(createDesk())).toMatchObject({
      errorCode: 'AccessDenied',
      errorMessage: `User: ${APP} is not authorized to perform: sts:GetFederationToken on resource: ${BOB}`,
    });
  });

  test('needs sts:TagSession beside it where there are tags', () => {
    const tags = tagParameters([['team', 'a']]);
    expect(federate(createDesk({ accounts: [may('sts:GetFederationToken')] }), tags).errorMessage).toBe(
      `User: ${APP} is not authorized to perform: sts:TagSession on resource: ${BOB}`,
    );
    const both = may('sts:GetFederationToken', 'sts:TagSession');
    const answer = federate(createDesk({ accounts: [both] }), tags);
    expect(Number(textIn(answer.body, 'PackedPolicySize'))).toBeGreaterThan(0);
  });

  test('refuses session credentials', () => {
    const desk = createDesk();
    const credentials = sessionOf(desk.ask({ parameters: assuming(desk.roleArn('aws')) }));
    expect(askFor(desk, 'GetFederationToken', { Name: 'Bob' }, credentials)).toMatchObject({
      errorCode: 'AccessDenied',
      errorMessage: 'Cannot call GetFederationToken with session credentials',
    });
  });

  test('cuts what the root user asks for to an hour', () => {
    const desk = createDesk({ accounts: [home({ root: rootKeys() })] });
    const answer = askFor(
      desk,
      'GetFederationToken',
      { Name: 'Bob', DurationSeconds: '43200' },
      rootCredentials(),
    );
    expect(answer.credentials?.expiration).toBe('2026-11-24T13:00:00Z');
  });

  test('refuses a policy that is none, in IAM’s words', () => {
    const desk = createDesk({ accounts: [may('sts:GetFederationToken')] });
    expect(federate(desk, { Policy: '{' })).toMatchObject({ errorCode: 'MalformedPolicyDocument' });
  });

  test('makes sessions that may call nothing of STS but GetCallerIdentity, even named by a trust policy', () => {
    const open = roleOf('open', trustOf(BOB, 'sts:AssumeRole'));
    const account = { ...may('sts:*'), roles: [open] };
    const desk = createDesk({ accounts: [account] });
    const Policy = JSON.stringify(policyOf(allow('sts:*')));
    const credentials = sessionOf(federate(desk, { Policy }));
    expect(desk.ask({ credentials }).arn).toBe(BOB);
    expect(desk.ask({ credentials, parameters: assuming(open.arn) }).errorMessage).toBe(
      `User: ${BOB} is not authorized to perform: sts:AssumeRole on resource: ${open.arn}`,
    );
  });
});
