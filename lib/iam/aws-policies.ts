/** ARNs of the policies of AWS that this world has, for lists of them. */

import type { PartitionName } from '../aws/partitions.ts';
import { awsManagedPolicyArn, ROOT_TASKS } from '../identity/aws-managed-policies.ts';

export function awsManagedPolicies(partition: PartitionName): readonly string[] {
  return NAMES.map((name) => awsManagedPolicyArn(partition, name));
}

const NAMES: readonly string[] = [
  'AdministratorAccess',
  'IAMFullAccess',
  'IAMReadOnlyAccess',
  'PowerUserAccess',
  'ReadOnlyAccess',
  'SecurityAudit',
  ...ROOT_TASKS.map((task) => `root-task/${task}`),
];
