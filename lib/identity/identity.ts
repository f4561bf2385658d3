/**
 * The control plane's data as the Regions see it: users, roles, long-term keys and Region switches of every
 * account. One object serves all Regions of a process; what separates partitions is the key of each.
 */

import { Secret } from '../aws/credentials.ts';
import type { PartitionName } from '../aws/partitions.ts';
import type { Clock } from '../time/monotonic.ts';
import type { AccountConfig, RoleConfig, UserConfig } from './accounts.ts';
import { type Keyring, openKeyring, sealAccessKey } from './keyring.ts';
import { refuseUnmarkedKey } from './marks.ts';
import { type PartitionKeys, partitionKeys } from './partition-keys.ts';
import { createRegionSwitches, type RegionSwitches } from './region-switches.ts';

export interface IdentityConfig {
  readonly accounts: readonly AccountConfig[];
  /** 64 hexadecimal digits for every partition that has an account or a Region here. */
  readonly sealKeys: Readonly<Partial<Record<PartitionName, string>>>;
}

export interface KnownUser extends UserConfig {
  readonly account: string;
  readonly partition: PartitionName;
}

export interface KnownRole extends RoleConfig {
  readonly account: string;
  readonly partition: PartitionName;
}

export interface Identity {
  readonly accounts: readonly AccountConfig[];
  readonly switches: RegionSwitches;
  /** Keys derived from the partition's seal key. @throws when the partition has none. */
  keysOf(partition: PartitionName): PartitionKeys;
  /** The long-term access keys that Regions of this partition know. */
  keyringOf(partition: PartitionName): Keyring;
  user(userId: string): KnownUser | undefined;
  role(roleId: string): KnownRole | undefined;
  roleByArn(arn: string): KnownRole | undefined;
}

/**
 * @param clock Monotonic; leases of Region switches run on it.
 * @throws {UsageError} for a key that might be real and for a Region that has no switch.
 */
export function createIdentity({ accounts, sealKeys }: IdentityConfig, clock: Clock): Identity {
  const keys = new Map(
    Object.entries(sealKeys).map(([partition, sealKey]) => [partition, partitionKeys(sealKey)]),
  );
  const keysOf = (partition: PartitionName): PartitionKeys => {
    const found = keys.get(partition);
    if (found === undefined) throw new Error(`partition ${partition} has no seal key`);
    return found;
  };
  const users = accounts.flatMap(({ id, partition, users: own }) =>
    own.map((user): KnownUser => ({ ...user, account: id, partition })),
  );
  for (const { accessKeyId } of users) refuseUnmarkedKey(accessKeyId);
  const roles = accounts.flatMap(({ id, partition, roles: own }) =>
    own.map((role): KnownRole => ({ ...role, account: id, partition })),
  );
  const sealedKeys = users.map(({ accessKeyId, secretAccessKey, userId, partition }) =>
    sealAccessKey(
      { accessKeyId, secretAccessKey: new Secret(secretAccessKey), userId },
      keysOf(partition).accessKeys,
    ),
  );
  const keyrings = new Map(
    [...keys].map(([partition, { accessKeys }]) => [partition, openKeyring(sealedKeys, accessKeys)]),
  );
  const usersById = new Map(users.map((user) => [user.userId, user]));
  const rolesById = new Map(roles.map((role) => [role.roleId, role]));
  const rolesByArn = new Map(roles.map((role) => [role.arn, role]));
  const nothing: Keyring = new Map();
  return {
    accounts,
    switches: createRegionSwitches(accounts, clock),
    keysOf,
    keyringOf: (partition) => keyrings.get(partition) ?? nothing,
    user: (userId) => usersById.get(userId),
    role: (roleId) => rolesById.get(roleId),
    roleByArn: (arn) => rolesByArn.get(arn),
  };
}
