import {
  CreateOpenIDConnectProviderCommand,
  CreateSAMLProviderCommand,
  CreateVirtualMFADeviceCommand,
  DeleteOpenIDConnectProviderCommand,
  DeleteVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  EnableOrganizationsRootSessionsCommand,
  GetAccountSummaryCommand,
  GetOpenIDConnectProviderCommand,
  GetOutboundWebIdentityFederationInfoCommand,
  GetSAMLProviderCommand,
  ListUsersCommand,
  SetSecurityTokenServicePreferencesCommand,
} from '@aws-sdk/client-iam';
import { describe, expect, test } from 'vitest';
import { totp } from '../../identity/mfa.ts';
import { sessionOf } from '../../sts/test-desk.ts';
import { samlMetadata } from '../saml-metadata.fixture.ts';
import { createIamDesk, refusalOf } from '../test-desk.ts';
import { managingOrganization, memberAccount } from '../test-organization.ts';

const ISSUER = 'https://issuer.example';
const OIDC = 'arn:aws:iam::111122223333:oidc-provider/issuer.example';

describe('a provider of OpenID Connect', () => {
  test.each([
    ['a second one for its URL', { Url: ISSUER }, `Provider with url ${ISSUER} already exists.`],
    ['another scheme', { Url: 'http://issuer.example' }, 'Invalid Open ID Connect Provider URL'],
    ['a query', { Url: `${ISSUER}?x=1` }, 'Invalid Open ID Connect Provider URL'],
    [
      'six thumbprints',
      { Url: 'https://x.example', ThumbprintList: Array.from({ length: 6 }, () => 'a'.repeat(40)) },
      'Thumbprint list must contain fewer than 5 entries.',
    ],
    [
      'too many client ids',
      { Url: 'https://x.example', ClientIDList: Array.from({ length: 101 }, (_, index) => `c${index}`) },
      'Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100',
    ],
    [
      'everything at once',
      { Url: 'x'.repeat(256), ClientIDList: [''], ThumbprintList: ['short'] },
      "3 validation errors detected: Value at 'clientIDList' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 255, Member must have length greater than or equal to 1]; Value at 'thumbprintList' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 40, Member must have length greater than or equal to 40]; Value at 'url' failed to satisfy constraint: Member must have length less than or equal to 255",
    ],
  ])('is not registered with %s', async (_name, input, message) => {
    const iam = createIamDesk().iam();
    await iam.send(new CreateOpenIDConnectProviderCommand({ Url: ISSUER }));
    expect((await refusalOf(iam.send(new CreateOpenIDConnectProviderCommand(input)))).message).toBe(message);
  });

  test('is shown without its scheme, and missed in two ways', async () => {
    const iam = createIamDesk().iam();
    await iam.send(new CreateOpenIDConnectProviderCommand({ Url: ISSUER, ClientIDList: ['a'] }));
    const provider = { OpenIDConnectProviderArn: OIDC };
    const shown = await iam.send(new GetOpenIDConnectProviderCommand(provider));
    expect(shown).toMatchObject({ Url: 'issuer.example', ClientIDList: ['a'], ThumbprintList: [], Tags: [] });
    await iam.send(new DeleteOpenIDConnectProviderCommand(provider));
    expect((await refusalOf(iam.send(new GetOpenIDConnectProviderCommand(provider)))).message).toBe(
      `OpenIDConnect Provider not found for arn ${OIDC}`,
    );
    expect((await refusalOf(iam.send(new DeleteOpenIDConnectProviderCommand(provider)))).message).toBe(
      `OpenId connect Provider ${OIDC} cannot be found.`,
    );
  });
});

describe('a SAML provider', () => {
  test('needs metadata of an identity provider', async () => {
    const iam = createIamDesk().iam();
    const make = (metadata: string) =>
      iam.send(new CreateSAMLProviderCommand({ Name: 'corp', SAMLMetadataDocument: metadata }));
    expect((await refusalOf(make('x'.repeat(1_000)))).message).toBe('Could not parse metadata');
    const { SAMLProviderArn } = await make(await samlMetadata());
    const shown = await iam.send(new GetSAMLProviderCommand({ SAMLProviderArn }));
    expect(shown.SAMLMetadataDocument).toContain('EntityDescriptor');
    expect(shown.ValidUntil?.getUTCFullYear()).toBe(2126);
    expect(
      (await refusalOf(iam.send(new GetSAMLProviderCommand({ SAMLProviderArn: `${SAMLProviderArn}2` }))))
        .message,
    ).toBe(`Manifest not found for arn ${SAMLProviderArn}2`);
  });
});

