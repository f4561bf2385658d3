/**
 * Whether STS of a Region serves an account: the switch that an administrator may move, the opt-in Regions that the
 * account has enabled, and over both what a fault holds off. Reads an account as a replica shows it; says nothing about
 * which actions heed the answer.
 */

import { type Era, regionInEra } from '../aws/eras.ts';
import type { Region } from '../aws/regions.ts';
import { UsageError } from '../errors/regionfall-error.ts';
import type { Release } from './control-plane.ts';
import type { Account } from './state.ts';

export interface SwitchOrder {
  readonly account: string;
  readonly region: string;
  readonly active: boolean;
}

export type OptStatus = 'ENABLED_BY_DEFAULT' | 'ENABLED' | 'ENABLING' | 'DISABLING' | 'DISABLED';

export interface RegionSwitches {
  /** Whether STS of the Region issues credentials for the account. `nowMs`: epoch milliseconds. */
  isActive(account: Account, region: string, nowMs: number): boolean;
  /** Whether the Region knows the account at all: an opt-in Region does not until it is enabled. */
  isEnabled(account: Account, region: string, nowMs: number): boolean;
  /** Whether accounts have to enable the Region before it knows them. */
  isOptIn(region: string): boolean;
  /** As the Account API says it. */
  optStatus(account: Account, region: string, nowMs: number): OptStatus;
  /** @throws {UsageError} RF-REGION-SWITCH where the account has no such switch. */
  check(account: Account, region: string): void;
  /**
   * A fault's act, in force at once: STS of the Region issues nothing for the account.
   * @param yielded Called when an administrator moved the switch, which ends the hold.
   * @throws as `check` does.
   */
  holdOff(account: Account, region: string, yielded: () => void): Release;
  /**
   * A fault's act, in force at once and whatever is ordered meanwhile: the opt-in Region does not know the account.
   * @throws {UsageError} RF-REGION-SWITCH where accounts of the partition have no such Region to enable.
   */
  holdOptedOut(account: Account, region: string): Release;
  /** An administrator moved the switch: whatever was held there ends. */
  yieldTo(order: SwitchOrder): void;
  /** Of these Regions the ones in which the account cannot get credentials now, sorted. */
  disabledRegions(account: Account, regions: readonly string[], nowMs: number): readonly string[];
}

interface Held {
  readonly account: string;
  readonly region: string;
  readonly yielded?: () => void;
}

export function createRegionSwitches(era: Era): RegionSwitches {
  const heldOff = new Set<Held>();
  const optedOut = new Set<Held>();
  const classes = new Map<string, ReturnType<typeof regionInEra>>();
  const factsOf = (region: string): ReturnType<typeof regionInEra> => {
    if (!classes.has(region)) classes.set(region, regionInEra(region, era));
    return classes.get(region);
  };

  const isOptIn = (region: string): boolean => factsOf(region)?.enabledBy === 'opt-in';

  const isEnabled = (account: Account, region: string, nowMs: number): boolean => {
    if (!isOptIn(region)) return true;
    if (isHeld(optedOut, account.id, region)) return false;
    const order = account.settings.optIns.get(region);
    return order === undefined || order.settledMs <= nowMs === order.enabled;
  };

  const isActive = (account: Account, region: string, nowMs: number): boolean => {
    if (isHeld(heldOff, account.id, region)) return false;
    const rule = factsOf(region)?.stsSwitch;
    if (rule === 'fixed-on') return true;
    if (rule === 'follows-opt-in') return isEnabled(account, region, nowMs);
    return account.settings.stsRegions.get(region) ?? !era.regionsOffUntilActivated;
  };

  const ownRegion = (account: Account, region: string): Region => {
    const facts = factsOf(region);
    if (facts?.partition === account.partition) return facts;
    throw refusal(
      `account ${account.id} is in partition ${account.partition}, which has no Region '${region}'`,
    );
  };

  const check = (account: Account, region: string): void => {
    const facts = ownRegion(account, region);
    if (facts.stsSwitch === 'switchable') return;
    throw facts.stsSwitch === 'fixed-on'
      ? refusal(`STS in ${region} is always active and cannot be switched`)
      : refusal(`${region} is an opt-in Region: its STS comes and goes with the Region and has no switch`);
  };

  return {
    isActive,
    isEnabled,
    isOptIn,
    optStatus: (account, region, nowMs) => {
      if (!isOptIn(region)) return 'ENABLED_BY_DEFAULT';
      if (isHeld(optedOut, account.id, region)) return 'DISABLED';
      const order = account.settings.optIns.get(region);
      if (order === undefined) return 'ENABLED';
      if (order.settledMs > nowMs) return order.enabled ? 'ENABLING' : 'DISABLING';
      return order.enabled ? 'ENABLED' : 'DISABLED';
    },
    check,
    holdOff: (account, region, yielded) => {
      check(account, region);
      return add(heldOff, { account: account.id, region, yielded });
    },
    holdOptedOut: (account, region) => {
      ownRegion(account, region);
      if (!isOptIn(region)) {
        throw refusal(`${region} is enabled by default: no account can withdraw from it`);
      }
      return add(optedOut, { account: account.id, region });
    },
    yieldTo: ({ account, region }) => {
      for (const held of heldOff) {
        if (held.account !== account || held.region !== region) continue;
        heldOff.delete(held);
        held.yielded?.();
      }
    },
    disabledRegions: (account, regions, nowMs) =>
      regions.filter((region) => !isActive(account, region, nowMs)).sort(),
  };
}

function isHeld(held: ReadonlySet<Held>, account: string, region: string): boolean {
  if (held.size === 0) return false;
  for (const each of held) if (each.account === account && each.region === region) return true;
  return false;
}

function add(held: Set<Held>, one: Held): Release {
  held.add(one);
  return () => void held.delete(one);
}

function refusal(message: string): UsageError {
  return new UsageError(message, { code: 'RF-REGION-SWITCH' });
}
