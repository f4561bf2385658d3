/**
 * AssumeRoleWithWebIdentity: credentials of a role for the bearer of a token of an OpenID Connect provider that the
 * role's account has registered. Nobody signs it. Promises only when the issuer's keys have to be fetched.
 */

import { type Arn, oidcProviderArn } from '../../aws/arn.ts';
import { indexOf } from '../../identity/account-index.ts';
import { withKeysUrl } from '../../identity/oidc-keys.ts';
import type { Account } from '../../identity/state.ts';
import { NOBODY } from '../caller.ts';
import { federationNotAuthorized, type StsError } from '../errors.ts';
import { idpRejectedClaim, noSuchIssuer } from '../federation/federation-errors.ts';
import { isRefusal, verifyWebIdentityToken, type WebIdentity } from '../federation/web-identity-token.ts';
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
import { POLICY, ROLE_ARN, ROLE_DURATION, ROLE_SESSION_NAME } from './rules.ts';
import { readLimits } from './session-limits.ts';
import { checkGivenTags, NO_TAGS, refuseTags } from './session-tags.ts';

export const assumeRoleWithWebIdentity: Action = {
  name: 'AssumeRoleWithWebIdentity',
  unsigned: true,
  run: (call) => {
    const order = readOrder(call);
    return 'code' in order ? order : verify(order, call);
  },
};

interface WebIdentityOrder extends RoleOrder {
  readonly roleArn: string;
  readonly arn: Arn;
  readonly token: string;
}

function readOrder(call: Call): WebIdentityOrder | StsError {
  const { parameters } = call;
  const durationSeconds = readInteger(parameters.get('DurationSeconds'));
  if (typeof durationSeconds === 'object') return durationSeconds;
  const minimumTokenSize = readMinimumTokenSize(call);
  if (typeof minimumTokenSize === 'object') return minimumTokenSize;
  const roleArn = parameters.get('RoleArn');
  const sessionName = parameters.get('RoleSessionName');
  const token = parameters.get('WebIdentityToken');
  const clauses: string[] = [];
  checkText(roleArn, ROLE_ARN, clauses);
  checkText(sessionName, ROLE_SESSION_NAME, clauses);
  checkText(token, WEB_IDENTITY_TOKEN, clauses);
  checkText(parameters.get('ProviderId'), PROVIDER_ID, clauses);
  const limits = readLimits(call, readLists(parameters), POLICY, clauses);
  checkNumber(durationSeconds, ROLE_DURATION, clauses);
  checkMinimumTokenSize(minimumTokenSize, clauses);
  const invalid = validationOf(clauses);
  if (invalid !== undefined) return invalid;
  if (roleArn === undefined || sessionName === undefined || token === undefined) {
    throw new Error('required members were checked');
  }
  const arn = readRoleArn(roleArn);
  if ('code' in arn) return arn;
  return {
    roleArn,
    arn,
    token,
    sessionName,
    durationSeconds: durationSeconds ?? DEFAULT_SECONDS,
    minimumTokenSize,
    limits,
    tags: NO_TAGS,
    sourceIdentity: undefined,
  };
}

function verify(order: WebIdentityOrder, call: Call): Result | Promise<Result> {
  const { parameters, federation, nowSeconds } = call;
  const account = accountNamed(call, order.arn);
  const switchedOff = account && refuseRegion(call, account);
  if (switchedOff !== undefined) return switchedOff;
  const providerId = parameters.get('ProviderId');
  if (providerId !== undefined) return rejectLegacy(providerId);
  const verdict = verifyWebIdentityToken(order.token, {
    find: (issuer) => {
      const provider = account?.oidcProviders.get(oidcProviderArn(account.partition, account.id, issuer));
      return provider && withKeysUrl(provider);
    },
    keys: federation.keys,
    nowSeconds,
  });
  const proceed = (identity: WebIdentity | StsError): Result =>
    isRefusal(identity) ? identity : assume(order, identity, account, call);
  return verdict instanceof Promise ? verdict.then(proceed) : proceed(verdict);
}

function assume(
  asked: WebIdentityOrder,
  identity: WebIdentity,
  account: Account | undefined,
  call: Call,
): Result {
  const { era, endpointRegion, nowMs, sourceIp, http } = call;
  const tags = era.sessionTags
    ? { tags: identity.principalTags, transitiveKeys: identity.transitiveTagKeys }
    : NO_TAGS;
  const clauses: string[] = [];
  checkGivenTags(tags, clauses);
  const refusedTags = validationOf(clauses) ?? refuseTags(tags);
  if (refusedTags !== undefined) return refusedTags;
  const role = account && indexOf(account).roleByArn(asked.roleArn);
  if (account === undefined || role === undefined) return federationNotAuthorized(ACTION);
  const provider = oidcProviderArn(account.partition, account.id, identity.issuer);
  const order: RoleOrder = {
    ...asked,
    tags,
    sourceIdentity: era.sourceIdentity ? identity.sourceIdentity : undefined,
    federation: { kind: 'oidc', provider, subject: identity.subject, audience: identity.audience },
  };
  const caller = {
    ...NOBODY,
    principal: { kind: 'web-identity', partition: account.partition, account: '', arn: provider, provider },
  } as const;
  const refused = refusedAction(
    { caller, endpointRegion, nowMs, sourceIp, http },
    ACTION,
    { account, role, implicitSelfTrust: false },
    order,
    [...identity.conditionKeys, ['aws:FederatedProvider', provider]],
  );
  if (refused !== undefined) return federationNotAuthorized(refused);
  const tooLong = overRoleMaximum(order, role);
  if (tooLong !== undefined) return tooLong;
  const issued = openRoleSession(call, { account, role }, order);
  if (isError(issued)) return issued;
  // RECORDED: smithy-lang/smithy-rs, 2021. Where SourceIdentity stands among them is a GUESS.
  return [
    ['Audience', identity.audience],
    assumedRoleUser(account, role, order.sessionName),
    ['Provider', identity.issuer],
    issued.credentials,
    ['SubjectFromWebIdentityToken', identity.subject],
    ['SourceIdentity', order.sourceIdentity],
    packedPolicySize(issued, order),
    ...issued.sizes,
  ];
}

/** Of the two providers that are named by id; neither can be reached from here, and no other was ever there. */
function rejectLegacy(providerId: string): StsError {
  if (!LEGACY_PROVIDERS.includes(providerId)) return noSuchIssuer(providerId);
  // THREAD: aws/aws-sdk-js issue 198.
  return idpRejectedClaim(providerId, `${providerId} responded with HTTP/1.1 400 Bad Request`);
}

const ACTION = 'AssumeRoleWithWebIdentity';
const DEFAULT_SECONDS = 3_600;
const LEGACY_PROVIDERS: readonly string[] = ['www.amazon.com', 'graph.facebook.com'];
const WEB_IDENTITY_TOKEN: TextRule = {
  member: 'webIdentityToken',
  required: true,
  minimum: 4,
  maximum: 20_000,
  sensitive: true,
};
const PROVIDER_ID: TextRule = { member: 'providerId', minimum: 4, maximum: 2_048 };
