/** What an emulated account holds, as plain data: it crosses process borders and is written by hand in tests. */

import type { PartitionName } from '../aws/partitions.ts';
import type { TrustPolicy } from './trust.ts';

export interface AccountConfig {
  /** Twelve digits. */
  readonly id: string;
  readonly partition: PartitionName;
  readonly users: readonly UserConfig[];
  readonly roles: readonly RoleConfig[];
  /** Regions whose STS an administrator has switched off for this account. */
  readonly disabledRegions: readonly string[];
}

export interface UserConfig {
  readonly name: string;
  readonly arn: string;
  /** `AIDA` and 17 characters. */
  readonly userId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Holds iam:*, which is what switching a Region's STS takes. */
  readonly administrator: boolean;
  /** Role ARNs on which its identity policies allow sts:AssumeRole; absent: none. */
  readonly assumes?: readonly string[];
}

export interface RoleConfig {
  readonly name: string;
  /** With the role's path, which assumed-role ARNs drop. */
  readonly arn: string;
  /** `AROA` and 17 characters; sessions are bound to it, so a role made anew under the old name revives none. */
  readonly roleId: string;
  readonly trust: TrustPolicy;
  /** 3600 to 43200. */
  readonly maxSessionDurationSeconds: number;
  /** Role ARNs on which its permission policies allow sts:AssumeRole; absent: none. */
  readonly assumes?: readonly string[];
}
