/**
 * Everything that the Regions and the control plane of a process know of accounts, put together: the control plane,
 * the keys of each partition, the Region switches, and each Region's own view.
 */

import type { Era } from '../aws/eras.ts';
import type { PartitionName } from '../aws/partitions.ts';
import { UsageError } from '../errors/regionfall-error.ts';
import type { Clock } from '../time/monotonic.ts';
import type { AccountConfig } from './accounts.ts';
import { type ControlPlane, createControlPlane } from './control-plane.ts';
import { createMfaLedger, type MfaLedger } from './mfa.ts';
import { type PartitionKeys, partitionKeys } from './partition-keys.ts';
import { createRegionSwitches, type RegionSwitches, type SwitchOrder } from './region-switches.ts';
import { createRegionView, type RegionView } from './region-view.ts';
import { type Account, withEntry } from './state.ts';
import { buildWorldState } from './world-state.ts';

export interface IdentityConfig {
  readonly era: Era;
  readonly accounts: readonly AccountConfig[];
  /** 64 hexadecimal digits for every partition that has an account or a Region here. */
  readonly sealKeys: Readonly<Partial<Record<PartitionName, string>>>;
  /** How long changes take to reach a Region; the era's without it. */
  readonly replicaDelayMs?: { readonly minimum: number; readonly maximum: number };
  readonly seed?: number | string;
}

export interface Identity {
  readonly era: Era;
  readonly plane: ControlPlane;
  readonly switches: RegionSwitches;
  readonly mfa: MfaLedger;
  /** Keys derived from the partition's seal key. @throws when the partition has none. */
  keysOf(partition: PartitionName): PartitionKeys;
  /** What a Region of the partition knows: of its own making, it forgets nothing and lags behind the control plane. */
  view(region: string, partition: PartitionName): RegionView;
  /** As the control plane has it. @throws {UsageError} RF-ACCOUNT-UNKNOWN. */
  account(id: string): Account;
  /**
   * An administrator's act: lasting, spread as every change is, and the end of whatever a fault was holding there.
   * @throws {UsageError} RF-REGION-SWITCH, RF-CONTROL-PLANE-DOWN.
   */
  switchRegion(order: SwitchOrder): void;
}

/**
 * @param clock Monotonic; replication runs on it.
 * @throws {UsageError} for a key that might be real, a policy that IAM would refuse, a Region that has no switch.
 */
export function createIdentity(config: IdentityConfig, clock: Clock, createdMs = CREATED_MS): Identity {
  const { era, accounts, sealKeys } = config;
  const keys = new Map(
    Object.entries(sealKeys).map(([partition, sealKey]) => [partition, partitionKeys(sealKey)]),
  );
  const keysOf = (partition: PartitionName): PartitionKeys => {
    const found = keys.get(partition);
    if (found === undefined) throw new Error(`partition ${partition} has no seal key`);
    return found;
  };
  const initial = buildWorldState({
    accounts,
    sealKeyOf: (partition) => keysOf(partition).accessKeys,
    createdMs,
  });
  const plane = createControlPlane({
    initial,
    clock,
    delayMs: config.replicaDelayMs ?? era.replicaDelayMs,
    seed: config.seed ?? 0,
  });
  const switches = createRegionSwitches(era);
  for (const account of initial.accounts.values()) {
    for (const region of account.settings.stsRegions.keys()) switches.check(account, region);
  }
  const account = (id: string): Account => {
    const found = plane.state().accounts.get(id);
    if (found !== undefined) return found;
    throw new UsageError(`no account ${id} in this world`, {
      code: 'RF-ACCOUNT-UNKNOWN',
      hint: `it has ${[...plane.state().accounts.keys()].join(', ')}`,
    });
  };
  return {
    era,
    plane,
    switches,
    mfa: createMfaLedger(),
    keysOf,
    view: (region, partition) => createRegionView(plane.replica(region), keysOf(partition).accessKeys),
    account,
    switchRegion: (order) => {
      switches.check(account(order.account), order.region);
      plane.change(order.account, (before) => ({
        ...before,
        settings: {
          ...before.settings,
          stsRegions: withEntry(before.settings.stsRegions, order.region, order.active),
        },
      }));
      switches.yieldTo(order);
    },
  };
}

/** When the things of a world were made, so that two worlds of one seed are alike. */
const CREATED_MS = Date.parse('2026-01-01T00:00:00Z');
