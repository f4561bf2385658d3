/** Users, groups and roles alike, for the actions that treat them alike: how to find one and how to put one back. */

import {
  type Account,
  type Group,
  type PolicyHolder,
  type Role,
  type User,
  withEntry,
} from '../identity/state.ts';
import { arnIn, type IamCall, type Target } from './action.ts';
import { alreadyExists, noSuch } from './errors.ts';
import type { Field } from './fields.ts';
import { longName, roleName, userName } from './rules.ts';

export interface HolderKind<Holder extends PolicyHolder> {
  /** As it begins names of parameters and actions. */
  readonly noun: 'User' | 'Group' | 'Role';
  readonly name: Field<string>;
  all(account: Account): ReadonlyMap<string, Holder>;
  put(account: Account, holder: Holder): Account;
}

export const USERS: HolderKind<User> = {
  noun: 'User',
  name: userName,
  all: ({ users }) => users,
  put: (account, user) => ({ ...account, users: withEntry(account.users, user.name, user) }),
};

export const GROUPS: HolderKind<Group> = {
  noun: 'Group',
  name: longName,
  all: ({ groups }) => groups,
  put: (account, group) => ({ ...account, groups: withEntry(account.groups, group.name, group) }),
};

export const ROLES: HolderKind<Role> = {
  noun: 'Role',
  name: roleName,
  all: ({ roles }) => roles,
  put: (account, role) => ({ ...account, roles: withEntry(account.roles, role.name, role) }),
};

/** @throws {Refusal} NoSuchEntity. */
export function the<Holder extends PolicyHolder>(
  { noun, all }: HolderKind<Holder>,
  account: Account,
  name: string,
): Holder {
  const found = all(account).get(name);
  if (found === undefined) throw noSuch(noun.toLowerCase(), name);
  return found;
}

/** What permission is asked for on one that exists, and on one that does not. */
export function targetOf<Holder extends PolicyHolder>(
  kind: HolderKind<Holder>,
  { account }: IamCall,
  name: string,
): Target {
  return kind.all(account).get(name) ?? newTarget(kind, account, name);
}

export function newTarget<Holder extends PolicyHolder>(
  { noun }: HolderKind<Holder>,
  account: Account,
  name: string,
  path = '/',
): Target {
  return { arn: arnIn(account, `${noun.toLowerCase()}${path}${name}`) };
}

/** Names differ by more than their letters' case. @throws {Refusal} EntityAlreadyExists. */
export function refuseTaken<Holder extends PolicyHolder>(
  { noun, all }: HolderKind<Holder>,
  account: Account,
  name: string,
): void {
  const holders = all(account);
  const lower = name.toLowerCase();
  const taken = holders.has(name) || [...holders.keys()].some((known) => known.toLowerCase() === lower);
  if (taken) throw alreadyExists(`${noun} with name ${name} already exists.`);
}
