/** A small world for the tests of decisions: two accounts, a user, a role, and policies as objects. */

import type { PartitionName } from '../../aws/partitions.ts';
import { contextValues } from './context.ts';
import { type PolicyKind, type PolicyText, parsePolicy } from './document.ts';
import type { PolicyRequest } from './evaluate.ts';
import type { PrincipalFacts } from './principal.ts';

export const HERE = '111122223333';
export const THERE = '444455556666';

export const IDS: Readonly<Record<string, string>> = {
  [`arn:aws:iam::${HERE}:user/app`]: 'AIDAAPP00000000000001',
  [`arn:aws:iam::${HERE}:user/other`]: 'AIDAOTHER000000000001',
  [`arn:aws:iam::${HERE}:role/team/worker`]: 'AROAWORKER00000000001',
  [`arn:aws:iam::${THERE}:user/app`]: 'AIDAFOREIGN0000000001',
};

export const user: PrincipalFacts = {
  kind: 'user',
  partition: 'aws',
  account: HERE,
  arn: `arn:aws:iam::${HERE}:user/app`,
  uniqueId: 'AIDAAPP00000000000001',
  userId: 'AIDAAPP00000000000001',
};
export const session: PrincipalFacts = {
  kind: 'role-session',
  partition: 'aws',
  account: HERE,
  arn: `arn:aws:sts::${HERE}:assumed-role/worker/night`,
  roleArn: `arn:aws:iam::${HERE}:role/team/worker`,
  uniqueId: 'AROAWORKER00000000001',
  userId: 'AROAWORKER00000000001:night',
};
export const federated: PrincipalFacts = {
  kind: 'federated-user',
  partition: 'aws',
  account: HERE,
  arn: `arn:aws:sts::${HERE}:federated-user/visitor`,
  uniqueId: 'AIDAAPP00000000000001',
  userId: `${HERE}:visitor`,
};
export const root: PrincipalFacts = {
  kind: 'root',
  partition: 'aws',
  account: HERE,
  arn: `arn:aws:iam::${HERE}:root`,
  userId: HERE,
};

export const target = (account: string, partition: PartitionName = 'aws'): string =>
  `arn:${partition}:iam::${account}:role/target`;

/** @param statements Without Version: that is 2012-10-17. */
export function policy(
  kind: PolicyKind,
  statements: object | readonly object[],
  partition: PartitionName = 'aws',
): PolicyText {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  const parsed = parsePolicy(text, { kind, partition, uniqueIdOf: (arn) => IDS[arn] });
  if ('code' in parsed) throw new Error(`${parsed.message} in ${text}`);
  return { name: `${kind} policy`, policy: parsed };
}

export const trust = (Principal: unknown, more: object = {}): PolicyText =>
  policy('trust', { Effect: 'Allow', Action: 'sts:AssumeRole', Principal, ...more });

export const mayAssume = (Resource: string = '*'): PolicyText =>
  policy('identity', { Effect: 'Allow', Action: 'sts:AssumeRole', Resource });

/** A wish to assume the role `target` of an account. */
export function wish(
  principal: PrincipalFacts,
  resource: string = target(HERE),
  context: Readonly<Record<string, string>> = {},
): PolicyRequest {
  return { principal, action: 'sts:AssumeRole', resource, context: contextValues(Object.entries(context)) };
}
