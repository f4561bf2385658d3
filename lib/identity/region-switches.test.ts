import { describe, expect, test } from 'vitest';
import { type EraName, era as eraNamed } from '../aws/eras.ts';
import type { AccountConfig } from './accounts.ts';
import { createRegionSwitches, type RegionSwitches } from './region-switches.ts';
import type { Account } from './state.ts';
import { buildWorldState } from './world-state.ts';

const ACCOUNT = '111122223333';
const NOW_MS = 5_000_000;

function fixture(config: Partial<AccountConfig> = {}, era: EraName = '2026') {
  const base = { id: ACCOUNT, partition: 'aws', users: [], roles: [], disabledRegions: [] } as const;
  const { accounts } = buildWorldState({
    accounts: [{ ...base, ...config }],
    sealKeyOf: () => Buffer.alloc(32),
    createdMs: 0,
  });
  const account = [...accounts.values()][0];
  if (account === undefined) throw new Error('no account');
  const switches = createRegionSwitches(eraNamed(era));
  return {
    account,
    switches,
    isActive: (region: string, of: Account = account) => switches.isActive(of, region, NOW_MS),
  };
}

describe('the Region switch', () => {
  test('is on until an administrator turns it off', () => {
    const { isActive } = fixture({ disabledRegions: ['eu-west-1'] });
    expect(isActive('eu-west-1')).toBe(false);
    expect(isActive('eu-west-2')).toBe(true);
  });

  test('was off in 2015 until an administrator turned it on, but for three Regions', () => {
    const { isActive } = fixture({ activatedRegions: ['eu-west-1'] }, '2015');
    expect(isActive('eu-west-1')).toBe(true);
    expect(isActive('eu-central-1')).toBe(false);
    expect(isActive('us-east-1')).toBe(true);
    expect(fixture({ partition: 'aws-us-gov' }, '2015').isActive('us-gov-west-1')).toBe(true);
    expect(fixture({ partition: 'aws-cn' }, '2015').isActive('cn-north-1')).toBe(true);
  });

  test.each([
    ['us-east-1', 'aws', 'STS in us-east-1 is always active and cannot be switched'],
    ['cn-north-1', 'aws-cn', 'STS in cn-north-1 is always active and cannot be switched'],
    ['us-gov-west-1', 'aws-us-gov', 'STS in us-gov-west-1 is always active and cannot be switched'],
    [
      'af-south-1',
      'aws',
      'af-south-1 is an opt-in Region: its STS comes and goes with the Region and has no switch',
    ],
    ['cn-northwest-1', 'aws', "is in partition aws, which has no Region 'cn-northwest-1'"],
    ['eu-west-9', 'aws', "is in partition aws, which has no Region 'eu-west-9'"],
  ] as const)('does not exist in %s for an account of %s', (region, partition, message) => {
    const { switches, account } = fixture({ partition });
    expect(() => switches.check(account, region)).toThrow(message);
    expect(() => switches.holdOff(account, region, () => {})).toThrow(message);
  });

  test('does not exist in a Region that had not opened', () => {
    const { switches, account } = fixture({}, '2015');
    expect(() => switches.check(account, 'eu-west-2')).toThrow("has no Region 'eu-west-2'");
  });
});

describe('an opt-in Region', () => {
  const withOrder = (enabled: boolean, settledMs: number) => {
    const world = fixture();
    const optIns = new Map([['af-south-1', { enabled, settledMs }]]);
    const account: Account = {
      ...world.account,
      settings: { ...world.account.settings, optIns },
    };
    const { switches } = world;
    return [
      switches.optStatus(account, 'af-south-1', NOW_MS),
      switches.isEnabled(account, 'af-south-1', NOW_MS),
      switches.isActive(account, 'af-south-1', NOW_MS),
    ];
  };

  test('serves the account while it has the Region enabled, and only then', () => {
    expect(withOrder(true, NOW_MS)).toEqual(['ENABLED', true, true]);
    expect(withOrder(false, NOW_MS)).toEqual(['DISABLED', false, false]);
  });

  test('goes on as before while it is being enabled or disabled', () => {
    expect(withOrder(true, NOW_MS + 1)).toEqual(['ENABLING', false, false]);
    expect(withOrder(false, NOW_MS + 1)).toEqual(['DISABLING', true, true]);
  });

  test('is enabled at the start unless the account says otherwise', () => {
    const { switches, account } = fixture({ optedOutRegions: ['af-south-1'] });
    expect(switches.optStatus(account, 'af-south-1', NOW_MS)).toBe('DISABLED');
    expect(switches.optStatus(account, 'eu-south-1', NOW_MS)).toBe('ENABLED');
    expect(switches.optStatus(account, 'eu-west-1', NOW_MS)).toBe('ENABLED_BY_DEFAULT');
  });
});

describe('a switch that a fault holds off', () => {
  const off = (switches: RegionSwitches, account: Account) =>
    switches.disabledRegions(account, ['eu-west-1', 'eu-west-2'], NOW_MS);

  test('is off until the last hold of it is released', () => {
    const { switches, account } = fixture();
    const [one, two] = [0, 1].map(() => switches.holdOff(account, 'eu-west-1', () => {}));
    expect(off(switches, account)).toEqual(['eu-west-1']);
    one?.();
    one?.();
    expect(off(switches, account)).toEqual(['eu-west-1']);
    two?.();
    expect(off(switches, account)).toEqual([]);
  });

  test('is then as the administrator had set it', () => {
    const { switches, account, isActive } = fixture({ disabledRegions: ['eu-west-1'] });
    switches.holdOff(account, 'eu-west-1', () => {})();
    expect(isActive('eu-west-1')).toBe(false);
  });

  test('yields to an administrator, and tells so', () => {
    const { switches, account, isActive } = fixture();
    const told: string[] = [];
    const release = switches.holdOff(account, 'eu-west-1', () => told.push('ireland'));
    switches.holdOff(account, 'eu-west-2', () => told.push('london'));
    switches.yieldTo({ account: ACCOUNT, region: 'eu-west-1', active: true });
    expect([isActive('eu-west-1'), isActive('eu-west-2'), told]).toEqual([true, false, ['ireland']]);
    release();
    expect(told).toEqual(['ireland']);
  });
});

describe('an opt-in that a fault withdraws', () => {
  test('leaves the account unknown in that Region alone, and comes back as it was', () => {
    const { switches, account } = fixture();
    const seen = (region: string) => [
      switches.isEnabled(account, region, NOW_MS),
      switches.isActive(account, region, NOW_MS),
      switches.optStatus(account, region, NOW_MS),
    ];
    const release = switches.holdOptedOut(account, 'af-south-1');
    expect(seen('af-south-1')).toEqual([false, false, 'DISABLED']);
    expect(seen('eu-south-1')).toEqual([true, true, 'ENABLED']);
    const other = { ...account, id: '222233334444' };
    expect(switches.isEnabled(other, 'af-south-1', NOW_MS)).toBe(true);
    release();
    expect(seen('af-south-1')).toEqual([true, true, 'ENABLED']);
  });

  test.each([
    ['eu-west-1', 'eu-west-1 is enabled by default'],
    ['eu-west-9', "has no Region 'eu-west-9'"],
  ])('cannot be withdrawn from %s', (region, message) => {
    const { switches, account } = fixture();
    expect(() => switches.holdOptedOut(account, region)).toThrow(message);
  });
});
