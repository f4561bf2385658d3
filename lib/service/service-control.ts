/** What the service can be told while it runs: faults, an administrator's lasting acts, and what is so. Touches no socket. */

import type { PartitionName } from '../aws/partitions.ts';
import type { ServiceFaultOrder } from './fault-order.ts';
import type { Later } from './later.ts';
import { createLeases } from './leases.ts';
import { type FaultPlaces, placeFault } from './place-fault.ts';
import type { ControlPlaneOrder, RegionSwitchOrder, ServiceObservation } from './service-config.ts';

export interface ServiceControl {
  /**
   * Puts a fault of any kind in force until its lease ends; the same id replaces.
   * @throws {UsageError} RF-SERVICE-FAULT, RF-ACCOUNT-UNKNOWN, RF-REGION-SWITCH for what this world has not.
   */
  setFault(order: ServiceFaultOrder): void;
  /** `known` is false when the lease had ended, or an administrator ended the fault. */
  renewFault(order: { readonly id: string; readonly leaseMs: number }): { readonly known: boolean };
  /** Also for what is not in force, which `known` tells. */
  clearFault(order: { readonly id: string }): { readonly known: boolean };
  /** @throws {UsageError} RF-REGION-SWITCH, RF-CONTROL-PLANE-DOWN, RF-ACCOUNT-UNKNOWN. */
  setRegionSwitch(order: RegionSwitchOrder): void;
  /**
   * Takes the control plane of a partition away or brings it back; Regions go on with what they know. It is up when
   * neither an administrator nor any fault wants it down.
   */
  setControlPlane(order: ControlPlaneOrder): void;
  regionSwitches(order: { readonly account: string }): { readonly disabledRegions: readonly string[] };
  /** Of each partition that has an account. */
  controlPlanes(): Readonly<Partial<Record<PartitionName, 'up' | 'down'>>>;
  /** How long a change takes to reach each Region, milliseconds. */
  replicaDelaysMs(): Readonly<Record<string, number>>;
  observe(): ServiceObservation;
}

export interface ControlOptions extends FaultPlaces {
  /** Epoch milliseconds. */
  readonly wallClock: () => number;
  readonly later: Later;
}

export function createControl(options: ControlOptions): ServiceControl {
  const { identity, regions, wallClock, later } = options;
  const { switches, plane } = identity;
  const leases = createLeases(later);
  const disabledRegions = (id: string): readonly string[] =>
    switches.disabledRegions(identity.account(id), regions, wallClock());
  return {
    setFault: (order) => leases.hold(order.id, order.leaseMs, (ended) => placeFault(order, ended, options)),
    renewFault: ({ id, leaseMs }) => ({ known: leases.renew(id, leaseMs) }),
    clearFault: ({ id }) => ({ known: leases.clear(id) }),
    setRegionSwitch: identity.switchRegion,
    setControlPlane: ({ partition, up }) => plane.setUp(partition, up),
    regionSwitches: ({ account }) => ({ disabledRegions: disabledRegions(account) }),
    controlPlanes: () =>
      Object.fromEntries(
        [...plane.state().accounts.values()].map(({ partition }) => [
          partition,
          plane.isUp(partition) ? ('up' as const) : ('down' as const),
        ]),
      ),
    replicaDelaysMs: () =>
      Object.fromEntries(regions.map((region) => [region, plane.replica(region).delayMs])),
    observe: () => ({
      faults: leases.ids(),
      disabledRegions: Object.fromEntries(
        [...plane.state().accounts.keys()].map((id) => [id, disabledRegions(id)]),
      ),
    }),
  };
}
