import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type EraName, era as eraNamed } from '../aws/eras.ts';
import { createControlPlane } from './control-plane.ts';
import { createHeldSettings } from './held-settings.ts';
import { type AccessKey, type Account, type Role, withEntry } from './state.ts';
import { defaultAccounts } from './world-accounts.ts';
import { buildWorldState } from './world-state.ts';

const ACCOUNT = '111122223333';
const CHINA = '222233334444';

function fixture(era: EraName = '2026') {
  const initial = buildWorldState({
    accounts: defaultAccounts(['aws', 'aws-cn'], 7),
    sealKeyOf: () => Buffer.alloc(32, 1),
    createdMs: 0,
  });
  let nowMs = 0;
  const delayMs = { minimum: 1_000, maximum: 1_000 };
  const plane = createControlPlane({ initial, clock: () => nowMs * 1_000, delayMs, seed: 7 });
  const account = (): Account => found(plane.state().accounts.get(ACCOUNT));
  const start = account();
  return {
    initial: start,
    plane,
    account,
    held: createHeldSettings(plane, eraNamed(era)),
    passMs: (ms: number) => {
      nowMs += ms;
    },
    keyIds: (user = 'app') => {
      const { userId } = found(account().users.get(user));
      return [...account().accessKeys.values()]
        .filter(({ principalId }) => principalId === userId)
        .map(({ accessKeyId }) => accessKeyId)
        .sort();
    },
    addKey: (id: string) =>
      plane.change(ACCOUNT, (before) => {
        const { userId } = found(before.users.get('app'));
        const key: AccessKey = {
          ...found([...start.accessKeys.values()][0]),
          accessKeyId: id,
          principalId: userId,
        };
        return { ...before, accessKeys: withEntry(before.accessKeys, id, key) };
      }),
    makeRole: (roleId: string, name = 'app') =>
      plane.change(ACCOUNT, (before) => {
        const role: Role = { ...found(start.roles.get('app')), name, roleId };
        return { ...before, roles: withEntry(before.roles, name, role) };
      }),
    chooseVersion: (globalTokenVersion: 1 | 2) =>
      plane.change(ACCOUNT, (before) => ({
        ...before,
        settings: { ...before.settings, globalTokenVersion },
      })),
  };
}

function found<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('the test world lacks it');
  return value;
}

describe('deleted keys', () => {
  test('are those of one user, and come back as they were after the Region’s delay', () => {
    const { held, plane, account, initial, keyIds, passMs } = fixture();
    const replica = plane.replica('eu-west-1');
    const release = held.deleteKeys(ACCOUNT, 'app');
    expect([keyIds('app').length, keyIds('admin').length]).toEqual([0, 1]);
    const seen = () => replica.state().accounts.get(ACCOUNT)?.accessKeys.size;
    expect(seen()).toBe(2);
    passMs(1_000);
    expect(seen()).toBe(1);
    release();
    expect([account(), seen()]).toEqual([initial, 1]);
    passMs(1_000);
    expect(seen()).toBe(2);
  });

  test('come back beside those made meanwhile, and not to a namesake', () => {
    const { held, keyIds, addKey, plane } = fixture();
    const own = keyIds();
    const release = held.deleteKeys(ACCOUNT, 'app');
    addKey('AKIANEW');
    release();
    expect(keyIds()).toEqual([...own, 'AKIANEW'].sort());
    const again = held.deleteKeys(ACCOUNT, 'app');
    plane.change(ACCOUNT, (before) => {
      const user = { ...found(before.users.get('app')), userId: 'AIDAOTHER' };
      return { ...before, users: withEntry(before.users, 'app', user) };
    });
    again();
    expect(keyIds()).toEqual([]);
  });

  test('go although the control plane is down', () => {
    const { held, keyIds, plane } = fixture();
    plane.setUp('aws', false);
    const release = held.deleteKeys(ACCOUNT, 'app');
    expect(keyIds()).toEqual([]);
    release();
    expect(keyIds()).toHaveLength(1);
  });
});

describe('a deleted role', () => {
  test('comes back as the same role, with the same unique id', () => {
    const { held, account, initial } = fixture();
    const release = held.deleteRole(ACCOUNT, 'app');
    expect(account().roles.has('app')).toBe(false);
    release();
    release();
    expect(account().roles.get('app')).toBe(initial.roles.get('app'));
    expect(account()).toEqual(initial);
  });

  test.each(['app', 'APP'])('does not come back over a role %s that somebody made', (name) => {
    const { held, account, makeRole } = fixture();
    const release = held.deleteRole(ACCOUNT, 'app');
    makeRole('AROANEW', name);
    release();
    expect([...account().roles.values()].map(({ roleId }) => roleId)).toEqual(['AROANEW']);
  });
});

