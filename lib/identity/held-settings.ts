/**
 * Things of an account that faults take away or set for a while, unasked: a user's access keys, a role, the version of
 * global tokens. Each spreads as every change does, and what others did meanwhile stays when the last hold ends.
 */

import { GLOBAL_ENDPOINT } from '../aws/endpoints.ts';
import type { Era } from '../aws/eras.ts';
import { UsageError } from '../errors/regionfall-error.ts';
import type { ControlPlane, Release } from './control-plane.ts';
import { type AccessKey, type Account, type Role, withoutEntry } from './state.ts';

export interface HeldSettings {
  /**
   * All keys that the user has now; those made later stay. In the end they come back to the same user, but to no
   * namesake. @throws {UsageError} RF-SERVICE-FAULT where the account has no such user.
   */
  deleteKeys(account: string, user: string): Release;
  /**
   * In the end the very same role comes back, unless somebody has made one of its name.
   * @throws {UsageError} RF-SERVICE-FAULT where the account has no such role.
   */
  deleteRole(account: string, role: string): Release;
  /**
   * The latest of several holds is in force; whoever chooses another version meanwhile ends them all. Who chooses the
   * very version that is held cannot be told from the hold.
   * @throws {UsageError} RF-SERVICE-FAULT where the account cannot choose.
   */
  setTokenVersion(account: string, version: 1 | 2): Release;
}

type Plane = Pick<ControlPlane, 'state' | 'changeUnasked'>;
type TokenEra = Pick<Era, 'globalTokenVersion' | 'name'>;

export function createHeldSettings(plane: Plane, era: TokenEra): HeldSettings {
  const removals = new Map<string, Removal<unknown>>();
  const versions = new Map<string, TokenVersions>();

  const remove = <Value>(key: string, account: string, kind: Removable<Value>): Release => {
    const removal = (removals.get(key) ?? { holders: 0, taken: new Map() }) as Removal<Value>;
    const here = kind.find(theAccount(plane, account));
    if (here === undefined && removal.holders === 0) throw kind.missing(theAccount(plane, account));
    removals.set(key, removal);
    removal.holders += 1;
    // Whoever made something there since the first hold is the one whose thing comes back.
    for (const [name, value] of here ?? []) removal.taken.set(name, value);
    if (here !== undefined && here.size > 0) {
      plane.changeUnasked(account, (before) => kind.without(before, here));
    }
    return once(() => {
      removal.holders -= 1;
      if (removal.holders > 0) return;
      removals.delete(key);
      const back = [...removal.taken].filter(([name, value]) =>
        kind.fits(theAccount(plane, account), name, value),
      );
      if (back.length > 0) plane.changeUnasked(account, (before) => kind.with(before, new Map(back)));
    });
  };

  return {
    deleteKeys: (account, user) => remove(`keys ${account} ${user}`, account, keysOf(user)),
    deleteRole: (account, role) => remove(`role ${account} ${role}`, account, roleOf(role)),
    setTokenVersion: (id, version) => {
      const account = theAccount(plane, id);
      refuseChoice(account, era);
      const { globalTokenVersion: now } = account.settings;
      const held = versions.get(id) ?? { before: now, written: now, holds: new Set() };
      versions.set(id, held);
      const hold = { version };
      yieldToOthers(plane, id, held);
      held.holds.add(hold);
      choose(plane, id, held);
      return once(() => {
        yieldToOthers(plane, id, held);
        held.holds.delete(hold);
        choose(plane, id, held);
      });
    },
  };
}

/** What one or more holds have taken out, by name. */
interface Removal<Value> {
  holders: number;
  readonly taken: Map<string, Value>;
}

interface Removable<Value> {
  /** `undefined`: the account has nothing of the name. */
  find(account: Account): ReadonlyMap<string, Value> | undefined;
  missing(account: Account): UsageError;
  without(account: Account, taken: ReadonlyMap<string, Value>): Account;
  /** Whether there is room for it again. */
  fits(account: Account, name: string, value: Value): boolean;
  with(account: Account, taken: ReadonlyMap<string, Value>): Account;
}

function keysOf(userName: string): Removable<AccessKey> {
  return {
    find: ({ users, accessKeys }) => {
      const user = users.get(userName);
      return user && new Map([...accessKeys].filter(([, { principalId }]) => principalId === user.userId));
    },
    missing: ({ id, users }) => refusal(`account ${id} has no user '${userName}'`, listed(users)),
    without: (account, taken) => ({
      ...account,
      accessKeys: new Map([...account.accessKeys].filter(([name]) => !taken.has(name))),
    }),
    fits: ({ users, accessKeys }, name, { principalId }) =>
      !accessKeys.has(name) && [...users.values()].some(({ userId }) => userId === principalId),
    with: (account, taken) => ({ ...account, accessKeys: new Map([...account.accessKeys, ...taken]) }),
  };
}

function roleOf(roleName: string): Removable<Role> {
  return {
    find: ({ roles }) => {
      const role = roles.get(roleName);
      return role && new Map([[roleName, role]]);
    },
    missing: ({ id, roles }) => refusal(`account ${id} has no role '${roleName}'`, listed(roles)),
    without: (account) => ({ ...account, roles: withoutEntry(account.roles, roleName) }),
    // Names that differ in case alone are one name to IAM.
    fits: ({ roles }) => ![...roles.keys()].some((name) => name.toLowerCase() === roleName.toLowerCase()),
    with: (account, taken) => ({ ...account, roles: new Map([...account.roles, ...taken]) }),
  };
}

interface TokenVersions {
  /** What is there without any hold. */
  before: 1 | 2 | undefined;
  /** What was left there last. */
  written: 1 | 2 | undefined;
  /** In the order of their coming. */
  readonly holds: Set<{ readonly version: 1 | 2 }>;
}

function yieldToOthers(plane: Plane, account: string, held: TokenVersions): void {
  const now = theAccount(plane, account).settings.globalTokenVersion;
  if (now === held.written) return;
  held.before = now;
  held.written = now;
  held.holds.clear();
}

function choose(plane: Plane, account: string, held: TokenVersions): void {
  const version = [...held.holds].at(-1)?.version ?? held.before;
  if (version === held.written) return;
  held.written = version;
  plane.changeUnasked(account, (before) => {
    const { globalTokenVersion: _, ...settings } = before.settings;
    return {
      ...before,
      settings: version === undefined ? settings : { ...settings, globalTokenVersion: version },
    };
  });
}

function refuseChoice({ id, partition }: Account, { name, globalTokenVersion }: TokenEra): void {
  if (partition !== GLOBAL_ENDPOINT.partition) {
    throw refusal(
      `account ${id} is in partition ${partition}, which has no global endpoint`,
      `only accounts of ${GLOBAL_ENDPOINT.partition} get tokens there`,
    );
  }
  if (!globalTokenVersion.choosable) {
    throw refusal(
      `account ${id} could not choose the version of its tokens in the era ${name}`,
      `all got version ${globalTokenVersion.usual}`,
    );
  }
}

function theAccount(plane: Plane, id: string): Account {
  const found = plane.state().accounts.get(id);
  if (found === undefined) throw new Error(`no account ${id} in this world`);
  return found;
}

function listed(things: ReadonlyMap<string, unknown>): string {
  return things.size === 0 ? 'it has none' : `it has ${[...things.keys()].join(', ')}`;
}

function once(end: () => void): Release {
  let ended = false;
  return () => {
    if (!ended) end();
    ended = true;
  };
}

function refusal(message: string, hint: string): UsageError {
  return new UsageError(message, { code: 'RF-SERVICE-FAULT', hint });
}
