/**
 * AssumeRoot: a short session of a member account's root user for one privileged task, for principals of the account
 * that manages the organization or of one that IAM's central root access has been delegated to. Source: the STS API
 * reference; denials share STS's usual words, which is a GUESS.
 */

import { parseArn, rootArn } from '../../aws/arn.ts';
import { awsManagedPolicyArn, ROOT_TASKS } from '../../identity/aws-managed-policies.ts';
import { contextValues } from '../../identity/policy/context.ts';
import type { Account } from '../../identity/state.ts';
import { notAuthorized, type StsError, UNKNOWN_OPERATION, validationError } from '../errors.ts';
import {
  checkNumber,
  checkText,
  type NumberRule,
  readInteger,
  type TextRule,
  validationOf,
} from '../validation.ts';
import { type Action, type Call, isError, type Result } from './action.ts';
import { checkMinimumTokenSize, issue, minimumBytes, readMinimumTokenSize } from './issue.ts';
import { accountOf, refuseByPolicy, refuseKind, refuseRegion } from './may-call.ts';
import { POLICY_ARN } from './rules.ts';

export const assumeRoot: Action = {
  name: 'AssumeRoot',
  run: (call) => {
    if (call.global) return UNKNOWN_OPERATION;
    const order = readOrder(call);
    return 'code' in order ? order : assume(order, call);
  },
};

interface RootOrder {
  readonly accountId: string;
  readonly taskPolicyArn: string;
  readonly durationSeconds: number;
  readonly minimumTokenSize: number | undefined;
}

function readOrder(call: Call): RootOrder | StsError {
  const { parameters, caller } = call;
  const durationSeconds = readInteger(parameters.get('DurationSeconds'));
  if (typeof durationSeconds === 'object') return durationSeconds;
  const minimumTokenSize = readMinimumTokenSize(call);
  if (typeof minimumTokenSize === 'object') return minimumTokenSize;
  const target = parameters.get('TargetPrincipal');
  const taskPolicyArn = parameters.get('TaskPolicyArn.arn');
  const clauses: string[] = [];
  checkText(target, TARGET_PRINCIPAL, clauses);
  checkText(
    taskPolicyArn,
    TASK_POLICY_ARN,
    clauses,
    taskPolicyArn === undefined ? 'taskPolicyArn' : undefined,
  );
  checkNumber(durationSeconds, DURATION, clauses);
  checkMinimumTokenSize(minimumTokenSize, clauses);
  const invalid = validationOf(clauses);
  if (invalid !== undefined) return invalid;
  if (target === undefined || taskPolicyArn === undefined) throw new Error('required members were checked');
  const accountId = accountIn(target);
  if (accountId === undefined) return validationError(`${target} is invalid`);
  const { partition } = caller.principal;
  const isTask = ROOT_TASKS.some(
    (name) => taskPolicyArn === awsManagedPolicyArn(partition, `root-task/${name}`),
  );
  if (!isTask) return validationError(`${taskPolicyArn} is invalid`);
  return { accountId, taskPolicyArn, durationSeconds: durationSeconds ?? DURATION.maximum, minimumTokenSize };
}

function assume(
  { accountId, taskPolicyArn, durationSeconds, minimumTokenSize }: RootOrder,
  call: Call,
): Result {
  const { caller, view } = call;
  const { partition, kind } = caller.principal;
  const own = accountOf(call);
  const arn = rootArn(partition, accountId);
  const denied = notAuthorized(caller.principal.arn, 'AssumeRoot', arn);
  const member = view.account(accountId);
  const early =
    refuseKind(call, 'AssumeRoot', arn) ??
    (member?.partition === partition ? refuseRegion(call, member) : undefined);
  if (early !== undefined) return early;
  if (kind === 'root' || member === undefined || !mayOpen(own, member, call)) return denied;
  const refused = refuseByPolicy(call, 'AssumeRoot', arn, {
    // The permission is the caller's own account's to give: a root user has no policy that could.
    resourceAccount: own.id,
    extra: () =>
      contextValues([
        ['sts:TaskPolicyArn', taskPolicyArn],
        ['aws:ResourceAccount', accountId],
      ]),
  });
  if (refused !== undefined) return refused;
  const { sourceIdentity } = caller.session ?? {};
  const issued = issue(call, member, {
    kind: 'root-task',
    principalId: member.id,
    sessionName: '',
    // GUESS: 0, which the model allows and nobody explains, is taken at its word and expires at once.
    durationSeconds,
    ...minimumBytes(minimumTokenSize),
    taskPolicyArn,
    ...(sourceIdentity === undefined ? undefined : { sourceIdentity }),
  });
  if (isError(issued)) return issued;
  return [issued.credentials, ['SourceIdentity', sourceIdentity], ...issued.sizes];
}

/** Whether central root access lets the one account into the other. */
function mayOpen(own: Account, member: Account, { view }: Call): boolean {
  const { organization, partition } = member;
  if (organization === undefined || partition !== own.partition) return false;
  const { managementAccount, delegatedAdministrators } = organization;
  const enabled = (view.account(managementAccount) ?? member).settings.rootSessionsEnabled;
  if (!enabled || member.id === managementAccount) return false;
  return own.id === managementAccount || delegatedAdministrators.includes(own.id);
}

/** An account's id, or the ARN of its root user. */
function accountIn(target: string): string | undefined {
  if (ACCOUNT_ID.test(target)) return target;
  const arn = parseArn(target);
  return arn?.resource === 'root' && ACCOUNT_ID.test(arn.accountId) ? arn.accountId : undefined;
}

const ACCOUNT_ID = /^\d{12}$/;
const DURATION: NumberRule = { member: 'durationSeconds', minimum: 0, maximum: 900 };
const TARGET_PRINCIPAL: TextRule = { member: 'targetPrincipal', required: true, minimum: 12, maximum: 2_048 };
const TASK_POLICY_ARN: TextRule = { ...POLICY_ARN, member: 'taskPolicyArn.arn', required: true };
