/** For tests: accounts of partition aws that belong to an organization, or have other users than every world. */

import { makeAccessKeyId } from '../aws/access-key.ts';
import type { AccountConfig, OrganizationConfig, PolicyJson, UserConfig } from '../identity/accounts.ts';
import { ACCESS_KEY_MARK } from '../identity/marks.ts';
import { defaultAccounts } from '../identity/world-accounts.ts';
import { createRandom } from '../time/random.ts';

export const HOME = '111122223333';
export const MEMBER = '999988887777';

/** The account of partition aws, with `admin` and `app`. */
export function homeAccount(change: Partial<AccountConfig> = {}): AccountConfig {
  const [account] = defaultAccounts(['aws'], 7);
  if (account === undefined) throw new Error('partition aws has an account');
  return { ...account, ...change };
}

/** The same account as the one that manages an organization. */
export function managingOrganization(change: Partial<OrganizationConfig> = {}): AccountConfig {
  return homeAccount({ organization: organization(change) });
}

/** A member with users and keys of its own. */
export function memberAccount(controlPolicies: OrganizationConfig['controlPolicies'] = []): AccountConfig {
  const [account] = defaultAccounts(['aws-iso'], 9);
  if (account === undefined) throw new Error('partition aws-iso has an account');
  return {
    ...account,
    id: MEMBER,
    partition: 'aws',
    users: [administrator()],
    roles: [],
    organization: organization({ controlPolicies }),
  };
}

/** Keys carry their account, so that those of another one would not do. */
function administrator(): UserConfig {
  return {
    name: 'admin',
    arn: `arn:aws:iam::${MEMBER}:user/admin`,
    userId: 'AIDAREGNFALLMEMBERADM',
    accessKeyId: makeAccessKeyId({
      prefix: 'AKIA',
      account: MEMBER,
      random: createRandom('member'),
      mark: ACCESS_KEY_MARK,
    }),
    secretAccessKey: 's'.repeat(40),
    attachedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'],
  };
}

export function organization(change: Partial<OrganizationConfig> = {}): OrganizationConfig {
  return {
    id: 'o-abcdefghij',
    managementAccount: HOME,
    path: 'o-abcdefghij/r-abcd/',
    controlPolicies: [],
    ...change,
  };
}

/** The account's user `app`, changed. */
export function withApp(account: AccountConfig, change: Partial<UserConfig>): AccountConfig {
  return {
    ...account,
    users: account.users.map((user) => (user.name === 'app' ? { ...user, ...change } : user)),
  };
}

export function statement(
  effect: 'Allow' | 'Deny',
  action: string | readonly string[],
  resource = '*',
): PolicyJson {
  return { Version: '2012-10-17', Statement: [{ Effect: effect, Action: action, Resource: resource }] };
}
