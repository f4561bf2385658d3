import { describe, expect, test } from 'vitest';
import type { AccountConfig } from './accounts.ts';
import { createRegionSwitches } from './region-switches.ts';

const ACCOUNT = '111122223333';

function fixture(disabledRegions: readonly string[] = []) {
  let nowUs = 1_000_000;
  const accounts: AccountConfig[] = [
    { id: ACCOUNT, partition: 'aws', users: [], roles: [], disabledRegions },
    { id: '222233334444', partition: 'aws', users: [], roles: [], disabledRegions: [] },
    { id: '333344445555', partition: 'aws-cn', users: [], roles: [], disabledRegions: [] },
  ];
  return {
    switches: createRegionSwitches(accounts, () => nowUs),
    passMs: (ms: number) => {
      nowUs += ms * 1_000;
    },
  };
}

describe('the Region switch', () => {
  test('is on until an administrator turns it off, for that account and Region alone', () => {
    const { switches } = fixture();
    expect(switches.isActive(ACCOUNT, 'eu-west-1')).toBe(true);
    switches.set({ account: ACCOUNT, region: 'eu-west-1', active: false });
    expect(switches.isActive(ACCOUNT, 'eu-west-1')).toBe(false);
    expect(switches.isActive(ACCOUNT, 'eu-west-2')).toBe(true);
    expect(switches.isActive('222233334444', 'eu-west-1')).toBe(true);
    switches.set({ account: ACCOUNT, region: 'eu-west-1', active: true });
    expect(switches.isActive(ACCOUNT, 'eu-west-1')).toBe(true);
  });

  test('starts as the account says', () => {
    expect(fixture(['eu-west-1']).switches.disabledRegions(ACCOUNT)).toEqual(['eu-west-1']);
  });

  test.each([
    ['us-east-1', ACCOUNT, 'STS in us-east-1 is always active and cannot be switched'],
    ['cn-north-1', '333344445555', 'STS in cn-north-1 is always active and cannot be switched'],
    [
      'af-south-1',
      ACCOUNT,
      'af-south-1 is an opt-in Region: its STS comes and goes with the Region and has no switch',
    ],
    [
      'cn-northwest-1',
      ACCOUNT,
      `account ${ACCOUNT} is in partition aws, which has no Region 'cn-northwest-1'`,
    ],
    ['eu-west-9', ACCOUNT, `account ${ACCOUNT} is in partition aws, which has no Region 'eu-west-9'`],
    ['eu-west-1', '999999999999', 'no account 999999999999 in this world'],
  ])('does not exist in %s for %s', (region, account, message) => {
    const { switches } = fixture();
    const order = { account, region, active: false };
    expect(() => switches.set(order)).toThrow(message);
    expect(() => switches.hold({ ...order, id: 'fault', leaseMs: 1_000 })).toThrow(message);
    expect(switches.held()).toEqual([]);
  });
});

describe('a leased deactivation', () => {
  const order = { id: 'off', account: ACCOUNT, region: 'eu-west-1', active: false, leaseMs: 10_000 };

  test('ends by itself when nobody renews it', () => {
    const { switches, passMs } = fixture();
    switches.hold(order);
    passMs(9_999);
    expect(switches.isActive(ACCOUNT, 'eu-west-1')).toBe(false);
    expect(switches.held()).toEqual(['off']);
    passMs(1);
    expect(switches.isActive(ACCOUNT, 'eu-west-1')).toBe(true);
    expect(switches.held()).toEqual([]);
    expect(switches.renew('off', 10_000)).toBe(false);
  });

  test('lasts while it is renewed and ends when it is released', () => {
    const { switches, passMs } = fixture();
    switches.hold(order);
    for (let beat = 0; beat < 5; beat += 1) {
      passMs(8_000);
      expect(switches.renew('off', 10_000)).toBe(true);
    }
    expect(switches.disabledRegions(ACCOUNT)).toEqual(['eu-west-1']);
    expect(switches.release('off')).toBe(true);
    expect(switches.disabledRegions(ACCOUNT)).toEqual([]);
    expect(switches.release('off')).toBe(false);
  });

  test('gives back what the administrator had set', () => {
    const { switches, passMs } = fixture(['eu-west-1']);
    switches.hold({ ...order, active: true });
    expect(switches.isActive(ACCOUNT, 'eu-west-1')).toBe(true);
    passMs(10_000);
    expect(switches.isActive(ACCOUNT, 'eu-west-1')).toBe(false);
  });

  test('yields to an administrator', () => {
    const { switches } = fixture();
    switches.hold(order);
    switches.set({ account: ACCOUNT, region: 'eu-west-1', active: true });
    expect(switches.isActive(ACCOUNT, 'eu-west-1')).toBe(true);
    expect(switches.renew('off', 10_000)).toBe(false);
  });
});
