/** The attributes of an assertion: those that are meant for AWS, and those that become condition keys of `saml:`. */

import type { StsError } from '../errors.ts';
import {
  invalidIdentityToken,
  SAML_DENIED,
  SESSION_NAME_INVALID,
  SESSION_NAME_MISSING,
  SOURCE_IDENTITY_INVALID,
} from './federation-errors.ts';
import { ASSERTION, AWS_ATTRIBUTE } from './saml-names.ts';
import { isSourceIdentity } from './token-tags.ts';
import type { XmlElement } from './xml-library.ts';
import { attribute, childrenNamed, leafText } from './xml-tree.ts';

export interface SamlSession {
  readonly sessionName: string;
  readonly sourceIdentity?: string;
  readonly principalTags: readonly (readonly [key: string, value: string])[];
  readonly transitiveTagKeys: readonly string[];
  /** 900 to 43200; shortens a session of this call, never lengthens it. */
  readonly sessionDurationSeconds?: number;
}

/** Values by the exact Name of the attribute; several attributes of one name count as one. Without text: left out. */
export type SamlAttributes = ReadonlyMap<string, readonly string[]>;

export function attributesOfAssertion(assertion: XmlElement): SamlAttributes {
  const attributes = new Map<string, string[]>();
  for (const statement of childrenNamed(assertion, ASSERTION, 'AttributeStatement')) {
    for (const element of childrenNamed(statement, ASSERTION, 'Attribute')) {
      const name = attribute(element, 'Name') ?? '';
      const values = attributes.get(name) ?? [];
      for (const value of childrenNamed(element, ASSERTION, 'AttributeValue')) {
        const text = leafText(value);
        if (text !== undefined) values.push(text.trim());
      }
      attributes.set(name, values);
    }
  }
  return attributes;
}

export function readSamlSession(
  attributes: SamlAttributes,
  pair: { readonly roleArn: string; readonly providerArn: string },
): SamlSession | StsError {
  const roles = attributes.get(`${AWS_ATTRIBUTE}Role`) ?? [];
  if (!roles.some((value) => isPair(value, pair.roleArn, pair.providerArn))) return SAML_DENIED;
  const [sessionName, anotherName] = attributes.get(`${AWS_ATTRIBUTE}RoleSessionName`) ?? [];
  if (sessionName === undefined || sessionName === '') return SESSION_NAME_MISSING;
  if (anotherName !== undefined || !/^[\w+=,.@-]{2,64}$/.test(sessionName)) return SESSION_NAME_INVALID;
  const [sourceIdentity, anotherSource] = attributes.get(`${AWS_ATTRIBUTE}SourceIdentity`) ?? [];
  if (anotherSource !== undefined || (sourceIdentity !== undefined && !isSourceIdentity(sourceIdentity)))
    return SOURCE_IDENTITY_INVALID;
  const durations = attributes.get(`${AWS_ATTRIBUTE}SessionDuration`) ?? [];
  const sessionDurationSeconds = Number(durations[0]);
  if (durations.length > 0 && !isDuration(durations, sessionDurationSeconds)) return DURATION_INVALID;
  const principalTags: [string, string][] = [];
  for (const [name, [value, another]] of attributes) {
    if (!name.startsWith(TAG_ATTRIBUTE)) continue;
    if (value === undefined || another !== undefined) return TAG_INVALID;
    principalTags.push([name.slice(TAG_ATTRIBUTE.length), value]);
  }
  return {
    sessionName,
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    principalTags,
    transitiveTagKeys: attributes.get(`${AWS_ATTRIBUTE}TransitiveTagKeys`) ?? [],
    ...(durations.length === 0 ? {} : { sessionDurationSeconds }),
  };
}

/** DOCS: "Available keys for SAML-based AWS STS federation", keys in lower case. */
export function samlConditionKeys(
  attributes: SamlAttributes,
): readonly (readonly [string, readonly string[]])[] {
  return CONDITION_ATTRIBUTES.flatMap(([name, key]) => {
    const values = attributes.get(name) ?? [];
    return values.length === 0 ? [] : [[`saml:${key}`, values] as const];
  });
}

const TAG_ATTRIBUTE = `${AWS_ATTRIBUTE}PrincipalTag:`;
/** GUESS, as {@link TAG_INVALID}. */
const DURATION_INVALID = invalidIdentityToken(
  'SessionDuration in AuthnResponse must be an integer from 900 to 43200',
);
const TAG_INVALID = invalidIdentityToken('PrincipalTag in AuthnResponse must have exactly one value');

/** DOCS: a role and its provider, with a comma between them; in either order, as AWS takes them. */
function isPair(value: string, roleArn: string, providerArn: string): boolean {
  const [first, second, more] = value.split(',', 3).map((arn) => arn.trim());
  if (more !== undefined) return false;
  return (first === roleArn && second === providerArn) || (first === providerArn && second === roleArn);
}

function isDuration(values: readonly string[], seconds: number): boolean {
  return values.length === 1 && /^\d{3,5}$/.test(values[0] ?? '') && seconds >= 900 && seconds <= 43_200;
}

const CONDITION_ATTRIBUTES: readonly (readonly [name: string, key: string])[] = [
  ['urn:oid:1.3.6.1.4.1.5923.1.1.1.1', 'edupersonaffiliation'],
  ['urn:oid:1.3.6.1.4.1.5923.1.1.1.2', 'edupersonnickname'],
  ['urn:oid:1.3.6.1.4.1.5923.1.1.1.3', 'edupersonorgdn'],
  ['urn:oid:1.3.6.1.4.1.5923.1.1.1.4', 'edupersonorgunitdn'],
  ['urn:oid:1.3.6.1.4.1.5923.1.1.1.5', 'edupersonprimaryaffiliation'],
  ['urn:oid:1.3.6.1.4.1.5923.1.1.1.6', 'edupersonprincipalname'],
  ['urn:oid:1.3.6.1.4.1.5923.1.1.1.7', 'edupersonentitlement'],
  ['urn:oid:1.3.6.1.4.1.5923.1.1.1.8', 'edupersonprimaryorgunitdn'],
  ['urn:oid:1.3.6.1.4.1.5923.1.1.1.9', 'edupersonscopedaffiliation'],
  ['urn:oid:1.3.6.1.4.1.5923.1.1.1.10', 'edupersontargetedid'],
  ['urn:oid:1.3.6.1.4.1.5923.1.1.1.11', 'edupersonassurance'],
  ['urn:oid:1.3.6.1.4.1.5923.1.2.1.2', 'eduorghomepageuri'],
  ['urn:oid:1.3.6.1.4.1.5923.1.2.1.3', 'eduorgidentityauthnpolicyuri'],
  ['urn:oid:1.3.6.1.4.1.5923.1.2.1.4', 'eduorglegalname'],
  ['urn:oid:1.3.6.1.4.1.5923.1.2.1.5', 'eduorgsuperioruri'],
  ['urn:oid:1.3.6.1.4.1.5923.1.2.1.6', 'eduorgwhitepagesuri'],
  ['urn:oid:2.5.4.3', 'cn'],
  ['http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name', 'name'],
  ['http://schemas.xmlsoap.org/claims/CommonName', 'commonname'],
  ['http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname', 'givenname'],
  ['http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname', 'surname'],
  ['http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress', 'mail'],
  ['http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid', 'uid'],
];
