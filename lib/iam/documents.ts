/** Policy documents on their way in and out: compiled as IAM would take them, written percent-encoded as IAM does. */

import { parseArn } from '../aws/arn.ts';
import type { PartitionName } from '../aws/partitions.ts';
import { uriEncode } from '../aws/query-protocol.ts';
import { type ParseContext, type Policy, parsePolicy } from '../identity/policy/document.ts';
import type { Account, Role, WorldState } from '../identity/state.ts';
import type { IamCall } from './action.ts';
import { malformedPolicy, quotaExceeded } from './errors.ts';
import { QUOTAS } from './quotas.ts';

/** @throws {Refusal} MalformedPolicyDocument. */
export function inlinePolicy(text: string, { account }: IamCall): Policy {
  return compile(text, { kind: 'identity', partition: account.partition });
}

/** @throws {Refusal} MalformedPolicyDocument, LimitExceeded. */
export function managedPolicy(text: string, { account }: IamCall): Policy {
  const policy = compile(text, { kind: 'identity', partition: account.partition, managed: true });
  if (sizeOf(text) > QUOTAS.managedPolicy) throw quotaExceeded('PolicySize', QUOTAS.managedPolicy);
  return policy;
}

/** Users and roles that it names are saved as unique ids. @throws {Refusal} MalformedPolicyDocument, LimitExceeded. */
export function trustPolicy(text: string, { account, state }: IamCall): Policy {
  const { partition } = account;
  const policy = compile(text, {
    kind: 'trust',
    partition,
    uniqueIdOf: (arn) => uniqueIdOf(arn, partition, state),
  });
  // COMMON for the name of the quota.
  if (sizeOf(text) > QUOTAS.trustPolicy) throw quotaExceeded('ACLSizePerRole', QUOTAS.trustPolicy);
  return policy;
}

/** Characters without white space, which IAM does not count. */
export function sizeOf(text: string): number {
  let size = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit === 0x20 || (unit >= 0x09 && unit <= 0x0d)) size -= 1;
  }
  return size;
}

export function encoded({ text }: Policy): string {
  return uriEncode(text);
}

/** As it was given, but for principals that are gone: those show as the unique ids that they were saved as. */
export function encodedTrust({ trust }: Role, { account, state }: IamCall): string {
  let { text } = trust;
  for (const [arn, id] of trust.savedAs) {
    if (uniqueIdOf(arn, account.partition, state) !== id)
      text = text.replaceAll(JSON.stringify(arn), JSON.stringify(id));
  }
  return uriEncode(text);
}

/** Of the user or role behind an ARN, in whatever account of the partition. */
function uniqueIdOf(arn: string, partition: PartitionName, { accounts }: WorldState): string | undefined {
  const parsed = parseArn(arn);
  const account: Account | undefined = parsed && accounts.get(parsed.accountId);
  if (parsed === undefined || account?.partition !== partition) return undefined;
  const name = parsed.resource.slice(parsed.resource.lastIndexOf('/') + 1);
  const user = account.users.get(name);
  if (user?.arn === arn) return user.userId;
  const role = account.roles.get(name);
  return role?.arn === arn ? role.roleId : undefined;
}

function compile(text: string, context: ParseContext): Policy {
  const policy = parsePolicy(text, context);
  if ('code' in policy) throw malformedPolicy(policy.message);
  return policy;
}
