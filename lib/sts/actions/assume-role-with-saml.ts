/**
 * AssumeRoleWithSAML: credentials of a role for the bearer of a response of a SAML identity provider that the role's
 * account has registered. Nobody signs it; session name, tags and source identity are the provider's to give.
 */

import { type Arn, parseArn } from '../../aws/arn.ts';
import { indexOf } from '../../identity/account-index.ts';
import type { Account, SamlProvider } from '../../identity/state.ts';
import { NOBODY } from '../caller.ts';
import { federationNotAuthorized, REQUEST_ARN_INVALID, type StsError } from '../errors.ts';
import { NO_SUCH_PROVIDER } from '../federation/federation-errors.ts';
import { samlTrustOf } from '../federation/saml-metadata.ts';
import { LONGEST_ASSERTION, type SamlIdentity, verifySamlResponse } from '../federation/saml-response.ts';
import { isRefusal } from '../federation/web-identity-token.ts';
import { checkNumber, checkText, readInteger, type TextRule, validationOf } from '../validation.ts';
import { type Action, type Call, isError, type Result } from './action.ts';
import { checkMinimumTokenSize, readMinimumTokenSize } from './issue.ts';
import { refuseRegion } from './may-call.ts';
import { readLists } from './parameter-lists.ts';
import {
  accountNamed,
  assumedRoleUser,
  openRoleSession,
  overRoleMaximum,
  packedPolicySize,
  type RoleOrder,
  readRoleArn,
  refusedAction,
} from './role-session.ts';
import { POLICY, PRINCIPAL_ARN, ROLE_ARN, ROLE_DURATION } from './rules.ts';
import { type RequestedLimits, readLimits } from './session-limits.ts';
import { checkGivenTags, NO_TAGS, refuseTags } from './session-tags.ts';

export const assumeRoleWithSaml: Action = {
  name: 'AssumeRoleWithSAML',
  unsigned: true,
  run: (call) => {
    const order = readOrder(call);
    return 'code' in order ? order : verify(order, call);
  },
};

interface SamlOrder {
  readonly roleArn: string;
  readonly arn: Arn;
  readonly principalArn: string;
  readonly assertion: string;
  readonly durationSeconds: number;
  readonly minimumTokenSize: number | undefined;
  readonly limits: RequestedLimits;
}

function readOrder(call: Call): SamlOrder | StsError {
  const { parameters } = call;
  const durationSeconds = readInteger(parameters.get('DurationSeconds'));
  if (typeof durationSeconds === 'object') return durationSeconds;
  const minimumTokenSize = readMinimumTokenSize(call);
  if (typeof minimumTokenSize === 'object') return minimumTokenSize;
  const roleArn = parameters.get('RoleArn');
  const principalArn = parameters.get('PrincipalArn');
  const assertion = parameters.get('SAMLAssertion');
  const clauses: string[] = [];
  checkText(roleArn, ROLE_ARN, clauses);
  checkText(principalArn, PRINCIPAL_ARN, clauses);
  checkText(assertion, SAML_ASSERTION, clauses);
  const limits = readLimits(call, readLists(parameters), POLICY, clauses);
  checkNumber(durationSeconds, ROLE_DURATION, clauses);
  checkMinimumTokenSize(minimumTokenSize, clauses);
  const invalid = validationOf(clauses);
  if (invalid !== undefined) return invalid;
  if (roleArn === undefined || principalArn === undefined || assertion === undefined) {
    throw new Error('required members were checked');
  }
  const arn = readRoleArn(roleArn);
  if ('code' in arn) return arn;
  const fits =
    arn.resource.startsWith('role/') &&
    parseArn(principalArn)?.resource.startsWith('saml-provider/') === true;
  if (!fits) return REQUEST_ARN_INVALID;
  const seconds = durationSeconds ?? DEFAULT_SECONDS;
  return { roleArn, arn, principalArn, assertion, durationSeconds: seconds, minimumTokenSize, limits };
}

