/** An identity provider of tests: an issuer of tokens and of SAML responses, as an account registers it. */

import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { partition as partitionNamed } from '../../lib/aws/partitions.ts';
import type { AccountConfig, OidcProviderConfig, SamlProviderConfig } from '../../lib/identity/accounts.ts';
import { allow, HOME, home, policyOf, roleOf } from '../../lib/sts/actions/test-accounts.ts';
import { CLIENT_ID, ISSUER, jwk, PAIRS } from '../../lib/sts/federation/jwt-forge.fixture.ts';
import {
  type AssertionOrder,
  IDP,
  type ResponseOrder,
  response,
  type SignatureOrder,
  signedAssertion,
} from '../../lib/sts/federation/saml-forge.fixture.ts';
import { METADATA } from '../../lib/sts/federation/saml-names.ts';
import type { DeskOptions } from '../../lib/sts/test-desk.ts';

export interface IdentityProvider {
  readonly oidc: OidcProviderConfig;
  readonly saml: SamlProviderConfig;
}

export const SAML_PROVIDER = 'Corp';

export async function createIdentityProvider(): Promise<IdentityProvider> {
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
  const keyInfo = `<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`;
  return {
    oidc: {
      url: ISSUER,
      clientIds: [CLIENT_ID],
      keys: [jwk(PAIRS.rsa(), { kid: 'r', alg: 'RS256', use: 'sig' })],
    },
    saml: {
      name: SAML_PROVIDER,
      metadata: `<EntityDescriptor xmlns="${METADATA}" entityID="${IDP}"><IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor use="signing">${keyInfo}</KeyDescriptor></IDPSSODescriptor></EntityDescriptor>`,
    },
  };
}

/** The account of partition aws. */
export const OWNER = { id: HOME, partition: 'aws' } as const;

/** A role that both of the provider's forms may assume, tag and name; an hour at most where that is wanted. */
export function accountFor(
  { oidc, saml }: IdentityProvider,
  {
    actions = 'sts:*',
    maximum = 43_200,
    change = {},
  }: { actions?: string; maximum?: number; change?: object } = {},
): DeskOptions {
  const federated = [oidcProviderArnOf(OWNER), samlProviderArnOf(OWNER)];
  const trust = policyOf(allow(actions, { Principal: { Federated: federated } }));
  const roles = [roleOf('app', trust, { maxSessionDurationSeconds: maximum })];
  return { accounts: [home({ roles, oidcProviders: [oidc], samlProviders: [saml], ...change })] };
}

type Owner = Pick<AccountConfig, 'id' | 'partition'>;

export function oidcProviderArnOf({ id, partition }: Owner): string {
  return `arn:${partition}:iam::${id}:oidc-provider/${ISSUER.slice('https://'.length)}`;
}

export function samlProviderArnOf({ id, partition }: Owner): string {
  return `arn:${partition}:iam::${id}:saml-provider/${SAML_PROVIDER}`;
}

export interface SamlOrder {
  readonly assertion?: AssertionOrder;
  readonly signature?: SignatureOrder;
  readonly response?: ResponseOrder;
}

/** A response for one role of an account, in base64. */
export function samlResponseFor(owner: Owner, roleArn: string, order: SamlOrder = {}): string {
  const audience = signInUrl(owner);
  const attributes: AssertionOrder['attributes'] = [
    [':Role', `${roleArn},${samlProviderArnOf(owner)}`],
    [':RoleSessionName', 'alice'],
  ];
  const assertion = { audience, recipient: audience, attributes, ...order.assertion };
  return Buffer.from(response(signedAssertion(assertion, order.signature), order.response)).toString(
    'base64',
  );
}

/** DOCS for the first three; the others are made from their suffixes. */
function signInUrl({ partition }: Owner): string {
  const hosts: Partial<Record<Owner['partition'], string>> = {
    aws: 'signin.aws.amazon.com',
    'aws-cn': 'signin.amazonaws.cn',
    'aws-us-gov': 'signin.amazonaws-us-gov.com',
  };
  return `https://${hosts[partition] ?? `signin.${partitionNamed(partition).dnsSuffix}`}/saml`;
}
