/**
 * Makes SAML responses for tests and attacks. Everything is written in canonical form from the start, so that digests
 * are taken of the very text and no library has a say in what is signed: what verifies it is another implementation.
 */

import { createHash, createHmac, type KeyObject, sign } from 'node:crypto';
import type { StsError } from '../errors.ts';
import { NOW_SECONDS, once, PAIRS, type Pair } from './jwt-forge.fixture.ts';
import { ASSERTION, AWS_ATTRIBUTE, BEARER, NAME_FORMAT, PROTOCOL, SUCCESS } from './saml-names.ts';
import { type SamlCall, type SamlIdentity, verifySamlResponse } from './saml-response.ts';

export const IDP = 'https://idp.example/saml/metadata';
export const ACCOUNT = '111122223333';
export const PROVIDER_ARN = `arn:aws:iam::${ACCOUNT}:saml-provider/Corp`;
export const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/team/app`;
export const SIGN_IN = 'https://signin.aws.amazon.com/saml';
export const SUBJECT = 'alice@example.com.staff.example';
export const NOW_MS = NOW_SECONDS * 1000;

export const DS = 'http://www.w3.org/2000/09/xmldsig#';
export const EXC = 'http://www.w3.org/2001/10/xml-exc-c14n#';
export const ENVELOPED = `${DS}enveloped-signature`;
export const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
export const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';

export function at(offsetSeconds: number): string {
  return new Date(NOW_MS + offsetSeconds * 1000).toISOString();
}

export interface AssertionOrder {
  readonly id?: string;
  readonly issuer?: string;
  /** Inner XML. */
  readonly nameId?: string;
  readonly issueInstant?: string;
  readonly conditions?: string;
  readonly subjectConfirmation?: string;
  readonly audience?: string;
  readonly recipient?: string;
  readonly notOnOrAfter?: string;
  /** Attributes of the statement about authentication, with a space before each. */
  readonly session?: string;
  /** By name, without AWS's prefix where it begins with `:`. */
  readonly attributes?: readonly (readonly [name: string, ...values: string[]])[];
  /** Put in at the end. */
  readonly extra?: string;
}

export const ATTRIBUTES: NonNullable<AssertionOrder['attributes']> = [
  [':Role', `${ROLE_ARN},${PROVIDER_ARN}`],
  [':RoleSessionName', 'alice'],
];

/** Two halves, between which the signature goes: behind the Issuer. Canonical. */
export type Halves = readonly [head: string, tail: string];

export function assertionHalves(order: AssertionOrder = {}): Halves {
  const id = order.id ?? '_assertion';
  const { recipient = SIGN_IN, notOnOrAfter = at(300) } = order;
  const confirmation =
    order.subjectConfirmation ??
    `<saml:SubjectConfirmation Method="${BEARER}"><saml:SubjectConfirmationData NotOnOrAfter="${notOnOrAfter}" Recipient="${recipient}"></saml:SubjectConfirmationData></saml:SubjectConfirmation>`;
  const conditions =
    order.conditions ??
    `<saml:Conditions NotBefore="${at(-60)}" NotOnOrAfter="${notOnOrAfter}"><saml:AudienceRestriction><saml:Audience>${order.audience ?? SIGN_IN}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`;
  const nameId =
    order.nameId === ''
      ? ''
      : `<saml:NameID Format="${NAME_FORMAT}persistent">${order.nameId ?? SUBJECT}</saml:NameID>`;
  return [
    `<saml:Assertion xmlns:saml="${ASSERTION}" ID="${id}" IssueInstant="${order.issueInstant ?? at(-5)}" Version="2.0"><saml:Issuer>${order.issuer ?? IDP}</saml:Issuer>`,
    `<saml:Subject>${nameId}${confirmation}</saml:Subject>${conditions}<saml:AuthnStatement AuthnInstant="${at(-5)}"${order.session ?? ''}></saml:AuthnStatement><saml:AttributeStatement>${attributesXml(order.attributes ?? ATTRIBUTES)}</saml:AttributeStatement>${order.extra ?? ''}</saml:Assertion>`,
  ];
}

function attributesXml(attributes: NonNullable<AssertionOrder['attributes']>): string {
  return attributes
    .map(([name, ...values]) => {
      const full = name.startsWith(':') ? `${AWS_ATTRIBUTE}${name.slice(1)}` : name;
      const inner = values.map((value) => `<saml:AttributeValue>${value}</saml:AttributeValue>`).join('');
      return `<saml:Attribute Name="${full}">${inner}</saml:Attribute>`;
    })
    .join('');
}

export interface ResponseOrder {
  readonly id?: string;
  readonly issuer?: string;
  readonly status?: string;
  /** Between status and assertion. */
  readonly extra?: string;
}

export function responseHalves(assertion: string, order: ResponseOrder = {}): Halves {
  return [
    `<samlp:Response xmlns:samlp="${PROTOCOL}" Destination="${SIGN_IN}" ID="${order.id ?? '_response'}" IssueInstant="${at(-5)}" Version="2.0"><saml:Issuer xmlns:saml="${ASSERTION}">${order.issuer ?? IDP}</saml:Issuer>`,
    `<samlp:Status><samlp:StatusCode Value="${order.status ?? SUCCESS}"></samlp:StatusCode></samlp:Status>${order.extra ?? ''}${assertion}</samlp:Response>`,
  ];
}

export interface SignatureOrder {
  readonly uri?: string;
  readonly pair?: Pair;
  readonly keyInfo?: string;
  readonly canonicalization?: string;
  readonly method?: string;
  readonly hash?: string;
  readonly digestMethod?: string;
  readonly digestHash?: string;
  readonly transforms?: readonly string[];
  /** Last touches: before signing, and after. */
  readonly alterInfo?: (info: string) => string;
  readonly alterSignature?: (signature: string) => string;
  readonly hmacSecret?: string;
}

/** A signature over the canonical text, which is that of the element without the signature. */
export function signatureOf(canonical: string, order: SignatureOrder = {}): string {
  const digest = createHash(order.digestHash ?? 'sha256')
    .update(canonical)
    .digest('base64');
  const transforms = (order.transforms ?? [ENVELOPED, EXC])
    .map((algorithm) => `<ds:Transform Algorithm="${algorithm}"></ds:Transform>`)
    .join('');
  const plain = `<ds:SignedInfo xmlns:ds="${DS}"><ds:CanonicalizationMethod Algorithm="${order.canonicalization ?? EXC}"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="${order.method ?? RSA_SHA256}"></ds:SignatureMethod><ds:Reference URI="${order.uri ?? '#_assertion'}"><ds:Transforms>${transforms}</ds:Transforms><ds:DigestMethod Algorithm="${order.digestMethod ?? SHA256}"></ds:DigestMethod><ds:DigestValue>${digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>`;
  const info = order.alterInfo?.(plain) ?? plain;
  const value = signInfo(info, order);
  const keyInfo = order.keyInfo === undefined ? '' : `<ds:KeyInfo>${order.keyInfo}</ds:KeyInfo>`;
  // Within the signature the prefix is declared already: what is signed has it, what is sent need not.
  const sent = info.replace(` xmlns:ds="${DS}"`, '');
  const signature = `<ds:Signature xmlns:ds="${DS}">${sent}<ds:SignatureValue>${value}</ds:SignatureValue>${keyInfo}</ds:Signature>`;
  return order.alterSignature?.(signature) ?? signature;
}

function signInfo(info: string, order: SignatureOrder): string {
  if (order.hmacSecret !== undefined)
    return createHmac(order.hash ?? 'sha256', order.hmacSecret)
      .update(info)
      .digest('base64');
  const { privateKey } = order.pair ?? PAIRS.rsa();
  return sign(order.hash ?? 'sha256', Buffer.from(info), privateKey).toString('base64');
}

/** The signed assertion of a good response, in parts: for those who put parts together anew. */
export function signedAssertion(order: AssertionOrder = {}, signature: SignatureOrder = {}): string {
  const [head, tail] = assertionHalves(order);
  return head + signatureOf(head + tail, { uri: `#${order.id ?? '_assertion'}`, ...signature }) + tail;
}

