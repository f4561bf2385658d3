/**
 * AssumeRole: temporary credentials of a role for whoever its trust policy lets in. Checks run in the order of the
 * real service as far as it is known: numbers, constraints, the ARN's form, the Region's switch, what no constraint
 * covers, MFA, permissions, the role's maximum, chaining, policies, size.
 */

import type { Arn } from '../../aws/arn.ts';
import { indexOf } from '../../identity/account-index.ts';
import {
  DURATION_OVER_CHAINING_LIMIT,
  INVALID_CONTEXT_ASSERTION,
  notAuthorized,
  ROOT_ASSUMES_NO_ROLE,
  SOURCE_IDENTITY_SET,
  type StsError,
} from '../errors.ts';
import { checkNumber, checkText, readInteger, validationOf } from '../validation.ts';
import { type Action, type Call, isError, type Result } from './action.ts';
import { checkMinimumTokenSize, readMinimumTokenSize } from './issue.ts';
import { refuseKind, refuseRegion } from './may-call.ts';
import { checkMfaParameters, proveMfa } from './mfa.ts';
import { type Lists, readLists } from './parameter-lists.ts';
import { checkProvidedContexts } from './provided-contexts.ts';
import {
  accountNamed,
  assumedRoleUser,
  isKnownRoleArn,
  openRoleSession,
  overRoleMaximum,
  packedPolicySize,
  type RoleOrder,
  readRoleArn,
  refusedAction,
} from './role-session.ts';
import {
  EXTERNAL_ID,
  ROLE_ARN,
  ROLE_DURATION,
  ROLE_SESSION_NAME,
  SOURCE_IDENTITY,
  UNBOUNDED_POLICY,
} from './rules.ts';
import { readLimits } from './session-limits.ts';
import { NO_TAGS, readTags, refuseTags } from './session-tags.ts';

export const assumeRole: Action = {
  name: 'AssumeRole',
  sharesQuota: true,
  run: (call) => {
    const order = readOrder(call);
    return 'code' in order ? order : assume(order, call);
  },
};

interface AssumeOrder extends RoleOrder {
  readonly roleArn: string;
  readonly arn: Arn;
  readonly lists: Lists;
}

function readOrder(call: Call): AssumeOrder | StsError {
  const { parameters, era, caller } = call;
  const durationSeconds = readInteger(parameters.get('DurationSeconds'));
  if (typeof durationSeconds === 'object') return durationSeconds;
  const minimumTokenSize = readMinimumTokenSize(call);
  if (typeof minimumTokenSize === 'object') return minimumTokenSize;
  const roleArn = parameters.get('RoleArn');
  const sessionName = parameters.get('RoleSessionName');
  const sourceIdentity = era.sourceIdentity ? parameters.get('SourceIdentity') : undefined;
  const lists = readLists(parameters);
  const clauses: string[] = [];
  if (!isKnownRoleArn(roleArn)) checkText(roleArn, ROLE_ARN, clauses);
  checkText(sessionName, ROLE_SESSION_NAME, clauses);
  const limits = readLimits(call, lists, UNBOUNDED_POLICY, clauses);
  checkNumber(durationSeconds, ROLE_DURATION, clauses);
  const tags = era.sessionTags ? readTags(lists, clauses) : NO_TAGS;
  checkText(parameters.get('ExternalId'), EXTERNAL_ID, clauses);
  checkMfaParameters(parameters, clauses);
  checkText(sourceIdentity, SOURCE_IDENTITY, clauses);
  checkProvidedContexts(lists, clauses);
  checkMinimumTokenSize(minimumTokenSize, clauses);
  const invalid = validationOf(clauses);
  if (invalid !== undefined) return invalid;
  if (roleArn === undefined || sessionName === undefined) throw new Error('required members were checked');
  const arn = readRoleArn(roleArn);
  if ('code' in arn) return arn;
  const chain = caller.kind === 'role-session' ? caller.session : undefined;
  return {
    roleArn,
    arn,
    lists,
    sessionName,
    durationSeconds: durationSeconds ?? DEFAULT_SECONDS,
    minimumTokenSize,
    limits,
    tags,
    sourceIdentity: sourceIdentity ?? chain?.sourceIdentity,
    chain,
  };
}

function assume(order: AssumeOrder, call: Call): Result {
  const { roleArn, arn, chain } = order;
  const { principal } = call.caller;
  if (principal.kind === 'root') return ROOT_ASSUMES_NO_ROLE;
  const account = accountNamed(call, arn);
  const early =
    refuseKind(call, 'AssumeRole', roleArn) ??
    // The account that issues decides, which is the role's and not the caller's.
    (account?.partition === principal.partition ? refuseRegion(call, account) : undefined) ??
    refuseTags(order.tags, chain) ??
    refuseSourceIdentity(order);
  if (early !== undefined) return early;
  const mfa = proveMfa(call);
  if (typeof mfa === 'object') return mfa;
  const role = account && indexOf(account).roleByArn(roleArn);
  if (account === undefined || role === undefined) return notAuthorized(principal.arn, 'AssumeRole', roleArn);
  const { roleSelfTrustImplied: implicitSelfTrust } = call.era;
  const target = { account, role, implicitSelfTrust };
  const refused = refusedAction(call, 'AssumeRole', target, order, [
    ['sts:ExternalId', call.parameters.get('ExternalId')],
    ...(mfa === 'proved' ? MFA_CONTEXT : []),
  ]);
  if (refused !== undefined) return notAuthorized(principal.arn, refused, roleArn);
  // Assertions are sealed by AWS for identities that do not exist here, so that none can be genuine.
  if (order.lists.has('ProvidedContexts')) return INVALID_CONTEXT_ASSERTION;
  const tooLong = overRoleMaximum(order, role);
  if (tooLong !== undefined) return tooLong;
  if (chain !== undefined && order.durationSeconds > CHAINING_SECONDS) return DURATION_OVER_CHAINING_LIMIT;
  const issued = openRoleSession(call, target, order);
  if (isError(issued)) return issued;
  return [
    assumedRoleUser(account, role, order.sessionName),
    issued.credentials,
    ['SourceIdentity', order.sourceIdentity],
    packedPolicySize(issued, order),
    ...issued.sizes,
  ];
}

/** PROBE: once set it stays, along the whole chain. */
function refuseSourceIdentity({ sourceIdentity, chain }: AssumeOrder): StsError | undefined {
  const set = chain?.sourceIdentity;
  return set !== undefined && set !== sourceIdentity ? SOURCE_IDENTITY_SET : undefined;
}

const DEFAULT_SECONDS = 3_600;
const CHAINING_SECONDS = 3_600;

const MFA_CONTEXT: readonly (readonly [string, string])[] = [
  ['aws:MultiFactorAuthPresent', 'true'],
  ['aws:MultiFactorAuthAge', '0'],
];
