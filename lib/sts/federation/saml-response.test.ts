import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { PAIRS } from './jwt-forge.fixture.ts';
import {
  type AssertionOrder,
  ATTRIBUTES,
  assertionHalves,
  at,
  ENVELOPED,
  EXC,
  GOOD,
  IDP,
  judgeBase64,
  judgeSaml,
  NOW_MS,
  PROVIDER_ARN,
  ROLE_ARN,
  RSA_SHA256,
  response,
  SHA256,
  SIGN_IN,
  type SignatureOrder,
  SUBJECT,
  signatureOf,
  signedAssertion,
  signedResponse,
  unsignedAssertion,
} from './saml-forge.fixture.ts';

function judgeOrder(order: AssertionOrder): ReturnType<typeof judgeSaml> {
  return judgeSaml(response(signedAssertion(order)));
}

const DECLARED = ' xmlns:xs="http://www.w3.org/2001/XMLSchema"';

describe('a SAML response', () => {
  test('says who its bearer is, and under which condition keys', () => {
    const identity = judgeSaml(GOOD());
    expect(identity).toMatchObject({
      subject: SUBJECT,
      subjectType: 'persistent',
      issuer: IDP,
      audience: SIGN_IN,
      // From `openssl sha1` over the issuer followed by 111122223333/Corp.
      nameQualifier: 'e6jVy1D5oxiza+pj6NPhUdsZ2R0=',
      sessionName: 'alice',
      principalTags: [],
      transitiveTagKeys: [],
      assertionId: '_assertion',
    });
    expect('conditionKeys' in identity ? Object.fromEntries(identity.conditionKeys) : {}).toEqual({
      'saml:aud': [SIGN_IN],
      'saml:sub': [SUBJECT],
      'saml:sub_type': ['persistent'],
      'saml:iss': [IDP],
      'saml:namequalifier': ['e6jVy1D5oxiza+pj6NPhUdsZ2R0='],
      'saml:doc': ['111122223333/Corp'],
    });
  });

  test.each<[string, () => string]>([
    ['with its assertion signed', () => response(signedAssertion())],
    ['signed as a whole', () => signedResponse(unsignedAssertion())],
    ['signed twice', () => signedResponse(signedAssertion())],
    ['with a declaration', () => `<?xml version="1.0" encoding="UTF-8"?>\n${GOOD()}`],
    [
      'with a comment outside what is signed',
      () => GOOD().replace('<samlp:Status>', '<!-- idp 7 --><samlp:Status>'),
    ],
    [
      'with a key in it, which is not looked at',
      () => response(signedAssertion({}, { keyInfo: '<ds:KeyName>x</ds:KeyName>' })),
    ],
  ])('may come %s', (_name, forge) => {
    expect(judgeSaml(forge())).toMatchObject({ subject: SUBJECT });
  });

  test.each<[string, SignatureOrder]>([
    ['RSA-SHA384', { method: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha384', hash: 'sha384' }],
    ['RSA-SHA512', { method: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512', hash: 'sha512' }],
    [
      'a digest of SHA-384',
      { digestMethod: 'http://www.w3.org/2001/04/xmldsig-more#sha384', digestHash: 'sha384' },
    ],
    [
      'a digest of SHA-512',
      { digestMethod: 'http://www.w3.org/2001/04/xmlenc#sha512', digestHash: 'sha512' },
    ],
  ])('may be signed with %s', (_name, order) => {
    expect(judgeSaml(response(signedAssertion({}, order)))).toMatchObject({ subject: SUBJECT });
  });

  test('may be signed by any certificate of its provider', () => {
    const trust = { issuer: IDP, keys: [PAIRS.attacker().publicKey, PAIRS.rsa().publicKey] };
    expect(judgeSaml(GOOD(), { trust })).toMatchObject({ subject: SUBJECT });
  });

  test('may have been signed by another implementation, in any shape of XML', () => {
    const { SignedXml } = createRequire(import.meta.url)('xml-crypto');
    const xml = GOOD()
      .replace(/<ds:Signature.*<\/ds:Signature>/s, '')
      .replace('<saml:Subject>', '\n  <saml:Subject\n>')
      .replaceAll('></saml:SubjectConfirmationData>', '/>')
      .replaceAll('"', "'");
    const signer = new SignedXml({
      privateKey: PAIRS.rsa().privateKey,
      signatureAlgorithm: RSA_SHA256,
      canonicalizationAlgorithm: EXC,
      getKeyInfoContent: () => '<X509Data></X509Data>',
    });
    const xpath = "//*[local-name(.)='Assertion']";
    signer.addReference({ xpath, transforms: [ENVELOPED, EXC], digestAlgorithm: SHA256 });
    const location = { reference: `${xpath}/*[local-name(.)='Issuer']`, action: 'after' };
    signer.computeSignature(xml, { prefix: 'ds', location });
    expect(judgeSaml(signer.getSignedXml())).toMatchObject({ subject: SUBJECT });
  });

  test.each([
    ['on the assertion', (xml: string) => xml],
    [
      'further out',
      (xml: string) => xml.replace(DECLARED, '').replace('<samlp:Response', `<samlp:Response${DECLARED}`),
    ],
  ])('may count a prefix as used that only values use, declared %s', (_where, place) => {
    const prefixes = `<ec:InclusiveNamespaces xmlns:ec="${EXC}" PrefixList="xs"></ec:InclusiveNamespaces></ds:Transform></ds:Transforms>`;
    const alterInfo = (info: string): string => info.replace('</ds:Transform></ds:Transforms>', prefixes);
    const [head, tail] = assertionHalves();
    const [typedHead, typedTail] = [
      head.replace(' ID=', `${DECLARED} ID=`),
      tail.replaceAll(
        '<saml:AttributeValue>',
        '<saml:AttributeValue xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xs:string">',
      ),
    ];
    const seal = signatureOf(typedHead + typedTail, { alterInfo });
    expect(judgeSaml(place(response(typedHead + seal + typedTail)))).toMatchObject({ subject: SUBJECT });
  });

  test('carries tags, a source identity and bounds of the session', () => {
    const attributes: AssertionOrder['attributes'] = [
      [':Role', 'arn:aws:iam::1:role/x,arn:aws:iam::1:saml-provider/y', ` ${PROVIDER_ARN} , ${ROLE_ARN} `],
      [':RoleSessionName', 'alice@example.com'],
      [':PrincipalTag:Project', 'R&amp;D'],
      [':PrincipalTag:CostCenter', '12345'],
      [':TransitiveTagKeys', 'Project', 'CostCenter'],
      [':SourceIdentity', 'DiegoRamirez'],
      [':SessionDuration', '1800'],
      ['urn:oid:1.3.6.1.4.1.5923.1.1.1.1', 'staff', 'faculty'],
    ];
    const identity = judgeOrder({ attributes, session: ` SessionNotOnOrAfter="${at(900)}"` });
    expect(identity).toMatchObject({
      sessionName: 'alice@example.com',
      principalTags: [
        ['Project', 'R&D'],
        ['CostCenter', '12345'],
      ],
      transitiveTagKeys: ['Project', 'CostCenter'],
      sourceIdentity: 'DiegoRamirez',
      sessionDurationSeconds: 1800,
      sessionEndSeconds: NOW_MS / 1000 + 900,
    });
    expect('conditionKeys' in identity && identity.conditionKeys.get('saml:edupersonaffiliation')).toEqual([
      'staff',
      'faculty',
    ]);
  });

  test.each([
    ['urn:oasis:names:tc:SAML:2.0:nameid-format:transient', 'transient'],
    [
      'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
      'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
    ],
  ])('keeps the format %s as %s', (format, subjectType) => {
    const [head, tail] = ['nameid-format:persistent', format];
    const xml = unsignedAssertion().replace(`urn:oasis:names:tc:SAML:2.0:${head}`, tail);
    expect(judgeSaml(signedResponse(xml))).toMatchObject({ subjectType });
  });

  test.each([
    [SIGN_IN, 'aws'],
    ['https://us-west-2.signin.aws.amazon.com/saml', 'aws'],
    ['https://us-west-2.signin.aws.amazon.com/saml/acs/SAMLSP4HHBBYPXWIZ', 'aws'],
    ['https://signin.amazonaws.cn/saml', 'aws-cn'],
    ['https://us-gov-west-1.signin.amazonaws-us-gov.com/saml', 'aws-us-gov'],
  ] as const)('may be sent to %s of %s', (recipient, partition) => {
    const xml = response(signedAssertion({ recipient, audience: recipient }));
    expect(judgeSaml(xml, { partition })).toMatchObject({ audience: recipient });
  });

  test('may name AWS as a service', () => {
    expect(judgeOrder({ audience: 'urn:amazon:webservices' })).toMatchObject({ subject: SUBJECT });
  });

  test.each<[string, AssertionOrder, number, string, string]>([
    [
      'six minutes after it was issued',
      { issueInstant: at(-360) },
      400,
      'ExpiredTokenException',
      'Token must be redeemed within 5 minutes of issuance',
    ],
    ['when it has expired', { notOnOrAfter: at(-1) }, 400, 'ExpiredTokenException', 'Response has expired'],
    [
      'without a session name',
      { attributes: ATTRIBUTES.slice(0, 1) },
      400,
      'InvalidIdentityToken',
      'RoleSessionName is required in AuthnResponse',
    ],
    [
      'with a session name of spaces',
      { attributes: [...ATTRIBUTES.slice(0, 1), [':RoleSessionName', 'John Doe']] },
      400,
      'InvalidIdentityToken',
      'RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}',
    ],
    [
      'with a source identity of spaces',
      { attributes: [...ATTRIBUTES, [':SourceIdentity', 'John Doe']] },
      400,
      'InvalidIdentityToken',
      'Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"',
    ],
    [
      'without an audience',
      { conditions: '' },
      400,
      'InvalidIdentityToken',
      'Response does not contain the required audience.',
    ],
    [
      'without the pair of role and provider',
      { attributes: ATTRIBUTES.slice(1) },
      403,
      'AccessDenied',
      'Not authorized to perform sts:AssumeRoleWithSAML',
    ],
    [
      'without a NameID',
      { nameId: '' },
      403,
      'AccessDenied',
      'Not authorized to perform sts:AssumeRoleWithSAML',
    ],
  ])('is refused in the words of STS %s', (_name, order, status, code, message) => {
    expect(judgeOrder(order)).toEqual({ status, code, message });
  });

  test('is refused in the words of STS for its signature, its issuer and its status', () => {
    const invalid = { status: 400, code: 'InvalidIdentityToken' };
    expect(judgeSaml(response(unsignedAssertion()))).toEqual({
      ...invalid,
      message: 'Response signature invalid',
    });
    const foreign = judgeOrder({ issuer: 'https://x.example' });
    expect(foreign).toMatchObject(invalid);
    expect('message' in foreign && foreign.message).toMatch(
      /^Issuer not present in specified provider \(Service: AWSOpenIdDiscoveryService; Status Code: 400; Error Code: AuthSamlInvalidSamlResponseException; Request ID: [\da-f-]{36}; Proxy: null\)$/,
    );
    const failed = response(signedAssertion(), { status: 'urn:x:denied' });
    expect(judgeSaml(failed)).toMatchObject({ status: 403, code: 'IDPRejectedClaim' });
  });

  test.each(['', '!', 'PA', 'PHg', '<samlp:Response/>', 'A'.repeat(100_001)])(
    'is not taken as %.20j',
    (text) => {
      expect(judgeBase64(text)).toMatchObject({ status: 400, code: 'InvalidIdentityToken' });
    },
  );

  test('is read from what was signed: a comment splits no name', () => {
    const split = GOOD().replace('example.com.staff', 'example.com<!-- -->.staff');
    expect(judgeSaml(split)).toMatchObject({ subject: SUBJECT });
  });

  test('may have line breaks in its base64', () => {
    const lines = Buffer.from(GOOD())
      .toString('base64')
      .replaceAll(/(.{76})/g, '$1\r\n');
    expect(judgeBase64(lines)).toMatchObject({ subject: SUBJECT });
  });
});
