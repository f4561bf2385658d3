/**
 * What AssumeRole and its two federated forms share once they know who asks: the role and its account, the Region's
 * switch, the permissions beside the one to assume, the role's maximum, and the answer's common members.
 */

import { type Arn, assumedRoleArn, parseArn } from '../../aws/arn.ts';
import type { Member } from '../../aws/query-answer.ts';
import { contextValues } from '../../identity/policy/context.ts';
import type { Account, Role } from '../../identity/state.ts';
import { type Asking, authorizeCall } from '../authorize.ts';
import { DURATION_OVER_ROLE_MAXIMUM, type StsError, validationError } from '../errors.ts';
import type { Session } from '../session.ts';
import type { Call } from './action.ts';
import { type Issued, issue, minimumBytes, type SessionPlan } from './issue.ts';
import { type RequestedLimits, refuseLimits } from './session-limits.ts';
import { type RequestedTags, tagContext, tagsOfSession } from './session-tags.ts';

export interface RoleOrder {
  readonly sessionName: string;
  readonly durationSeconds: number;
  readonly minimumTokenSize: number | undefined;
  readonly limits: RequestedLimits;
  readonly tags: RequestedTags;
  readonly sourceIdentity: string | undefined;
  /** The calling session of a chain of roles. */
  readonly chain?: Session;
  readonly federation?: Session['federation'];
}

export type RoleAction = 'AssumeRole' | 'AssumeRoleWithSAML' | 'AssumeRoleWithWebIdentity';

/** RECORDED: what is no ARN with a service, an account and a resource has an error of its own. */
export function readRoleArn(roleArn: string): Arn | StsError {
  const arn = parseArn(roleArn);
  return arn === undefined || arn.accountId === '' ? validationError(`${roleArn} is invalid`) : arn;
}

/** The account as the serving Region knows it; nobody's in another partition. */
export function accountNamed({ view }: Call, arn: Arn): Account | undefined {
  const account = view.account(arn.accountId);
  return account?.partition === arn.partition ? account : undefined;
}

/** What the role's trust policy and the caller's own refuse first; `undefined` when all is allowed. */
export function refusedAction(
  asking: Asking,
  action: RoleAction,
  target: { readonly account: Account; readonly role: Role; readonly implicitSelfTrust: boolean },
  order: RoleOrder,
  keys: Parameters<typeof contextValues>[0],
): string | undefined {
  const { account, role, implicitSelfTrust } = target;
  const question = {
    resource: role.arn,
    resourcePolicy: { name: 'trust policy', policy: role.trust },
    resourceAccount: account.id,
    resourceTags: role.tags,
    implicitSelfTrust,
    extra: () =>
      contextValues([
        ['sts:RoleSessionName', order.sessionName],
        ['sts:SourceIdentity', order.sourceIdentity],
        ...tagContext(order.tags),
        ...keys,
      ]),
  };
  const may = (name: string): boolean =>
    authorizeCall(asking, { action: `sts:${name}`, ...question }).allowed;
  // PROBE: a source identity that the condition does not want is refused in the name of SetSourceIdentity, although
  // AssumeRole fails the same condition. THREAD mattrobinsonsre/terrapod pull 1546: inherited tags count too.
  const inherited = order.chain?.transitiveTagKeys !== undefined;
  if ((order.tags.tags.length > 0 || inherited) && !may('TagSession')) return 'TagSession';
  if (order.sourceIdentity !== undefined && !may('SetSourceIdentity')) return 'SetSourceIdentity';
  return may(action) ? undefined : action;
}

/** From the decision to the credentials. */
export function openRoleSession(
  call: Call,
  { account, role }: { readonly account: Account; readonly role: Role },
  order: RoleOrder,
): Issued | StsError {
  const { sessionName, durationSeconds, minimumTokenSize, limits, tags, sourceIdentity, chain, federation } =
    order;
  const refused = refuseLimits(limits, account);
  if (refused !== undefined) return refused;
  const plan: SessionPlan = {
    kind: 'role',
    principalId: role.roleId,
    sessionName,
    durationSeconds,
    ...minimumBytes(minimumTokenSize),
    ...limits,
    ...tagsOfSession(tags, chain),
    ...(sourceIdentity === undefined ? undefined : { sourceIdentity }),
    ...(chain === undefined ? undefined : { chained: true }),
    ...(federation === undefined ? undefined : { federation }),
  };
  return issue(call, account, plan);
}

export function overRoleMaximum({ durationSeconds }: RoleOrder, role: Role): StsError | undefined {
  return durationSeconds > role.maxSessionDurationSeconds ? DURATION_OVER_ROLE_MAXIMUM : undefined;
}

export function assumedRoleUser(
  { partition, id }: Account,
  { roleId, name }: Role,
  sessionName: string,
): Member {
  return [
    'AssumedRoleUser',
    [
      ['AssumedRoleId', `${roleId}:${sessionName}`],
      ['Arn', assumedRoleArn(partition, id, name, sessionName)],
    ],
  ];
}

/** RECORDED: only a session with a policy or tags says how much room they take. */
export function packedPolicySize({ packedPercent }: Issued, { limits, tags, chain }: RoleOrder): Member {
  const packed =
    limits.policy !== undefined ||
    limits.policyArns !== undefined ||
    tags.tags.length > 0 ||
    chain?.transitiveTagKeys !== undefined;
  return ['PackedPolicySize', packed ? packedPercent : undefined];
}
