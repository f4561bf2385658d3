/**
 * Decides whether a SAML response proves who its bearer is. The way through it: bytes, one strict reading, one
 * assertion, its signature by a certificate of the registered provider, and then everything from the signed text read
 * once more, so that what was verified and what is believed cannot be two things.
 */

import { createHash } from 'node:crypto';
import type { PartitionName } from '../../aws/partitions.ts';
import type { StsError } from '../errors.ts';
import { decodeUtf8 } from './compact-jws.ts';
import { idpRejectedClaim, SIGNATURE_INVALID, samlResponseRefused } from './federation-errors.ts';
import { readSubject } from './saml-assertion.ts';
import {
  attributesOfAssertion,
  readSamlSession,
  type SamlSession,
  samlConditionKeys,
} from './saml-attributes.ts';
import type { SamlTrust } from './saml-metadata.ts';
import { ASSERTION, PROTOCOL, SUCCESS } from './saml-names.ts';
import { isRefusal } from './web-identity-token.ts';
import type { XmlElement } from './xml-library.ts';
import { verifySignatures } from './xml-signature.ts';
import { attribute, isNamed, leafText, onlyChild, parseXml, withDescendants } from './xml-tree.ts';

export interface SamlCall {
  readonly partition: PartitionName;
  /** That of the provider. */
  readonly account: string;
  readonly providerArn: string;
  /** Last part of the ARN. */
  readonly providerName: string;
  readonly roleArn: string;
  readonly trust: SamlTrust;
  readonly nowMs: number;
}

export interface SamlIdentity extends SamlSession {
  readonly subject: string;
  readonly subjectType: string;
  readonly issuer: string;
  /** The Recipient, which the answer calls Audience. */
  readonly audience: string;
  /** Base64 of SHA-1 over issuer, account, `/` and the provider's name. DOCS. */
  readonly nameQualifier: string;
  /** ID of the assertion, as audit records name it. */
  readonly assertionId: string;
  /** Epoch seconds; no session lasts longer. */
  readonly sessionEndSeconds?: number;
  /** `saml:aud`, `saml:sub` and so on, lower case. */
  readonly conditionKeys: ReadonlyMap<string, readonly string[]>;
}

/** MODEL. */
export const LONGEST_ASSERTION = 100_000;

/** Total; costs no more than the reading and one verification by signature. */
export function verifySamlResponse(assertion: string, call: SamlCall): SamlIdentity | StsError {
  const refused = (sentence: string): StsError => samlResponseRefused(sentence, innerRequestId(assertion));
  const bytes = assertion.length > LONGEST_ASSERTION ? undefined : decodeBase64(assertion);
  if (bytes === undefined) return refused('Invalid base64 SAMLResponse');
  const text = decodeUtf8(bytes);
  const response = text === undefined ? undefined : parseXml(text);
  const claimed = response && onlyAssertion(response);
  if (text === undefined || response === undefined || claimed === undefined)
    return refused('Invalid SAMLResponse');
  const { issuer } = call.trust;
  if (!isFrom(claimed, issuer) || !isFrom(response, issuer, 'or nobody'))
    return refused('Issuer not present in specified provider');
  const proved = provedAssertion(text, response, claimed, call.trust);
  if (proved === undefined) return SIGNATURE_INVALID;
  const status = statusOf(proved.response ?? response);
  if (status !== SUCCESS) return idpRejectedClaim(issuer, status);
  // Once more, where it counts.
  if (!isFrom(proved.assertion, issuer)) return SIGNATURE_INVALID;
  return believe(proved.assertion, call, refused);
}

function believe(
  assertion: XmlElement,
  call: SamlCall,
  refused: (sentence: string) => StsError,
): SamlIdentity | StsError {
  const { partition, account, providerName, nowMs, trust } = call;
  const subject = readSubject(assertion, { partition, nowMs, refused });
  if (isRefusal(subject)) return subject;
  const attributes = attributesOfAssertion(assertion);
  const session = readSamlSession(attributes, call);
  if (isRefusal(session)) return session;
  const document = `${account}/${providerName}`;
  const nameQualifier = createHash('sha1').update(`${trust.issuer}${document}`).digest('base64');
  const { recipient, ...named } = subject;
  return {
    ...session,
    ...named,
    issuer: trust.issuer,
    audience: recipient,
    nameQualifier,
    assertionId: attribute(assertion, 'ID') ?? '',
    conditionKeys: new Map([
      ...samlConditionKeys(attributes),
      ['saml:aud', [recipient]],
      ['saml:sub', [subject.subject]],
      ['saml:sub_type', [subject.subjectType]],
      ['saml:iss', [trust.issuer]],
      ['saml:namequalifier', [nameQualifier]],
      ['saml:doc', [document]],
    ]),
  };
}

interface Proved {
  /** When the whole response was signed. */
  readonly response?: XmlElement;
  readonly assertion: XmlElement;
}

/** The assertion as it was signed, on its own or within its response; whatever else is signed must be in order too. */
function provedAssertion(
  text: string,
  response: XmlElement,
  claimed: XmlElement,
  trust: SamlTrust,
): Proved | undefined {
  const signed = verifySignatures(text, response, trust.keys);
  if (signed === undefined) return undefined;
  const signedResponse = signed.find(({ id }) => id === attribute(response, 'ID'));
  const signedAssertion = signed.find(({ id }) => id === attribute(claimed, 'ID'));
  if (signed.some((element) => element !== signedResponse && element !== signedAssertion)) return undefined;
  if (signedResponse !== undefined) {
    const root = parseXml(signedResponse.text);
    const assertion = root && onlyAssertion(root);
    return root && assertion && { response: root, assertion };
  }
  const assertion = signedAssertion && parseXml(signedAssertion.text);
  return assertion && isNamed(assertion, ASSERTION, 'Assertion') ? { assertion } : undefined;
}

/** The one assertion of a response, directly within it; none when there are more of them anywhere. */
function onlyAssertion(response: XmlElement): XmlElement | undefined {
  if (!isNamed(response, PROTOCOL, 'Response')) return undefined;
  const [assertion, another] = withDescendants(response).filter(({ localName }) => ASSERTIONS.has(localName));
  return another === undefined && assertion === onlyChild(response, ASSERTION, 'Assertion')
    ? assertion
    : undefined;
}

/** By local name, so that a foreign namespace hides none. Encrypted ones are not taken. */
const ASSERTIONS: ReadonlySet<string> = new Set(['Assertion', 'EncryptedAssertion']);

function isFrom(message: XmlElement, issuer: string, orNobody?: 'or nobody'): boolean {
  const element = onlyChild(message, ASSERTION, 'Issuer');
  if (element === undefined) return orNobody !== undefined;
  return leafText(element)?.trim() === issuer;
}

/** The outer code, which says whether; `missing` when there is none. */
function statusOf(response: XmlElement): string {
  const status = onlyChild(response, PROTOCOL, 'Status');
  const code = status && onlyChild(status, PROTOCOL, 'StatusCode');
  return (code && attribute(code, 'Value')) ?? 'missing';
}

/** Canonical base64; line breaks are passed over. */
function decodeBase64(text: string): Buffer | undefined {
  const line = text.replaceAll(/[\r\n]/g, '');
  const bytes = Buffer.from(line, 'base64');
  return line !== '' && bytes.toString('base64') === line ? bytes : undefined;
}

/** Looks like one, and is the same for the same response. */
function innerRequestId(assertion: string): string {
  const digits = createHash('sha256').update(assertion).digest('hex');
  return [0, 8, 12, 16, 20].map((start, index) => digits.slice(start, [8, 12, 16, 20, 32][index])).join('-');
}
