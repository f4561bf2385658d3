import { describe, expect, test } from 'vitest';
import { STS_VERSION } from '../../aws/query-protocol.ts';
import type { OidcProviderConfig, PolicyJson } from '../../identity/accounts.ts';
import { KEYS_URL_TAG } from '../../identity/oidc-keys.ts';
import { CLIENT_ID, ISSUER, KEYS, token } from '../federation/jwt-forge.fixture.ts';
import { createDesk, type DeskOptions, sessionOf } from '../test-desk.ts';
import { allow, askFor, HOME, home, policyOf, roleOf } from './test-accounts.ts';

const ACTION = 'AssumeRoleWithWebIdentity';
const PROVIDER = `arn:aws:iam::${HOME}:oidc-provider/issuer.example/tenant`;
const ROLE = `arn:aws:iam::${HOME}:role/web`;
const configured: OidcProviderConfig = { url: ISSUER, clientIds: [CLIENT_ID], keys: KEYS() };

const trusting = (
  more: Record<string, unknown> = {},
  actions: readonly string[] = [`sts:${ACTION}`],
): PolicyJson => policyOf(allow(actions, { Principal: { Federated: PROVIDER }, ...more }));

const deskWith = (
  trust = trusting(),
  provider: Partial<OidcProviderConfig> = {},
  options: DeskOptions = {},
) =>
  createDesk({
    accounts: [home({ roles: [roleOf('web', trust)], oidcProviders: [{ ...configured, ...provider }] })],
    ...options,
  });

const parameters = (more: Record<string, string> = {}) => ({
  RoleArn: ROLE,
  RoleSessionName: 'game-day',
  WebIdentityToken: token(),
  ...more,
});
const ask = (desk: ReturnType<typeof deskWith>, more: Record<string, string> = {}) =>
  askFor(desk, ACTION, parameters(more), 'none');