function verify(order: SamlOrder, call: Call): Result {
  const account = accountNamed(call, order.arn);
  const switchedOff = account && refuseRegion(call, account);
  if (switchedOff !== undefined) return switchedOff;
  // Role and provider are always of one account: the provider is looked for in the role's.
  const provider = account?.samlProviders.get(order.principalArn);
  const trust = provider && samlTrustOf(provider);
  if (account === undefined || provider === undefined || trust === undefined) return NO_SUCH_PROVIDER;
  const identity = verifySamlResponse(order.assertion, {
    partition: account.partition,
    account: account.id,
    providerArn: provider.arn,
    providerName: provider.name,
    roleArn: order.roleArn,
    trust,
    nowMs: call.nowMs,
  });
  return isRefusal(identity) ? identity : assume(order, identity, { account, provider }, call);
}

function assume(
  asked: SamlOrder,
  identity: SamlIdentity,
  { account, provider }: { readonly account: Account; readonly provider: SamlProvider },
  call: Call,
): Result {
  const { era, endpointRegion, nowMs, nowSeconds, sourceIp, http } = call;
  const tags = era.sessionTags
    ? { tags: identity.principalTags, transitiveKeys: identity.transitiveTagKeys }
    : NO_TAGS;
  const clauses: string[] = [];
  checkGivenTags(tags, clauses);
  const refusedTags = validationOf(clauses) ?? refuseTags(tags);
  if (refusedTags !== undefined) return refusedTags;
  const role = indexOf(account).roleByArn(asked.roleArn);
  if (role === undefined) return federationNotAuthorized(ACTION);
  const requested: RoleOrder = {
    sessionName: identity.sessionName,
    durationSeconds: asked.durationSeconds,
    minimumTokenSize: asked.minimumTokenSize,
    limits: asked.limits,
    tags,
    sourceIdentity: era.sourceIdentity ? identity.sourceIdentity : undefined,
    federation: {
      kind: 'saml',
      provider: provider.arn,
      subject: identity.subject,
      audience: identity.audience,
    },
  };
  const caller = {
    ...NOBODY,
    principal: {
      kind: 'saml',
      partition: account.partition,
      account: '',
      arn: provider.arn,
      provider: provider.arn,
    },
  } as const;
  const refused = refusedAction(
    { caller, endpointRegion, nowMs, sourceIp, http },
    ACTION,
    { account, role, implicitSelfTrust: false },
    requested,
    [...identity.conditionKeys, ['aws:FederatedProvider', provider.arn]],
  );
  if (refused !== undefined) return federationNotAuthorized(refused);
  const tooLong = overRoleMaximum(requested, role);
  if (tooLong !== undefined) return tooLong;
  const order = { ...requested, durationSeconds: shortest(asked.durationSeconds, identity, nowSeconds) };
  const issued = openRoleSession(call, { account, role }, order);
  if (isError(issued)) return issued;
  // DOCS: the order of the API reference's example.
  return [
    ['Issuer', identity.issuer],
    assumedRoleUser(account, role, order.sessionName),
    issued.credentials,
    ['Audience', identity.audience],
    ['SubjectType', identity.subjectType],
    packedPolicySize(issued, order),
    ['NameQualifier', identity.nameQualifier],
    ['SourceIdentity', order.sourceIdentity],
    ['Subject', identity.subject],
    ...issued.sizes,
  ];
}

/** DOCS: of what the request, the provider's SessionDuration and its SessionNotOnOrAfter say, the shortest. */
function shortest(
  requestedSeconds: number,
  { sessionDurationSeconds = requestedSeconds, sessionEndSeconds }: SamlIdentity,
  nowSeconds: number,
): number {
  const untilEnd = sessionEndSeconds === undefined ? requestedSeconds : sessionEndSeconds - nowSeconds;
  return Math.min(requestedSeconds, sessionDurationSeconds, untilEnd);
}

const ACTION = 'AssumeRoleWithSAML';
const DEFAULT_SECONDS = 3_600;
const SAML_ASSERTION: TextRule = {
  member: 'sAMLAssertion',
  required: true,
  minimum: 4,
  maximum: LONGEST_ASSERTION,
  sensitive: true,
};
