import { describe, expect, test } from 'vitest';
import { accountOfAccessKeyId } from '../aws/access-key.ts';
import type { PartitionName } from '../aws/partitions.ts';
import { createIdentity } from './identity.ts';
import { defaultAccounts } from './world-accounts.ts';

const ALL: readonly PartitionName[] = [
  'aws',
  'aws-cn',
  'aws-us-gov',
  'aws-iso',
  'aws-iso-b',
  'aws-iso-e',
  'aws-iso-f',
  'aws-eusc',
];
const sealKeys = Object.fromEntries(ALL.map((name, index) => [name, String(index).repeat(64)]));

describe('the accounts of a world', () => {
  test('are the same for the same seed and differ for another', () => {
    expect(defaultAccounts(ALL, 7)).toEqual(defaultAccounts(ALL, 7));
    expect(defaultAccounts(ALL, 7)).not.toEqual(defaultAccounts(ALL, 8));
  });

  test('do not change when the world gains a partition', () => {
    expect(defaultAccounts(['aws-cn'], 7)[0]).toEqual(defaultAccounts(ALL, 7)[1]);
  });

  test('hold an administrator, a user and a role that the user may assume', () => {
    for (const account of defaultAccounts(ALL, 7)) {
      expect(account.users.map(({ name, administrator }) => [name, administrator])).toEqual([
        ['admin', true],
        ['app', false],
      ]);
      expect(account.roles[0]?.trust.Statement[0]?.Principal.AWS).toContain(account.users[1]?.arn);
    }
  });

  test('have ids of the real form that carry the account and a visible mark', () => {
    const accounts = defaultAccounts(ALL, 7);
    const keys = accounts.flatMap(({ id, users }) =>
      users.map(({ accessKeyId }) => [id, accessKeyId] as const),
    );
    expect(new Set(keys.map(([, key]) => key)).size).toBe(16);
    for (const [account, key] of keys) {
      expect(key).toMatch(/^AKIA[A-Z2-7]{13}RGF$/);
      expect(accountOfAccessKeyId(key)).toBe(account);
    }
    for (const { users, roles } of accounts) {
      expect(users[0]?.userId).toMatch(/^AIDAREGNFALL[A-Z2-7]{9}$/);
      expect(roles[0]?.roleId).toMatch(/^AROAREGNFALL[A-Z2-7]{9}$/);
      expect(users[0]?.secretAccessKey).toMatch(/^[A-Za-z0-9+/]{40}$/);
    }
  });
});

describe('an identity', () => {
  const accounts = defaultAccounts(ALL, 7);

  test('gives each partition a keyring of its own keys alone', () => {
    const identity = createIdentity({ accounts, sealKeys }, () => 0);
    for (const { partition, users } of accounts) {
      expect([...identity.keyringOf(partition).keys()]).toEqual(users.map(({ accessKeyId }) => accessKeyId));
    }
  });

  test('lets two partitions with one seal key know each other’s keys', () => {
    const leaky = { ...sealKeys, 'aws-cn': sealKeys['aws'] ?? '' };
    const identity = createIdentity({ accounts, sealKeys: leaky }, () => 0);
    expect(identity.keyringOf('aws-cn').size).toBe(4);
    expect(identity.keyringOf('aws').size).toBe(4);
    expect(identity.keyringOf('aws-us-gov').size).toBe(2);
  });

  test('finds users by id, and roles by id and ARN', () => {
    const identity = createIdentity({ accounts, sealKeys }, () => 0);
    const [first] = accounts;
    expect(identity.user(first?.users[1]?.userId ?? '')?.name).toBe('app');
    expect(identity.roleByArn(first?.roles[0]?.arn ?? '')).toBe(identity.role(first?.roles[0]?.roleId ?? ''));
    expect(identity.role('AROANOBODY')).toBeUndefined();
  });

  test('takes no key that AWS might have made', () => {
    const [account] = defaultAccounts(['aws'], 7);
    if (account === undefined) throw new Error('no account');
    const [user] = account.users;
    if (user === undefined) throw new Error('no user');
    const real = { ...account, users: [{ ...user, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' }] };
    expect(() => createIdentity({ accounts: [real], sealKeys }, () => 0)).toThrow(/AKIAIOSFODNN7EXAMPLE/);
  });

  test('does not name a seal key that it refuses', () => {
    expect(() => createIdentity({ accounts, sealKeys: { aws: 'not-a-key' } }, () => 0)).toThrow(
      'a seal key is 64 hexadecimal digits',
    );
  });
});
