/**
 * The accounts of a world: one per partition, with an administrator, a user `app` and a role `app` that the user
 * may assume. The same seed gives the same accounts, keys included.
 */

import { makeAccessKeyId } from '../aws/access-key.ts';
import { roleArn, userArn } from '../aws/arn.ts';
import type { PartitionName } from '../aws/partitions.ts';
import { createRandom, type Random } from '../time/random.ts';
import { type AccountConfig, trusting, type UserConfig } from './accounts.ts';
import { awsManagedPolicyArn } from './aws-managed-policies.ts';
import { ACCESS_KEY_MARK, UNIQUE_ID_MARK } from './marks.ts';

export type { AccountConfig } from './accounts.ts';

/** Names of the users that every account has: an administrator, and one without iam:*. */
export const USERS = ['admin', 'app'] as const;

export function defaultAccounts(partitions: readonly PartitionName[], seed: number): AccountConfig[] {
  return partitions.map((partition) => {
    const id = ACCOUNT_IDS[partition];
    const random = createRandom(seed).fork(`account ${id}`);
    const user = (name: string, administrator: boolean): UserConfig => ({
      name,
      arn: userArn(partition, id, name),
      userId: uniqueId('AIDA', random),
      accessKeyId: makeAccessKeyId({ prefix: 'AKIA', account: id, random, mark: ACCESS_KEY_MARK }),
      secretAccessKey: secretAccessKey(random),
      ...(administrator ? { attachedPolicies: [awsManagedPolicyArn(partition, 'AdministratorAccess')] } : {}),
    });
    const role = roleArn(partition, id, 'app');
    return {
      id,
      partition,
      users: [user('admin', true), user('app', false)],
      roles: [
        {
          name: 'app',
          arn: role,
          roleId: uniqueId('AROA', random),
          // The role trusts itself too, so that a caller living on session credentials can renew them.
          trust: trusting(userArn(partition, id, 'app'), role),
          maxSessionDurationSeconds: 43_200,
        },
      ],
      disabledRegions: [],
    };
  });
}

/** Numbers nobody can take for an account of theirs at a glance: runs of four, in the manner of AWS's examples. */
const ACCOUNT_IDS: Readonly<Record<PartitionName, string>> = {
  aws: '111122223333',
  'aws-cn': '222233334444',
  'aws-us-gov': '333344445555',
  'aws-iso': '444455556666',
  'aws-iso-b': '555566667777',
  'aws-iso-e': '666677778888',
  'aws-iso-f': '777788889999',
  'aws-eusc': '888899990000',
};

/** 21 characters, as real ones: prefix, mark, nine of base32. */
function uniqueId(prefix: 'AIDA' | 'AROA', random: Random): string {
  return prefix + UNIQUE_ID_MARK + draw('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 9, random);
}

/** 40 characters, as real ones. From the world's seed, so worth nothing as a secret: it opens only the emulator. */
function secretAccessKey(random: Random): string {
  return draw('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', 40, random);
}

function draw(alphabet: string, length: number, random: Random): string {
  return Array.from({ length }, () => alphabet.charAt(random.below(alphabet.length))).join('');
}
