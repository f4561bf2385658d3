/**
 * What one Region knows of accounts: its replica, opened with the key of its partition. An account or a long-term key
 * that this key does not open does not exist here; that, and no comparison of names, keeps partitions apart.
 */

import { accountOfAccessKeyId } from '../aws/access-key.ts';
import { parseArn } from '../aws/arn.ts';
import { indexOf } from './account-index.ts';
import type { Replica } from './control-plane.ts';
import { knowsAccount, type LongTermKey, openAccessKey } from './keyring.ts';
import type { AccessKey, Account, Role, WorldState } from './state.ts';

export interface RegionView {
  readonly region: string;
  readonly delayMs: number;
  /** Of this Region's partition alone. */
  account(id: string): Account | undefined;
  /** Active or not: whoever asks reads `status`. */
  key(accessKeyId: string): KnownKey | undefined;
  roleByArn(arn: string): { readonly account: Account; readonly role: Role } | undefined;
}

export interface KnownKey extends LongTermKey {
  readonly account: Account;
  readonly status: AccessKey['status'];
}

/** @param partitionKey Seals long-term keys of the Region's partition; 32 bytes. */
export function createRegionView(replica: Replica, partitionKey: Uint8Array): RegionView {
  /** Opening costs a decryption; a record never changes in place. */
  const opened = new WeakMap<AccessKey, LongTermKey | 'foreign'>();
  const open = (record: AccessKey): LongTermKey | 'foreign' => {
    const known = opened.get(record);
    if (known !== undefined) return known;
    const key = openAccessKey(record, partitionKey) ?? 'foreign';
    opened.set(record, key);
    return key;
  };
  /** The proof is the same object however often the account changes. */
  const known = new WeakMap<Uint8Array, boolean>();
  const account = (id: string): Account | undefined => {
    const found = replica.state().accounts.get(id);
    if (found === undefined) return undefined;
    let ours = known.get(found.sealed);
    if (ours === undefined) {
      ours = knowsAccount(id, found.sealed, partitionKey);
      known.set(found.sealed, ours);
    }
    return ours ? found : undefined;
  };
  /** Of the accounts as they are now; only keys that exist get in. */
  const keys = new Map<string, KnownKey>();
  let keysOf: WorldState | undefined;
  return {
    region: replica.region,
    delayMs: replica.delayMs,
    account,
    key: (accessKeyId) => {
      const state = replica.state();
      if (state !== keysOf) {
        keysOf = state;
        keys.clear();
      }
      const kept = keys.get(accessKeyId);
      if (kept !== undefined) return kept;
      const owner = account(accountOfAccessKeyId(accessKeyId) ?? '');
      const record = owner?.accessKeys.get(accessKeyId);
      if (owner === undefined || record === undefined) return undefined;
      const key = open(record);
      if (key === 'foreign') return undefined;
      const made: KnownKey = { ...key, account: owner, status: record.status };
      keys.set(accessKeyId, made);
      return made;
    },
    roleByArn: (arn) => {
      const owner = account(parseArn(arn)?.accountId ?? '');
      const role = owner && indexOf(owner).roleByArn(arn);
      return owner && role && { account: owner, role };
    },
  };
}