describe('AssumeRoleWithWebIdentity', () => {
  test('needs no signature and answers in the order on record', () => {
    const desk = deskWith(trusting(), {}, { era: '2024' });
    const { body, credentials } = ask(desk);
    expect(body).toBe(`<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleWithWebIdentityResult>
    <Audience>sts.amazonaws.com</Audience>
    <AssumedRoleUser>
      <AssumedRoleId>AROAREGNFALLWEBBBBBBB:game-day</AssumedRoleId>
      <Arn>arn:aws:sts::${HOME}:assumed-role/web/game-day</Arn>
    </AssumedRoleUser>
    <Provider>https://issuer.example/tenant</Provider>
    <Credentials>
      <AccessKeyId>${credentials?.accessKeyId}</AccessKeyId>
      <SecretAccessKey>${credentials?.secretAccessKey}</SecretAccessKey>
      <SessionToken>${credentials?.sessionToken}</SessionToken>
      <Expiration>2026-11-24T13:00:00Z</Expiration>
    </Credentials>
    <SubjectFromWebIdentityToken>repo:example/app:ref:main</SubjectFromWebIdentityToken>
  </AssumeRoleWithWebIdentityResult>
  <ResponseMetadata>
    <RequestId>01234567-89ab-cdef-0123-456789abcdef</RequestId>
  </ResponseMetadata>
</AssumeRoleWithWebIdentityResponse>
`);
    expect(desk.ask({ credentials: sessionOf(ask(desk)) }).arn).toBe(
      `arn:aws:sts::${HOME}:assumed-role/web/game-day`,
    );
  });

  test('lets in whom the conditions on the token let in', () => {
    const Condition = {
      StringEquals: { 'issuer.example/tenant:aud': CLIENT_ID },
      StringLike: { 'issuer.example/tenant:sub': 'repo:example/*' },
    };
    const desk = deskWith(trusting({ Condition }));
    expect(ask(desk).ok).toBe(true);
    const WebIdentityToken = token({ claims: { sub: 'repo:other/app' } });
    expect(ask(desk, { WebIdentityToken })).toMatchObject({
      errorCode: 'AccessDenied',
      errorMessage: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
    });
  });

  // Recorded in public threads; see federation-errors.ts.
  test.each<[string, Record<string, string>, string, string]>([
    [
      'an issuer that is not registered',
      { WebIdentityToken: token({ claims: { iss: 'https://other.example' } }) },
      'InvalidIdentityToken',
      'No OpenIDConnect provider found in your account for https://other.example',
    ],
    [
      'another audience',
      { WebIdentityToken: token({ claims: { aud: 'other' } }) },
      'InvalidIdentityToken',
      'Incorrect token audience',
    ],
    [
      'a token that has expired',
      { WebIdentityToken: token({ claims: { exp: 1_795_521_500 } }) },
      'ExpiredTokenException',
      'Token expired: current date/time 1795521600 must be before the expiration date/time 1795521500',
    ],
    [
      'a role of an account without the provider',
      { RoleArn: 'arn:aws:iam::123456789012:role/web' },
      'InvalidIdentityToken',
      `No OpenIDConnect provider found in your account for ${ISSUER}`,
    ],
    [
      'a role that is not there',
      { RoleArn: `arn:aws:iam::${HOME}:role/none` },
      'AccessDenied',
      'Not authorized to perform sts:AssumeRoleWithWebIdentity',
    ],
    [
      'a provider of another time',
      { ProviderId: 'graph.facebook.com' },
      'IDPRejectedClaim',
      'graph.facebook.com: graph.facebook.com responded with HTTP/1.1 400 Bad Request',
    ],
    [
      'more than the role allows',
      { DurationSeconds: '43200' },
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    ],
    [
      'a duration that is too short',
      { DurationSeconds: '899' },
      'ValidationError',
      "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
    ],
    [
      'a token that is none',
      { WebIdentityToken: 'abc' },
      'ValidationError',
      "1 validation error detected: Value at 'webIdentityToken' failed to satisfy constraint: Member must have length greater than or equal to 4",
    ],
    [
      'what is no ARN',
      { RoleArn: 'nothing-valid-in-here' },
      'ValidationError',
      'nothing-valid-in-here is invalid',
    ],
  ])('refuses %s', (_name, more, errorCode, errorMessage) => {
    const account = home({
      roles: [roleOf('web', trusting(), { maxSessionDurationSeconds: 3_600 })],
      oidcProviders: [configured],
    });
    expect(ask(createDesk({ accounts: [account] }), more)).toMatchObject({ errorCode, errorMessage });
  });

  test('is refused where STS is switched off for the role’s account', () => {
    const desk = deskWith();
    desk.identity.switchRegion({ account: HOME, region: 'eu-west-1', active: false });
    expect(ask(desk, { WebIdentityToken: 'nonsense' }).errorCode).toBe('RegionDisabledException');
  });

  test('takes tags and source identity from the token, with the permissions that they need', () => {
    const WebIdentityToken = token({
      claims: {
        'https://aws.amazon.com/tags': { principal_tags: { team: ['a'] }, transitive_tag_keys: ['team'] },
        'https://aws.amazon.com/source_identity': 'Jane',
      },
    });
    const all = [`sts:${ACTION}`, 'sts:TagSession', 'sts:SetSourceIdentity'];
    const Condition = { StringEquals: { 'aws:RequestTag/team': 'a', 'sts:SourceIdentity': 'Jane' } };
    const { body } = ask(deskWith(trusting({ Condition }, all)), { WebIdentityToken });
    expect(body).toContain('<SourceIdentity>Jane</SourceIdentity>');
    expect(body).toContain('<PackedPolicySize>');
    expect(ask(deskWith(), { WebIdentityToken }).errorMessage).toBe(
      'Not authorized to perform sts:TagSession',
    );
    expect(ask(deskWith(trusting({}, all.slice(0, 2))), { WebIdentityToken }).errorMessage).toBe(
      'Not authorized to perform sts:SetSourceIdentity',
    );
  });

  test.each(['configuration', 'tag'])('waits for keys at an address from its %s', async (from) => {
    const fetched: string[] = [];
    const keysUrl = 'http://127.0.0.1:8080/keys';
    const configuredUrl = from === 'configuration' ? { keysUrl } : {};
    const account = home({
      roles: [roleOf('web', trusting())],
      oidcProviders: [{ url: ISSUER, clientIds: [CLIENT_ID], ...configuredUrl }],
    });
    const desk = createDesk({
      accounts: [account],
      fetchText: async (url) => {
        fetched.push(url);
        return JSON.stringify({ keys: KEYS() });
      },
    });
    if (from === 'tag') {
      desk.identity.plane.change(HOME, (before) => ({
        ...before,
        oidcProviders: new Map(
          [...before.oidcProviders].map(([arn, provider]) => [
            arn,
            { ...provider, tags: new Map([[KEYS_URL_TAG, keysUrl]]) },
          ]),
        ),
      }));
    }
    const later = await desk.askLater({
      parameters: { Action: ACTION, Version: STS_VERSION, ...parameters() },
      credentials: 'none',
    });
    expect(later.ok).toBe(true);
    expect(fetched).toEqual([keysUrl]);
  });

  test('leaves the issuer’s claims to the session’s own requests', () => {
    const role = roleOf('web', trusting(), {
      policies: {
        info: policyOf(
          allow('sts:GetAccessKeyInfo', {
            Resource: '*',
            Condition: {
              StringEquals: {
                'issuer.example/tenant:sub': 'repo:example/app:ref:main',
                'aws:FederatedProvider': PROVIDER,
              },
            },
          }),
        ),
      },
    });
    const desk = createDesk({ accounts: [home({ roles: [role], oidcProviders: [configured] })] });
    const AccessKeyId = desk.user('aws', 'app').accessKeyId;
    expect(askFor(desk, 'GetAccessKeyInfo', { AccessKeyId }, sessionOf(ask(desk))).ok).toBe(true);
  });
});
