/**
 * Whether STS of a Region serves an account: the switch that an administrator may move, the opt-in Regions that the
 * account has enabled, and over the switch what a fault holds for as long as its lease lasts. Reads an account as a
 * replica shows it; says nothing about which actions heed the answer.
 */

import { type Era, regionInEra } from '../aws/eras.ts';
import { UsageError } from '../errors/regionfall-error.ts';
import type { Clock } from '../time/monotonic.ts';
import type { Account } from './state.ts';

export interface SwitchOrder {
  readonly account: string;
  readonly region: string;
  readonly active: boolean;
}

export interface SwitchLease extends SwitchOrder {
  readonly id: string;
  /** How long it holds unless renewed. */
  readonly leaseMs: number;
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
  /** A fault's act, in force at once and ending by itself. A second order under the same id replaces the first. */
  hold(lease: SwitchLease, account: Account): void;
  /** False when nothing is held under the id: it expired, or an administrator ended it. */
  renew(id: string, leaseMs: number): boolean;
  release(id: string): boolean;
  /** An administrator moved the switch: whatever was held there ends. */
  yieldTo(order: SwitchOrder): void;
  /** Ids of the leases in force. */
  held(): readonly string[];
  /** Of these Regions the ones in which the account cannot get credentials now, sorted. */
  disabledRegions(account: Account, regions: readonly string[], nowMs: number): readonly string[];
}

interface Held {
  readonly order: SwitchOrder;
  expiresUs: number;
}

export function createRegionSwitches(era: Era, clock: Clock): RegionSwitches {
  const leases = new Map<string, Held>();
  const classes = new Map<string, ReturnType<typeof regionInEra>>();
  const factsOf = (region: string): ReturnType<typeof regionInEra> => {
    if (!classes.has(region)) classes.set(region, regionInEra(region, era));
    return classes.get(region);
  };

  const inForce = (): Map<string, Held> => {
    if (leases.size > 0) {
      const nowUs = clock();
      for (const [id, { expiresUs }] of leases) if (expiresUs <= nowUs) leases.delete(id);
    }
    return leases;
  };

  const isOptIn = (region: string): boolean => factsOf(region)?.enabledBy === 'opt-in';

  const isEnabled = (account: Account, region: string, nowMs: number): boolean => {
    if (!isOptIn(region)) return true;
    const order = account.settings.optIns.get(region);
    return order === undefined || order.settledMs <= nowMs === order.enabled;
  };

  const isActive = (account: Account, region: string, nowMs: number): boolean => {
    if (leases.size > 0) {
      for (const { order } of inForce().values()) {
        if (order.account === account.id && order.region === region) return order.active;
      }
    }
    const rule = factsOf(region)?.stsSwitch;
    if (rule === 'fixed-on') return true;
    if (rule === 'follows-opt-in') return isEnabled(account, region, nowMs);
    return account.settings.stsRegions.get(region) ?? !era.regionsOffUntilActivated;
  };

  const check = (account: Account, region: string): void => {
    const facts = factsOf(region);
    if (facts === undefined || facts.partition !== account.partition) {
      throw refusal(
        `account ${account.id} is in partition ${account.partition}, which has no Region '${region}'`,
      );
    }
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
      const order = account.settings.optIns.get(region);
      if (order === undefined) return 'ENABLED';
      if (order.settledMs > nowMs) return order.enabled ? 'ENABLING' : 'DISABLING';
      return order.enabled ? 'ENABLED' : 'DISABLED';
    },
    check,
    hold: ({ id, leaseMs, ...order }, account) => {
      check(account, order.region);
      leases.set(id, { order, expiresUs: clock() + leaseMs * 1_000 });
    },
    renew: (id, leaseMs) => {
      const held = inForce().get(id);
      if (held !== undefined) held.expiresUs = clock() + leaseMs * 1_000;
      return held !== undefined;
    },
    release: (id) => inForce().delete(id),
    yieldTo: ({ account, region }) => {
      for (const [id, { order }] of leases) {
        if (order.account === account && order.region === region) leases.delete(id);
      }
    },
    held: () => [...inForce().keys()],
    disabledRegions: (account, regions, nowMs) =>
      regions.filter((region) => !isActive(account, region, nowMs)).sort(),
  };
}

function refusal(message: string): UsageError {
  return new UsageError(message, { code: 'RF-REGION-SWITCH' });
}