describe('a virtual MFA device', () => {
  async function enrolled() {
    const desk = createIamDesk();
    const iam = desk.iam();
    const made = await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'phone' }));
    const { SerialNumber = '', Base32StringSeed = new Uint8Array() } = made.VirtualMFADevice ?? {};
    const seed = Buffer.from(Base32StringSeed).toString();
    const code = (steps: number) => totp(seed, desk.nowMs() + steps * 30_000);
    const enable = (first: string, second: string) =>
      iam.send(
        new EnableMFADeviceCommand({
          UserName: 'admin',
          SerialNumber,
          AuthenticationCode1: first,
          AuthenticationCode2: second,
        }),
      );
    return { desk, iam, SerialNumber, seed, code, enable };
  }

  test('is taken into use with two codes that follow each other', async () => {
    const { enable, code, seed } = await enrolled();
    expect(seed).toMatch(/^[A-Z2-7]{64}$/);
    for (const [first, second] of [
      [code(0), code(0)],
      [code(-1), code(1)],
      [code(0), code(-1)],
      [code(5), code(6)],
      ['000000', '000000'],
    ] as const) {
      expect(await refusalOf(enable(first, second))).toEqual({
        code: 'InvalidAuthenticationCodeException',
        message: 'Authentication code for device is not valid.',
        status: 403,
      });
    }
    await enable(code(-1), code(0));
    expect((await refusalOf(enable(code(0), code(1)))).message).toBe('MFA Device is already in use.');
  });

  test('makes sessions with which IAM may be called, and takes no code twice', async () => {
    const { desk, enable, code, SerialNumber } = await enrolled();
    await enable(code(-1), code(0));
    const parameters = (TokenCode: string) => ({
      Action: 'GetSessionToken',
      Version: '2011-06-15',
      SerialNumber,
      TokenCode,
    });
    const credentials = desk.credentials('aws', 'admin');
    // The code that enabled the device is used up.
    expect(desk.ask({ credentials, parameters: parameters(code(0)) }).served.answer.status).toBe(403);
    desk.passMs(30_000);
    const session = sessionOf(desk.ask({ credentials, parameters: parameters(code(0)) }));
    expect((await desk.iam(session).send(new ListUsersCommand({}))).Users).toHaveLength(2);
  });

  test('is not deleted while it is in use', async () => {
    const { iam, enable, code, SerialNumber } = await enrolled();
    await enable(code(-1), code(0));
    const refused = await refusalOf(iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber })));
    expect(refused.code).toBe('DeleteConflictException');
  });
});

describe('the account', () => {
  test('sums itself up, and the token version is what it chose', async () => {
    const iam = createIamDesk().iam();
    const before = await iam.send(new GetAccountSummaryCommand({}));
    expect(before.SummaryMap).toMatchObject({ Users: 2, Roles: 1, UsersQuota: 5_000 });
    expect(before.SummaryMap).toHaveProperty('GlobalEndpointTokenVersion', 1);
    await iam.send(new SetSecurityTokenServicePreferencesCommand({ GlobalEndpointTokenVersion: 'v2Token' }));
    const after = await iam.send(new GetAccountSummaryCommand({}));
    expect(after.SummaryMap).toHaveProperty('GlobalEndpointTokenVersion', 2);
  });

  test('had no choice of token versions before there was one', async () => {
    const iam = createIamDesk({ era: '2018', regions: ['us-east-1', 'eu-west-1'] }).iam();
    const choose = new SetSecurityTokenServicePreferencesCommand({ GlobalEndpointTokenVersion: 'v2Token' });
    expect((await refusalOf(iam.send(choose))).code).toBe('InvalidAction');
    expect((await iam.send(new GetAccountSummaryCommand({}))).SummaryMap).not.toHaveProperty(
      'GlobalEndpointTokenVersion',
    );
  });

  test('has no issuer of its own until one is enabled', async () => {
    const refused = createIamDesk().iam().send(new GetOutboundWebIdentityFederationInfoCommand({}));
    expect(await refusalOf(refused)).toMatchObject({ code: 'FeatureDisabledException', status: 404 });
  });

  test('lets an organization take root sessions, everywhere in it, only as its manager', async () => {
    const enable = new EnableOrganizationsRootSessionsCommand({});
    expect((await refusalOf(createIamDesk().iam().send(enable))).code).toBe('OrganizationNotFoundException');
    const desk = createIamDesk({ accounts: [managingOrganization(), memberAccount()] });
    const member = desk.iam(desk.credentialsIn('999988887777', 'admin'));
    expect((await refusalOf(member.send(enable))).code).toBe(
      'AccountNotManagementOrDelegatedAdministratorException',
    );
    await desk.iam().send(enable);
    for (const { settings } of desk.identity.plane.state().accounts.values()) {
      expect(settings.rootSessionsEnabled).toBe(true);
    }
  });
});