export function response(assertion: string, order: ResponseOrder = {}): string {
  return responseHalves(assertion, order).join('');
}

export function signedResponse(
  assertion: string,
  order: ResponseOrder = {},
  signature: SignatureOrder = {},
): string {
  const [head, tail] = responseHalves(assertion, order);
  return head + signatureOf(head + tail, { uri: `#${order.id ?? '_response'}`, ...signature }) + tail;
}

export function unsignedAssertion(order: AssertionOrder = {}): string {
  return assertionHalves(order).join('');
}

/** What an attacker would rather be: needs a signature of its own. */
export const EVIL: AssertionOrder = { id: '_evil', nameId: 'admin@example.com' };

export const GOOD: () => string = once(() => response(signedAssertion()));

export function judgeSaml(xml: string | Buffer, call: Partial<SamlCall> = {}): SamlIdentity | StsError {
  return judgeBase64(Buffer.from(xml).toString('base64'), call);
}

export function judgeBase64(assertion: string, call: Partial<SamlCall> = {}): SamlIdentity | StsError {
  return verifySamlResponse(assertion, {
    partition: 'aws',
    account: ACCOUNT,
    providerArn: PROVIDER_ARN,
    providerName: 'Corp',
    roleArn: ROLE_ARN,
    trust: { issuer: IDP, keys: [PAIRS.rsa().publicKey] },
    nowMs: NOW_MS,
    ...call,
  });
}

export function pemOf(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}
