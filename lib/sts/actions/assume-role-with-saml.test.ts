import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { beforeAll, describe, expect, test } from 'vitest';
import { PAIRS } from '../federation/jwt-forge.fixture.ts';
import {
  type AssertionOrder,
  ATTRIBUTES,
  at,
  IDP,
  PROVIDER_ARN,
  ROLE_ARN,
  response,
  SUBJECT,
  signedAssertion,
} from '../federation/saml-forge.fixture.ts';
import { METADATA } from '../federation/saml-names.ts';
import { createDesk, sessionOf } from '../test-desk.ts';
import { allow, askFor, HOME, home, membersOf, policyOf, roleOf } from './test-accounts.ts';

const ACTION = 'AssumeRoleWithSAML';
let metadata = '';

beforeAll(async () => {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const { publicKey, privateKey } = PAIRS.rsa();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=idp.example',
    notBefore: new Date('2020-01-01'),
    notAfter: new Date('2036-01-01'),
    signingAlgorithm: algorithm,
    keys: {
      publicKey: publicKey.toCryptoKey(algorithm, true, ['verify']),
      privateKey: privateKey.toCryptoKey(algorithm, true, ['sign']),
    },
  });
  const base64 = Buffer.from(certificate.rawData).toString('base64');
  metadata = `<EntityDescriptor xmlns="${METADATA}" entityID="${IDP}"><IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor></IDPSSODescriptor></EntityDescriptor>`;
});

const deskWith = (
  actions: readonly string[] = [`sts:${ACTION}`],
  more: Record<string, unknown> = {},
  maximum = 43_200,
) =>
  createDesk({
    accounts: [
      home({
        roles: [
          roleOf('app', policyOf(allow(actions, { Principal: { Federated: PROVIDER_ARN }, ...more })), {
            path: '/team/',
            maxSessionDurationSeconds: maximum,
          }),
        ],
        samlProviders: [{ name: 'Corp', metadata }],
      }),
    ],
  });

const ask = (
  desk: ReturnType<typeof deskWith>,
  more: Record<string, string> = {},
  order: AssertionOrder = {},
) =>
  askFor(
    desk,
    ACTION,
    {
      RoleArn: ROLE_ARN,
      PrincipalArn: PROVIDER_ARN,
      SAMLAssertion: Buffer.from(response(signedAssertion(order))).toString('base64'),
      ...more,
    },
    'none',
  );

describe('AssumeRoleWithSAML', () => {
  test('needs no signature and answers in the order of the API reference', () => {
    const desk = deskWith();
    const answer = ask(desk);
    expect(membersOf(answer.body)).toEqual([
      'Issuer',
      'AssumedRoleUser',
      'Credentials',
      'Audience',
      'SubjectType',
      'NameQualifier',
      'Subject',
      'SessionTokenUtilization',
      'SessionTokenSize',
    ]);
    expect(answer.body).toContain(`<Subject>${SUBJECT}</Subject>`);
    expect(answer.body).toContain('<SubjectType>persistent</SubjectType>');
    expect(answer.body).toContain('<Audience>https://signin.aws.amazon.com/saml</Audience>');
    expect(desk.ask({ credentials: sessionOf(answer) }).arn).toBe(
      `arn:aws:sts::${HOME}:assumed-role/app/alice`,
    );
  });

  test('lets in whom the conditions on the assertion let in', () => {
    const on = (subject: string) => ({ Condition: { StringEquals: { 'SAML:sub': subject } } });
    expect(ask(deskWith([`sts:${ACTION}`], on(SUBJECT))).ok).toBe(true);
    expect(ask(deskWith([`sts:${ACTION}`], on('bob')))).toMatchObject({
      errorCode: 'AccessDenied',
      errorMessage: 'Not authorized to perform sts:AssumeRoleWithSAML',
    });
  });

  test.each<[string, Record<string, string>, string, string]>([
    [
      'role and provider the wrong way round',
      { RoleArn: PROVIDER_ARN, PrincipalArn: ROLE_ARN },
      'ValidationError',
      'Request ARN is invalid',
    ],
    [
      'what is no ARN',
      { RoleArn: 'nothing-valid-in-here' },
      'ValidationError',
      'nothing-valid-in-here is invalid',
    ],
    [
      'a provider that is not there',
      { PrincipalArn: `${PROVIDER_ARN}2` },
      'InvalidIdentityToken',
      "Specified provider doesn't exist",
    ],
    [
      'more than the role allows',
      { DurationSeconds: '3601' },
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    ],
    [
      'an assertion too short',
      { SAMLAssertion: 'abc' },
      'ValidationError',
      "1 validation error detected: Value at 'sAMLAssertion' failed to satisfy constraint: Member must have length greater than or equal to 4",
    ],
  ])('refuses %s', (_name, more, errorCode, errorMessage) => {
    expect(ask(deskWith([`sts:${ACTION}`], {}, 3_600), more)).toMatchObject({ errorCode, errorMessage });
  });

  test('refuses a signature of somebody else', () => {
    const forged = signedAssertion({}, { pair: PAIRS.attacker() });
    const SAMLAssertion = Buffer.from(response(forged)).toString('base64');
    expect(ask(deskWith(), { SAMLAssertion }).errorMessage).toBe('Response signature invalid');
  });

  test.each<[string, string, AssertionOrder, string]>([
    ['the request', '900', {}, '2026-11-24T12:15:00Z'],
    [
      'the provider’s attribute',
      '3600',
      { attributes: [...ATTRIBUTES, [':SessionDuration', '1800']] },
      '2026-11-24T12:30:00Z',
    ],
    [
      'the provider’s session',
      '3600',
      { session: ` SessionNotOnOrAfter="${at(1_200)}"` },
      '2026-11-24T12:20:00Z',
    ],
    [
      'the request, which the attribute cannot lengthen',
      '900',
      { attributes: [...ATTRIBUTES, [':SessionDuration', '43200']] },
      '2026-11-24T12:15:00Z',
    ],
  ])('lasts as long as %s says', (_name, DurationSeconds, order, expiration) => {
    expect(ask(deskWith(), { DurationSeconds }, order).credentials?.expiration).toBe(expiration);
  });

  test('takes tags and source identity from the assertion, with the permissions that they need', () => {
    const attributes: AssertionOrder['attributes'] = [
      ...ATTRIBUTES,
      [':PrincipalTag:team', 'a'],
      [':TransitiveTagKeys', 'team'],
      [':SourceIdentity', 'Jane'],
    ];
    const all = [`sts:${ACTION}`, 'sts:TagSession', 'sts:SetSourceIdentity'];
    const { body } = ask(deskWith(all), {}, { attributes });
    expect(membersOf(body)).toContain('PackedPolicySize');
    expect(body).toContain('<SourceIdentity>Jane</SourceIdentity>');
    expect(ask(deskWith(), {}, { attributes }).errorMessage).toBe('Not authorized to perform sts:TagSession');
  });

  test('is refused where STS is switched off for the role’s account', () => {
    const desk = deskWith();
    desk.identity.switchRegion({ account: HOME, region: 'eu-west-1', active: false });
    expect(ask(desk).errorCode).toBe('RegionDisabledException');
  });
});
