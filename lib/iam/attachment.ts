/** What managed policies are attached to, counted and found. */

import { parseArn } from '../aws/arn.ts';
import { awsManagedPolicy } from '../identity/aws-managed-policies.ts';
import type { Account, Group, ManagedPolicy, PolicyHolder, Role, User } from '../identity/state.ts';
import { validationError } from './errors.ts';

export interface Holders {
  readonly users: readonly User[];
  readonly groups: readonly Group[];
  readonly roles: readonly Role[];
}

/** Those that hold the policy. */
export function attachedTo(account: Account, arn: string): Holders {
  return select(account, ({ attachedPolicies }) => attachedPolicies.includes(arn));
}

/** Those that it bounds. */
export function boundedBy(account: Account, arn: string): Holders {
  return select(account, ({ boundary }) => boundary === arn);
}

export function countOf({ users, groups, roles }: Holders): number {
  return users.length + groups.length + roles.length;
}

/** A customer's policy or one of AWS, the latter without versions of its own here: `v1` and no more. */
export type KnownPolicy =
  | { readonly kind: 'own'; readonly policy: ManagedPolicy }
  | {
      readonly kind: 'aws';
      readonly arn: string;
      readonly text: NonNullable<ReturnType<typeof awsManagedPolicy>>;
    };

export function policyOf(account: Account, arn: string): KnownPolicy | undefined {
  const policy = account.policies.get(arn);
  if (policy !== undefined) return { kind: 'own', policy };
  const text = isOfPartition(account, arn) ? awsManagedPolicy(arn) : undefined;
  return text && { kind: 'aws', arn, text };
}

/** RECORDED in 2026; a year before it was `Invalid ARN:  Could not be parsed!`. @throws {Refusal} ValidationError. */
export function refuseMalformedArn(arn: string): void {
  if (parseArn(arn) === undefined) throw validationError(`ARN ${arn} is not valid.`);
}

function isOfPartition({ partition }: Account, arn: string): boolean {
  return arn.startsWith(`arn:${partition}:`);
}

function select({ users, groups, roles }: Account, holds: (holder: PolicyHolder) => boolean): Holders {
  return {
    users: [...users.values()].filter(holds),
    groups: [...groups.values()].filter(holds),
    roles: [...roles.values()].filter(holds),
  };
}
