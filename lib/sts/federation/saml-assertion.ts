/**
 * What an assertion says, read from the text that was signed, and whether it says it to AWS and now. Nothing here looks
 * at a signature: see saml-response.ts.
 */

import type { PartitionName } from '../../aws/partitions.ts';
import type { StsError } from '../errors.ts';
import { AUDIENCE_MISSING, REDEEMED_LATE, RESPONSE_EXPIRED, SAML_DENIED } from './federation-errors.ts';
import { ASSERTION, BEARER, isAwsAudience, isSignInUrl, NAME_FORMAT } from './saml-names.ts';
import type { XmlElement } from './xml-library.ts';
import { attribute, childrenNamed, childrenOf, isNamed, leafText, onlyChild } from './xml-tree.ts';

export interface SamlSubject {
  /** The NameID. */
  readonly subject: string;
  /** `persistent`, `transient` …, or the whole format where it is not one of SAML 2.0. */
  readonly subjectType: string;
  /** The Recipient of the confirmation. */
  readonly recipient: string;
  /** The earliest SessionNotOnOrAfter, epoch seconds: no session lasts longer. */
  readonly sessionEndSeconds?: number;
}

export interface AssertionCheck {
  readonly partition: PartitionName;
  readonly nowMs: number;
  /** The error of a response that does not say what it must. */
  readonly refused: (sentence: string) => StsError;
}

/** Times first; that lateness is noticed before expiry is inferred from what clients of one provider met. */
export function readSubject(assertion: XmlElement, check: AssertionCheck): SamlSubject | StsError {
  const { nowMs, refused } = check;
  const issued = timeOf(assertion, 'IssueInstant');
  if (attribute(assertion, 'Version') !== '2.0' || typeof issued !== 'number')
    return refused('The assertion is not one of SAML 2.0');
  if (nowMs - issued > REDEMPTION_MS) return REDEEMED_LATE;
  if (issued > nowMs + CLOCK_SKEW_MS) return refused(NOT_YET);
  return conditionProblem(assertion, check) ?? confirmedSubject(assertion, check);
}

/** THREAD: the message says five minutes. */
const REDEMPTION_MS = 5 * 60_000;
/** GUESS: how far a provider's clock may be ahead. */
const CLOCK_SKEW_MS = 60_000;
/** GUESS, as all sentences given to `refused`. */
const NOT_YET = 'Response is not valid yet';
const KNOWN_CONDITIONS = ['AudienceRestriction', 'OneTimeUse', 'ProxyRestriction'];

function conditionProblem(assertion: XmlElement, check: AssertionCheck): StsError | undefined {
  const conditions = onlyChild(assertion, ASSERTION, 'Conditions');
  if (conditions === undefined) return AUDIENCE_MISSING;
  const window = windowProblem(conditions, check);
  if (window !== undefined) return window;
  const isKnown = (element: XmlElement): boolean =>
    KNOWN_CONDITIONS.some((name) => isNamed(element, ASSERTION, name));
  if (!childrenOf(conditions).every(isKnown))
    return check.refused('A condition of the response is not known');
  const restrictions = childrenNamed(conditions, ASSERTION, 'AudienceRestriction');
  const isForAws = (restriction: XmlElement): boolean =>
    childrenNamed(restriction, ASSERTION, 'Audience').some((audience) =>
      isAwsAudience(leafText(audience)?.trim() ?? '', check.partition),
    );
  return restrictions.length > 0 && restrictions.every(isForAws) ? undefined : AUDIENCE_MISSING;
}

/** DOCS: exactly one SubjectConfirmation, with NotOnOrAfter and Recipient; a missing NameID is a denial. */
function confirmedSubject(assertion: XmlElement, check: AssertionCheck): SamlSubject | StsError {
  const subjectElement = onlyChild(assertion, ASSERTION, 'Subject');
  const nameId = subjectElement && onlyChild(subjectElement, ASSERTION, 'NameID');
  const subject = nameId && leafText(nameId);
  if (subjectElement === undefined || nameId === undefined || !subject) return SAML_DENIED;
  const confirmation = onlyChild(subjectElement, ASSERTION, 'SubjectConfirmation');
  const data = confirmation && onlyChild(confirmation, ASSERTION, 'SubjectConfirmationData');
  const recipient = data && attribute(data, 'Recipient');
  if (confirmation === undefined || attribute(confirmation, 'Method') !== BEARER || data === undefined)
    return check.refused('Response does not contain exactly one bearer confirmation');
  if (recipient === undefined || !isSignInUrl(recipient, check.partition))
    return check.refused('Response does not contain the required recipient');
  if (attribute(data, 'NotOnOrAfter') === undefined)
    return check.refused('The confirmation of the response does not say until when');
  const window = windowProblem(data, check);
  if (window !== undefined) return window;
  const format = attribute(nameId, 'Format') ?? `${NAME_FORMAT_1_1}unspecified`;
  const end = sessionEndOf(assertion);
  if (end === 'unreadable') return check.refused(UNREADABLE_TIME);
  if (end !== undefined && end <= check.nowMs) return RESPONSE_EXPIRED;
  return {
    subject,
    subjectType: format.startsWith(NAME_FORMAT) ? format.slice(NAME_FORMAT.length) : format,
    recipient,
    ...(end === undefined ? {} : { sessionEndSeconds: Math.floor(end / 1000) }),
  };
}

const NAME_FORMAT_1_1 = 'urn:oasis:names:tc:SAML:1.1:nameid-format:';
const UNREADABLE_TIME = 'A time in the response cannot be read';

function sessionEndOf(assertion: XmlElement): number | undefined | 'unreadable' {
  let earliest: number | undefined;
  for (const statement of childrenNamed(assertion, ASSERTION, 'AuthnStatement')) {
    const end = timeOf(statement, 'SessionNotOnOrAfter');
    if (end === 'unreadable') return end;
    if (end !== undefined) earliest = Math.min(earliest ?? end, end);
  }
  return earliest;
}

/** `NotBefore` and `NotOnOrAfter`, each where it is given. */
function windowProblem(element: XmlElement, { nowMs, refused }: AssertionCheck): StsError | undefined {
  const start = timeOf(element, 'NotBefore');
  const end = timeOf(element, 'NotOnOrAfter');
  if (start === 'unreadable' || end === 'unreadable') return refused(UNREADABLE_TIME);
  if (end !== undefined && nowMs >= end) return RESPONSE_EXPIRED;
  return start !== undefined && start > nowMs + CLOCK_SKEW_MS ? refused(NOT_YET) : undefined;
}

/** Epoch milliseconds. SAML writes times in UTC. */
function timeOf(element: XmlElement, name: string): number | undefined | 'unreadable' {
  const text = attribute(element, name);
  if (text === undefined) return undefined;
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? 'unreadable' : time;
}
