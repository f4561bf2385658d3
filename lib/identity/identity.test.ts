import { describe, expect, test } from 'vitest';
import { accountOfAccessKeyId } from '../aws/access-key.ts';
import { DEFAULT_ERA, era as eraNamed } from '../aws/eras.ts';
import type { PartitionName } from '../aws/partitions.ts';
import { indexOf } from './account-index.ts';
import { createIdentity, type Identity, type IdentityConfig } from './identity.ts';
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
      expect(account.users.map(({ name, attachedPolicies }) => [name, attachedPolicies])).toEqual([
        ['admin', [`arn:${account.partition}:iam::aws:policy/AdministratorAccess`]],
        ['app', undefined],
      ]);
      expect(JSON.stringify(account.roles[0]?.trust)).toContain(account.users[1]?.arn);
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
  const era = eraNamed(DEFAULT_ERA);
  const open = (change: Partial<IdentityConfig> = {}) =>
    createIdentity(
      { era, accounts, sealKeys, replicaDelayMs: { minimum: 0, maximum: 0 }, ...change },
      () => 0,
    );
  const knownIn = (identity: Identity, region: string, partition: PartitionName) => {
    const view = identity.view(region, partition);
    const keys = accounts.flatMap(({ users }) => users.map(({ accessKeyId }) => accessKeyId));
    return keys.filter((key) => view.key(key) !== undefined);
  };

  test('lets a Region know the keys of its own partition alone', () => {
    for (const { partition, users } of accounts) {
      expect(knownIn(open(), 'anywhere', partition)).toEqual(users.map(({ accessKeyId }) => accessKeyId));
    }
  });

  test('lets two partitions with one seal key know each other’s keys', () => {
    const leaky = open({ sealKeys: { ...sealKeys, 'aws-cn': sealKeys['aws'] ?? '' } });
    expect(knownIn(leaky, 'cn-north-1', 'aws-cn')).toHaveLength(4);
    expect(knownIn(leaky, 'us-east-1', 'aws')).toHaveLength(4);
    expect(knownIn(leaky, 'us-gov-west-1', 'aws-us-gov')).toHaveLength(2);
  });

  test('finds roles by ARN, and users and roles by unique id', () => {
    const view = open().view('us-east-1', 'aws');
    const [first] = accounts;
    const found = view.roleByArn(first?.roles[0]?.arn ?? '');
    expect(found?.role.roleId).toBe(first?.roles[0]?.roleId);
    if (found === undefined) throw new Error('no role');
    expect(indexOf(found.account).user(first?.users[1]?.userId ?? '')?.name).toBe('app');
    expect(indexOf(found.account).role(found.role.roleId)).toBe(found.role);
    expect(view.roleByArn('nothing of the kind')).toBeUndefined();
  });

  test('takes no key that AWS might have made', () => {
    const [account] = defaultAccounts(['aws'], 7);
    const [user] = account?.users ?? [];
    if (account === undefined || user === undefined) throw new Error('no account');
    const real = { ...account, users: [{ ...user, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' }] };
    expect(() => open({ accounts: [real] })).toThrow(/AKIAIOSFODNN7EXAMPLE/);
  });

  test('does not name a seal key that it refuses', () => {
    expect(() => open({ sealKeys: { aws: 'not-a-key' } })).toThrow('a seal key is 64 hexadecimal digits');
  });

  test('refuses a policy in the words of IAM, and says where it stands', () => {
    const [account] = defaultAccounts(['aws'], 7);
    const [role] = account?.roles ?? [];
    if (account === undefined || role === undefined) throw new Error('no account');
    const wrong = { ...account, roles: [{ ...role, trust: { Version: '2012-10-17', Statement: [{}] } }] };
    expect(() => open({ accounts: [wrong] })).toThrow(
      /^the trust policy of role app of account 111122223333: /,
    );
  });

  test('spreads the switch of a Region to each Region after its delay', () => {
    let nowUs = 0;
    const delays = { minimum: 1_000, maximum: 5_000 };
    const identity = createIdentity({ era, accounts, sealKeys, replicaDelayMs: delays }, () => nowUs);
    const view = identity.view('eu-west-1', 'aws');
    const active = () => {
      const account = view.account('111122223333');
      return account && identity.switches.isActive(account, 'eu-west-1', 0);
    };
    identity.switchRegion({ account: '111122223333', region: 'eu-west-1', active: false });
    nowUs = view.delayMs * 1_000 - 1;
    expect(active()).toBe(true);
    nowUs += 1;
    expect(active()).toBe(false);
  });
});
