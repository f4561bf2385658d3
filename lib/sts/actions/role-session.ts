/**
 * What AssumeRole and its two federated forms share once they know who asks: the role and its account, the Region's
 * switch, the permissions beside the one to assume, the role's maximum, and the answer's common members.
 */

import { type Arn, assumedRoleArn, parseArn } from '../../aws/arn.ts';
import type { Member } from '../../aws/query-answer.ts';
import { contextValues } from '../../identity/policy/context.ts';
import type { Account, Role } from '../../identity/state.ts';
import { type Asking, authorizeCall, mayCall } from '../authorize.ts';
import { DURATION_OVER_ROLE_MAXIMUM, type StsError, validationError } from '../errors.ts';
import { keepDecision, recallDecision } from '../role-decisions.ts';
import type { Session } from '../session.ts';
import type { Call } from './action.ts';
import { type Issued, issue, minimumBytes, type SessionPlan } from './issue.ts';
import { NO_LIMITS, type RequestedLimits, refuseLimits } from './session-limits.ts';
import { NO_TAGS, type RequestedTags, tagContext, tagsOfSession } from './session-tags.ts';

export interface RoleOrder {
  readonly sessionName: string;
  readonly durationSeconds: number;
  readonly minimumTokenSize: number | undefined;
  readonly limits: RequestedLimits;
  readonly tags: RequestedTags;
  readonly sourceIdentity: string | undefined;
  /** The calling session of a chain of roles. */
  readonly chain?: Session | undefined;
  readonly federation?: Session['federation'];
}

export type RoleAction = 'AssumeRole' | 'AssumeRoleWithSAML' | 'AssumeRoleWithWebIdentity';

/** RECORDED: what is no ARN with a service, an account and a resource has an error of its own. */
export function readRoleArn(roleArn: string): Arn | StsError {
  const known = arns.get(roleArn);
  if (known !== undefined) return known;
  const arn = parseArn(roleArn);
  if (arn === undefined || arn.accountId === '') return validationError(`${roleArn} is invalid`);
  if (roleArn.length <= LONGEST_KEPT) {
    if (arns.size >= MAXIMUM_KEPT) arns.clear();
    arns.set(roleArn, arn);
  }
  return arn;
}

/** Whether it was read before, and so has passed every check that it has to pass. */
export function isKnownRoleArn(roleArn: string | undefined): boolean {
  return roleArn !== undefined && arns.has(roleArn);
}

/** The last few that were read: callers assume the same roles all day. */
const arns = new Map<string, Arn>();
const MAXIMUM_KEPT = 256;
const LONGEST_KEPT = 256;

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
  // PROBE: a source identity that the condition does not want is refused in the name of SetSourceIdentity, although
  // AssumeRole fails the same condition. THREAD mattrobinsonsre/terrapod pull 1546: inherited tags count too.
  const tagged = order.tags.tags.length > 0 || order.chain?.transitiveTagKeys !== undefined;
  if (action === 'AssumeRole' && !tagged && order.sourceIdentity === undefined) {
    const known = recallDecision(asking.caller, role, implicitSelfTrust);
    if (known !== undefined) return known ? undefined : action;
  }
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
  const mayAssume = (): boolean => {
    const { allowed, ofRequest } = mayCall(asking, { action: `sts:${action}`, ...question });
    if (!ofRequest && action === 'AssumeRole') keepDecision(asking.caller, role, implicitSelfTrust, allowed);
    return allowed;
  };
  if (tagged && !may('TagSession')) return 'TagSession';
  if (order.sourceIdentity !== undefined && !may('SetSourceIdentity')) return 'SetSourceIdentity';
  return mayAssume() ? undefined : action;
}

/** From the decision to the credentials. */
export function openRoleSession(
  call: Call,
  { account, role }: { readonly account: Account; readonly role: Role },
  order: RoleOrder,
): Issued | StsError {
  const refused = refuseLimits(order.limits, account);
  return refused ?? issue(call, account, planOf(role, order));
}

function planOf(role: Role, order: RoleOrder): SessionPlan {
  const { sessionName, durationSeconds, minimumTokenSize, limits, tags, sourceIdentity, chain, federation } =
    order;
  const plan: SessionPlan = { kind: 'role', principalId: role.roleId, sessionName, durationSeconds };
  // Most sessions have nothing more, and looking for it costs more than all the rest of a plan.
  const plain =
    minimumTokenSize === undefined &&
    limits === NO_LIMITS &&
    tags === NO_TAGS &&
    sourceIdentity === undefined &&
    chain === undefined &&
    federation === undefined;
  if (plain) return plan;
  return {
    ...plan,
    ...minimumBytes(minimumTokenSize),
    ...limits,
    ...tagsOfSession(tags, chain),
    ...(sourceIdentity === undefined ? undefined : { sourceIdentity }),
    ...(chain === undefined ? undefined : { chained: true }),
    ...(federation === undefined ? undefined : { federation }),
  };
}

export function overRoleMaximum({ durationSeconds }: RoleOrder, role: Role): StsError | undefined {
  return durationSeconds > role.maxSessionDurationSeconds ? DURATION_OVER_ROLE_MAXIMUM : undefined;
}

export function assumedRoleUser(account: Account, role: Role, sessionName: string): Member {
  const { idStart, arnStart, plain } = textsOf(account, role);
  const id = idStart + sessionName;
  const arn = arnStart + sessionName;
  const nothingToEscape = plain && PLAIN.test(sessionName);
  return [
    'AssumedRoleUser',
    [
      ['AssumedRoleId', nothingToEscape ? { plain: id } : id],
      ['Arn', nothingToEscape ? { plain: arn } : arn],
    ],
  ];
}

/** What the names of a role's sessions begin with. A role never changes in place. */
interface RoleTexts {
  readonly idStart: string;
  readonly arnStart: string;
  readonly plain: boolean;
}

const texts = new WeakMap<Role, RoleTexts>();

/** ASCII without anything that XML escapes. */
const PLAIN = /^[\w+=,.@:/-]*$/;

function textsOf({ partition, id }: Account, role: Role): RoleTexts {
  const known = texts.get(role);
  if (known !== undefined) return known;
  const idStart = `${role.roleId}:`;
  const arnStart = assumedRoleArn(partition, id, role.name, '');
  const made = { idStart, arnStart, plain: PLAIN.test(idStart + arnStart) };
  texts.set(role, made);
  return made;
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
