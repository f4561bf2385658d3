/** Policy and PolicyArns of a request: what its session will be limited to. */

import { indexOf } from '../../identity/account-index.ts';
import type { Account } from '../../identity/state.ts';
import {
  malformedPolicyDocument,
  policyNotAttachable,
  SESSION_POLICY_TOO_LONG,
  type StsError,
} from '../errors.ts';
import type { Session } from '../session.ts';
import { compileSessionPolicy } from '../session-policies.ts';
import { checkList, checkText, type TextRule } from '../validation.ts';
import type { Call } from './action.ts';
import type { Lists } from './parameter-lists.ts';
import { POLICY_ARN, POLICY_ARNS } from './rules.ts';

export type RequestedLimits = Pick<Session, 'policy' | 'policyArns'>;

export const NO_LIMITS: RequestedLimits = {};

/** Only for what it returns when `clauses` stays empty. */
export function readLimits(
  { parameters }: Pick<Call, 'parameters'>,
  lists: Lists,
  rule: TextRule,
  clauses: string[],
): RequestedLimits {
  const policy = parameters.get('Policy');
  const entries = lists.get('PolicyArns');
  if (policy === undefined && entries === undefined) return NO_LIMITS;
  checkText(policy, rule, clauses);
  const arns = entries?.map((entry) => entry.get('arn'));
  checkList(arns?.length, POLICY_ARNS, () => (arns ?? []).map(printArn).join(', '), clauses);
  arns?.forEach((arn, index) => {
    checkText(arn, POLICY_ARN, clauses, `policyArns.${index + 1}.member.arn`);
  });
  const given = arns?.filter((arn) => arn !== undefined) ?? [];
  return {
    ...(policy === undefined ? {} : { policy }),
    ...(given.length === 0 ? {} : { policyArns: given }),
  };
}

/** @param account Whose session it will be: managed policies are its own or AWS's. */
export function refuseLimits(
  { policy, policyArns }: RequestedLimits,
  account: Account,
): StsError | undefined {
  if (policy === undefined && policyArns === undefined) return undefined;
  // DOCS: inline and managed policies share the room; that ARNs count with their own length is a GUESS.
  const length = (policyArns ?? []).reduce((sum, arn) => sum + arn.length, policy?.length ?? 0);
  if (length > MAXIMUM_LENGTH) return SESSION_POLICY_TOO_LONG;
  if (policy !== undefined) {
    const compiled = compileSessionPolicy(policy, account.partition);
    if ('code' in compiled) return malformedPolicyDocument(compiled.message);
  }
  const index = indexOf(account);
  const unknown = policyArns?.find((arn) => !isOf(account, arn) || index.managedPolicy(arn) === undefined);
  return unknown === undefined ? undefined : policyNotAttachable(unknown);
}

/** Characters. */
const MAXIMUM_LENGTH = 2_048;

function isOf({ partition, id }: Account, arn: string): boolean {
  return (
    arn.startsWith(`arn:${partition}:iam::aws:policy/`) || arn.startsWith(`arn:${partition}:iam::${id}:`)
  );
}

/** GUESS, as with tags. */
function printArn(arn: string | undefined): string {
  return `PolicyDescriptorType(arn=${arn ?? null})`;
}
