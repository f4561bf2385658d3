/**
 * The per-account switch of STS in a Region: what an administrator set, and over it what a fault holds for as
 * long as its lease lasts. Knows which Regions have a switch at all; says nothing about which actions heed it.
 */

import { region as regionNamed } from '../aws/regions.ts';
import { UsageError } from '../errors/regionfall-error.ts';
import type { Clock } from '../time/monotonic.ts';
import type { AccountConfig } from './accounts.ts';

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

export interface RegionSwitches {
  /** Whether STS of the Region issues credentials for the account now. */
  isActive(account: string, region: string): boolean;
  /**
   * An administrator's act: lasting, and it ends whatever a fault was holding there.
   * @throws {UsageError} RF-REGION-SWITCH where there is no such switch.
   */
  set(order: SwitchOrder): void;
  /** A fault's act: ends by itself. A second order under the same id replaces the first. */
  hold(lease: SwitchLease): void;
  /** False when nothing is held under the id: it expired, or an administrator ended it. */
  renew(id: string, leaseMs: number): boolean;
  release(id: string): boolean;
  /** Ids of the leases in force. */
  held(): readonly string[];
  /** Regions in which the account cannot get credentials now, sorted. */
  disabledRegions(account: string): readonly string[];
}

interface Held {
  readonly order: SwitchOrder;
  expiresUs: number;
}

export function createRegionSwitches(accounts: readonly AccountConfig[], clock: Clock): RegionSwitches {
  const partitions = new Map(accounts.map(({ id, partition }) => [id, partition]));
  const disabled = new Map(accounts.map(({ id }) => [id, new Set<string>()]));
  const leases = new Map<string, Held>();

  const check = ({ account, region }: SwitchOrder): void => {
    const facts = regionNamed(region);
    const partition = partitions.get(account);
    if (partition === undefined) {
      throw refusal(
        `no account ${account} in this world`,
        'GET /v1/state of the admin API lists the accounts',
      );
    }
    if (facts === undefined || facts.partition !== partition) {
      throw refusal(`account ${account} is in partition ${partition}, which has no Region '${region}'`);
    }
    if (facts.stsSwitch === 'switchable') return;
    throw facts.stsSwitch === 'fixed-on'
      ? refusal(`STS in ${region} is always active and cannot be switched`)
      : refusal(`${region} is an opt-in Region: its STS comes and goes with the Region and has no switch`);
  };

  const inForce = (): Map<string, Held> => {
    if (leases.size > 0) {
      const nowUs = clock();
      for (const [id, { expiresUs }] of leases) if (expiresUs <= nowUs) leases.delete(id);
    }
    return leases;
  };

  const set = (order: SwitchOrder): void => {
    check(order);
    const regions = disabled.get(order.account);
    if (order.active) regions?.delete(order.region);
    else regions?.add(order.region);
    for (const [id, held] of leases) if (samePlace(held.order, order)) leases.delete(id);
  };

  const isActive = (account: string, region: string): boolean => {
    let active = !(disabled.get(account)?.has(region) ?? false);
    if (leases.size === 0) return active;
    for (const { order } of inForce().values()) {
      if (samePlace(order, { account, region })) active = order.active;
    }
    return active;
  };

  for (const { id, disabledRegions } of accounts) {
    for (const region of disabledRegions) set({ account: id, region, active: false });
  }

  return {
    isActive,
    set,
    hold: ({ id, leaseMs, ...order }) => {
      check(order);
      leases.set(id, { order, expiresUs: clock() + leaseMs * 1_000 });
    },
    renew: (id, leaseMs) => {
      const held = inForce().get(id);
      if (held !== undefined) held.expiresUs = clock() + leaseMs * 1_000;
      return held !== undefined;
    },
    release: (id) => inForce().delete(id),
    held: () => [...inForce().keys()],
    disabledRegions: (account) => {
      const candidates = new Set(disabled.get(account));
      for (const { order } of inForce().values()) if (order.account === account) candidates.add(order.region);
      return [...candidates].filter((region) => !isActive(account, region)).sort();
    },
  };
}

function samePlace(a: SwitchOrder, b: Pick<SwitchOrder, 'account' | 'region'>): boolean {
  return a.account === b.account && a.region === b.region;
}

function refusal(message: string, hint?: string): UsageError {
  return new UsageError(message, { code: 'RF-REGION-SWITCH', ...(hint === undefined ? {} : { hint }) });
}
