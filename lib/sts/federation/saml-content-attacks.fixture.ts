/** Attacks that need no forged signature: XML made to be expensive or misread, and assertions meant for others. */

import type { Attack } from './attacks.fixture.ts';
import {
  type AssertionOrder,
  ATTRIBUTES,
  at,
  GOOD,
  IDP,
  judgeSaml,
  PROVIDER_ARN,
  type ResponseOrder,
  ROLE_ARN,
  response,
  SIGN_IN,
  SUBJECT,
  signedAssertion,
  signedResponse,
} from './saml-forge.fixture.ts';
import { BEARER } from './saml-names.ts';
import { isRefusal } from './web-identity-token.ts';

function attack(name: string, forge: () => string | Buffer): Attack {
  return { kind: 'saml', name, run: () => (isRefusal(judgeSaml(forge())) ? 'refused' : 'accepted') };
}

/** Signed by the provider itself: only what it says is wrong. */
function signed(name: string, order: AssertionOrder, outer: ResponseOrder = {}): Attack {
  return attack(name, () => response(signedAssertion(order), outer));
}

const declared = (type: string): string => `<!DOCTYPE r ${type}>${GOOD()}`;
const within = (filler: string): string => GOOD().replace('</samlp:Status>', `</samlp:Status>${filler}`);
const confirmed = (data: string, method = BEARER): string =>
  `<saml:SubjectConfirmation Method="${method}"><saml:SubjectConfirmationData ${data}></saml:SubjectConfirmationData></saml:SubjectConfirmation>`;
const attributesWith = (
  ...more: NonNullable<AssertionOrder['attributes']>
): NonNullable<AssertionOrder['attributes']> => [...ATTRIBUTES, ...more];

const BOMBS: readonly Attack[] = [
  attack('a document type', () => `<!DOCTYPE r>${GOOD()}`),
  attack('a document type in small letters', () => `<!doctype r>${GOOD()}`),
  attack('an external entity', () =>
    declared('[<!ENTITY x SYSTEM "file:///etc/passwd">]').replace(SUBJECT, '&x;'),
  ),
  attack('an external entity with a parameter', () =>
    declared('[<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]'),
  ),
  attack('an external subset', () => declared('SYSTEM "http://127.0.0.1:9/x.dtd"')),
  attack('a billion laughs', () => {
    const levels = Array.from(
      { length: 10 },
      (_, level) => `<!ENTITY l${level + 1} "${`&l${level};`.repeat(10)}">`,
    );
    return declared(`[<!ENTITY l0 "ha">${levels.join('')}]`).replace(SUBJECT, '&l10;');
  }),
  attack('one entity many times', () =>
    declared(`[<!ENTITY a "${'a'.repeat(20_000)}">]`).replace(SUBJECT, '&a;'.repeat(10_000)),
  ),
  attack('a default for an ID', () => declared('[<!ATTLIST x ID CDATA "_assertion">]')),
  attack('an entity without a declaration', () => GOOD().replace(SUBJECT, '&x;')),
  attack('a declaration without a document type', () => within('<!ENTITY x "y">')),
  attack('a document type behind a comment', () => `<!-- --><!DOCTYPE r>${GOOD()}`),
  attack('a document type within', () => within('<!DOCTYPE r>')),
  attack('ten thousand references', () => within(`<x>${'&#65;'.repeat(10_000)}</x>`)),
  attack('a reference to NUL', () => within('<x>&#0;</x>')),
  attack('a reference to half a character', () => within('<x>&#xD800;</x>')),
  attack('a reference beyond Unicode', () => within('<x>&#x7FFFFFFF;</x>')),
  attack('a depth of a thousand', () => within('<x>'.repeat(1000) + '</x>'.repeat(1000))),
  attack('two thousand attributes', () =>
    within(`<x ${Array.from({ length: 2000 }, (_, index) => `a${index}="1"`).join(' ')}></x>`),
  ),
  attack('ten thousand elements', () => within('<x/>'.repeat(10_000))),
  attack('nine thousand comments', () => within('<!---->'.repeat(9000))),
  attack('a thousand names', () =>
    within(Array.from({ length: 1000 }, (_, index) => `<a${index}></a${index}>`).join('')),
  ),
  attack('a stylesheet', () => `<?xml-stylesheet href="http://127.0.0.1:9/x.xsl"?>${GOOD()}`),
  attack('UTF-16', () => Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(GOOD(), 'utf16le')])),
  attack('UTF-7 declared', () => `<?xml version="1.0" encoding="UTF-7"?>${GOOD()}`),
  attack('Latin-1 declared', () => `<?xml version="1.0" encoding="ISO-8859-1"?>${GOOD()}`),
  attack('bytes that are no UTF-8', () => Buffer.concat([Buffer.from(GOOD()), Buffer.of(0xc0, 0xaf)])),
  attack('a byte order mark', () => `\ufeff${GOOD()}`),
  attack('two roots', () => GOOD() + GOOD()),
  attack('text behind the root', () => `${GOOD()}x`),
  attack('a document cut short', () => GOOD().slice(0, -20)),
  attack('an end tag that is missing', () => GOOD().replace('</samlp:Status>', '')),
  attack('an attribute twice', () => GOOD().replace('ID="_response"', 'ID="_response" ID="_evil"')),
  attack('an attribute without quotes', () => GOOD().replace('ID="_response"', 'ID=_response')),
  attack('more than 100,000 characters', () => within(' '.repeat(80_000))),
  attack('nothing', () => ''),
];