describe('a held version of global tokens', () => {
  test('is the latest of several, and leaves what was before', () => {
    const { held, account, initial } = fixture();
    const version = () => account().settings.globalTokenVersion;
    const one = held.setTokenVersion(ACCOUNT, 2);
    const two = held.setTokenVersion(ACCOUNT, 1);
    expect(version()).toBe(1);
    two();
    expect(version()).toBe(2);
    one();
    expect(account()).toEqual(initial);
  });

  test('yields to whoever chooses another', () => {
    const { held, account, chooseVersion } = fixture();
    const version = () => account().settings.globalTokenVersion;
    const release = held.setTokenVersion(ACCOUNT, 1);
    chooseVersion(2);
    const later = held.setTokenVersion(ACCOUNT, 1);
    release();
    expect(version()).toBe(1);
    later();
    expect(version()).toBe(2);
  });
});

test('what the account has not is refused by its name, and nothing changes', () => {
  const { held, account, initial } = fixture();
  expect(() => held.deleteKeys(ACCOUNT, 'nobody')).toThrow("no user 'nobody'");
  expect(() => held.deleteRole(ACCOUNT, 'none')).toThrow("no role 'none'");
  expect(() => held.setTokenVersion(CHINA, 1)).toThrow('has no global endpoint');
  expect(() => fixture('2015').held.setTokenVersion(ACCOUNT, 1)).toThrow('in the era 2015');
  expect(account()).toBe(initial);
});

/** What may happen while holds overlap: one of the last three is somebody else's doing. */
type Step =
  | { readonly do: 'hold'; readonly what: 'keys' | 'role' | 1 | 2 }
  | { readonly do: 'release'; readonly index: number }
  | { readonly do: 'add key' | 'make role' | 'choose' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('hold' as const),
    what: fc.constantFrom('keys' as const, 'role' as const, 1 as const, 2 as const),
  }),
  fc.record({ do: fc.constant('release' as const), index: fc.nat(9) }),
  fc.record({ do: fc.constantFrom('add key' as const, 'make role' as const, 'choose' as const) }),
);

/** What is to be seen of one thing: what others made of it, unless it is held. */
interface Seen<Value> {
  /** What comes back in the end. */
  own: Value;
  now: Value;
  readonly holds: Set<number>;
}

test('however holds overlap, what others made of the account is there in the end', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const { held, account, initial, ...others } = fixture();
      const roleId = () => account().roles.get('app')?.roleId;
      const version = () => account().settings.globalTokenVersion;
      const keys: Seen<readonly string[]> = { own: others.keyIds(), now: others.keyIds(), holds: new Set() };
      const role: Seen<string | undefined> = { own: roleId(), now: roleId(), holds: new Set() };
      let chosen: 1 | 2 | undefined;
      const versions = new Map<number, 1 | 2>();
      let written: number | undefined;
      const releases = new Map<number, () => void>();

      const release = (id: number): void => {
        releases.get(id)?.();
        for (const thing of [keys, role]) {
          if (thing.holds.delete(id) && thing.holds.size === 0) thing.now = thing.own;
        }
        versions.delete(id);
      };
      const check = (): void => {
        expect(others.keyIds()).toEqual(keys.now);
        expect(roleId()).toBe(role.now);
        expect(version()).toBe([...versions.values()].at(-1) ?? chosen);
      };
      for (const [index, one] of steps.entries()) {
        if (one.do === 'release') release([...releases.keys()][one.index] ?? -1);
        else if (one.do === 'add key') {
          others.addKey(`AKIA${index}`);
          keys.own = [...keys.own, `AKIA${index}`].sort();
          keys.now = [...keys.now, `AKIA${index}`].sort();
        } else if (one.do === 'make role' && roleId() === undefined) {
          others.makeRole(`AROA${index}`);
          role.own = `AROA${index}`;
          role.now = role.own;
        } else if (one.do === 'choose') {
          const other = written === 1 ? 2 : 1;
          // Who chooses what is held, or what is there already, cannot be told from the hold.
          if (other === version()) continue;
          others.chooseVersion(other);
          chosen = other;
          versions.clear();
        } else if (one.do === 'hold' && one.what === 'keys') {
          releases.set(index, held.deleteKeys(ACCOUNT, 'app'));
          keys.holds.add(index);
          keys.now = [];
        } else if (one.do === 'hold' && one.what === 'role') {
          releases.set(index, held.deleteRole(ACCOUNT, 'app'));
          role.holds.add(index);
          role.now = undefined;
        } else if (one.do === 'hold' && typeof one.what === 'number') {
          releases.set(index, held.setTokenVersion(ACCOUNT, one.what));
          versions.set(index, one.what);
          written = one.what;
        }
        check();
      }
      for (const id of releases.keys()) release(id);
      check();
      expect(account().roles.size).toBe(initial.roles.size);
    }),
    { numRuns: 300 },
  );
});
