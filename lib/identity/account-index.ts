/**
 * Ways into an account that its own maps do not offer: by unique id and by ARN, and what a principal's policies add up
 * to. Made when first asked for and kept for as long as that value of the account is: accounts never change in place.
 */

import { awsManagedPolicy } from './aws-managed-policies.ts';
import type { Authorities } from './policy/authorize.ts';
import type { PolicyText } from './policy/document.ts';
import type { Account, PolicyHolder, Role, User } from './state.ts';

/** What a user or role may before any session policy: a part of what a decision is made from. */
export type OwnAuthorities = Pick<Authorities, 'identity' | 'boundary' | 'scps'>;

export interface AccountIndex {
  user(userId: string): User | undefined;
  role(roleId: string): Role | undefined;
  roleByArn(arn: string): Role | undefined;
  /** The account's or AWS's own, at its default version. */
  managedPolicy(arn: string): PolicyText | undefined;
  authoritiesOf(holder: User | Role): OwnAuthorities;
  /** Of the root user, whom nothing but the organization limits. */
  readonly rootAuthorities: OwnAuthorities;
}

export function indexOf(account: Account): AccountIndex {
  const known = indexes.get(account);
  if (known !== undefined) return known;
  const made = createIndex(account);
  indexes.set(account, made);
  return made;
}

const indexes = new WeakMap<Account, AccountIndex>();

function createIndex(account: Account): AccountIndex {
  const users = new Map([...account.users.values()].map((user) => [user.userId, user]));
  const roles = [...account.roles.values()];
  const rolesById = new Map(roles.map((role) => [role.roleId, role]));
  const rolesByArn = new Map(roles.map((role) => [role.arn, role]));
  const authorities = new Map<User | Role, OwnAuthorities>();
  const { organization } = account;
  // Service control policies do not limit the account that manages the organization.
  const scps: Pick<OwnAuthorities, 'scps'> =
    organization === undefined || organization.managementAccount === account.id
      ? {}
      : { scps: organization.controlPolicies };

  const managedPolicy = (arn: string): PolicyText | undefined => {
    const own = account.policies.get(arn);
    if (own === undefined) return awsManagedPolicy(arn);
    const version = own.versions.get(own.defaultVersion);
    return version && { name: arn, policy: version.policy };
  };

  const policiesOf = ({ inlinePolicies, attachedPolicies }: PolicyHolder): PolicyText[] => [
    ...[...inlinePolicies].map(([name, policy]) => ({ name, policy })),
    ...attachedPolicies.map(managedPolicy).filter((policy) => policy !== undefined),
  ];

  const collect = (holder: User | Role): OwnAuthorities => {
    const groups = 'groups' in holder ? holder.groups : [];
    const boundary = holder.boundary === undefined ? undefined : managedPolicy(holder.boundary);
    return {
      identity: [holder, ...groups.map((name) => account.groups.get(name))].flatMap((each) =>
        each === undefined ? [] : policiesOf(each),
      ),
      ...(boundary === undefined ? {} : { boundary }),
      ...scps,
    };
  };

  return {
    user: (userId) => users.get(userId),
    role: (roleId) => rolesById.get(roleId),
    roleByArn: (arn) => rolesByArn.get(arn),
    managedPolicy,
    authoritiesOf: (holder) => {
      const known = authorities.get(holder);
      if (known !== undefined) return known;
      const made = collect(holder);
      authorities.set(holder, made);
      return made;
    },
    rootAuthorities: { identity: [allowEverything(account)], ...scps },
  };
}

function allowEverything({ partition }: Account): PolicyText {
  const administrator = awsManagedPolicy(`arn:${partition}:iam::aws:policy/AdministratorAccess`);
  if (administrator === undefined) throw new Error('AdministratorAccess is a policy of AWS');
  return administrator;
}