const MEANT_FOR_OTHERS: readonly Attack[] = [
  signed('an audience of somebody else', { audience: 'https://other.example/saml' }),
  signed('an audience that only begins alike', { audience: `${SIGN_IN}.evil.example` }),
  signed('an audience of another partition', { audience: 'urn:amazon:webservices:cn-north-1' }),
  signed('no audience', { conditions: `<saml:Conditions NotOnOrAfter="${at(300)}"></saml:Conditions>` }),
  signed('no conditions', { conditions: '' }),
  signed('two restrictions of which one is somebody else’s', {
    conditions: `<saml:Conditions><saml:AudienceRestriction><saml:Audience>${SIGN_IN}</saml:Audience></saml:AudienceRestriction><saml:AudienceRestriction><saml:Audience>urn:x</saml:Audience></saml:AudienceRestriction></saml:Conditions>`,
  }),
  signed('a condition that we do not know', {
    conditions: `<saml:Conditions><saml:AudienceRestriction><saml:Audience>${SIGN_IN}</saml:Audience></saml:AudienceRestriction><saml:Condition></saml:Condition></saml:Conditions>`,
  }),
  signed('a recipient of somebody else', { recipient: 'https://other.example/saml' }),
  signed('a recipient of another partition', { recipient: 'https://signin.amazonaws.cn/saml' }),
  signed('a recipient of a Region that there is not', {
    recipient: 'https://moon-1.signin.aws.amazon.com/saml',
  }),
  signed('a recipient with a path to somewhere else', { recipient: `${SIGN_IN}/acs/../../x` }),
  signed('no recipient', { subjectConfirmation: confirmed(`NotOnOrAfter="${at(300)}"`) }),
  signed('no time in the confirmation', { subjectConfirmation: confirmed(`Recipient="${SIGN_IN}"`) }),
  signed('a holder of a key instead of a bearer', {
    subjectConfirmation: confirmed(
      `NotOnOrAfter="${at(300)}" Recipient="${SIGN_IN}"`,
      'urn:oasis:names:tc:SAML:2.0:cm:holder-of-key',
    ),
  }),
  signed('no confirmation', { subjectConfirmation: '' }),
  signed('expired this second', { notOnOrAfter: at(0) }),
  signed('issued more than five minutes ago', { issueInstant: at(-301) }),
  signed('issued tomorrow', { issueInstant: at(86_400) }),
  signed('not to be used before tomorrow', {
    conditions: `<saml:Conditions NotBefore="${at(86_400)}"><saml:AudienceRestriction><saml:Audience>${SIGN_IN}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`,
  }),
  signed('a session that is over', { session: ` SessionNotOnOrAfter="${at(-1)}"` }),
  signed('a time without a zone', { notOnOrAfter: '2099-01-01T00:00:00' }),
  signed('a time in words', { notOnOrAfter: 'tomorrow' }),
  signed('another issuer', { issuer: 'https://evil.example/saml' }),
  signed('another issuer of the response', {}, { issuer: 'https://evil.example/saml' }),
  signed('an issuer that only begins alike', { issuer: `${IDP}/x` }),
  signed('a login that failed', {}, { status: 'urn:oasis:names:tc:SAML:2.0:status:Responder' }),
  attack('a signed login that failed', () =>
    signedResponse(signedAssertion(), { status: 'urn:oasis:names:tc:SAML:2.0:status:AuthnFailed' }),
  ),
  signed('no NameID', { nameId: '' }),
  signed('a NameID with an element in it', { nameId: 'alice<saml:x></saml:x>' }),
  signed('no role', { attributes: [[':RoleSessionName', 'alice']] }),
  signed('another role', {
    attributes: [
      [':Role', `${ROLE_ARN}2,${PROVIDER_ARN}`],
      [':RoleSessionName', 'alice'],
    ],
  }),
  signed('another provider', {
    attributes: [
      [':Role', `${ROLE_ARN},${PROVIDER_ARN}2`],
      [':RoleSessionName', 'alice'],
    ],
  }),
  signed('a role and a provider out of two pairs', {
    attributes: [
      [':Role', `${ROLE_ARN},${PROVIDER_ARN}2`, `${ROLE_ARN}2,${PROVIDER_ARN}`],
      [':RoleSessionName', 'alice'],
    ],
  }),
  signed('a pair of three', {
    attributes: [
      [':Role', `${ROLE_ARN},${PROVIDER_ARN},x`],
      [':RoleSessionName', 'alice'],
    ],
  }),
  signed('a role in other letters', {
    attributes: [
      [':Role', `${ROLE_ARN.replace('app', 'App')},${PROVIDER_ARN}`],
      [':RoleSessionName', 'alice'],
    ],
  }),
  signed('an attribute of a name in other letters', {
    attributes: [
      [':role', `${ROLE_ARN},${PROVIDER_ARN}`],
      [':RoleSessionName', 'alice'],
    ],
  }),
  signed('two session names', { attributes: attributesWith([':RoleSessionName', 'admin']) }),
  signed('a session name with a colon', {
    attributes: [
      [':Role', `${ROLE_ARN},${PROVIDER_ARN}`],
      [':RoleSessionName', 'a:b'],
    ],
  }),
  signed('a source identity of aws:', { attributes: attributesWith([':SourceIdentity', 'aws:root']) }),
  signed('a tag of two values', { attributes: attributesWith([':PrincipalTag:a', '1', '2']) }),
  signed('a session of a day', { attributes: attributesWith([':SessionDuration', '86400']) }),
  signed('a session of words', { attributes: attributesWith([':SessionDuration', '1e4']) }),
];

export const SAML_CONTENT_ATTACKS: readonly Attack[] = [...BOMBS, ...MEANT_FOR_OTHERS];
