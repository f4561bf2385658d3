/**
 * Who keeps a partition's control plane down: an administrator for good, faults for as long as their leases last. It is
 * up again when nobody does.
 */

import type { PartitionName } from '../aws/partitions.ts';
import type { ControlPlane } from '../identity/control-plane.ts';
import type { Later } from './later.ts';
import type { ControlPlaneOrder } from './service-config.ts';

export interface ControlPlaneHolds {
  /**
   * A second order under the same id replaces the first.
   * @throws when a fault is to bring a control plane back: it can only end what it holds.
   */
  set(order: ControlPlaneOrder): void;
  /** False when nothing is held under the id. */
  renew(id: string, leaseMs: number): boolean;
  release(id: string): boolean;
  /** Ids of the leases in force. */
  held(): readonly string[];
}

interface Hold {
  readonly partition: PartitionName;
  cancel: () => void;
}

export function createControlPlaneHolds(plane: Pick<ControlPlane, 'setUp'>, later: Later): ControlPlaneHolds {
  const administered = new Set<PartitionName>();
  const holds = new Map<string, Hold>();

  const settle = (partition: PartitionName): void => {
    const held = [...holds.values()].some((hold) => hold.partition === partition);
    plane.setUp(partition, !held && !administered.has(partition));
  };
  const release = (id: string): boolean => {
    const hold = holds.get(id);
    if (hold === undefined) return false;
    hold.cancel();
    holds.delete(id);
    settle(hold.partition);
    return true;
  };

  return {
    set: ({ partition, up, leaseMs, faultId }) => {
      if (leaseMs === undefined) {
        if (up) administered.delete(partition);
        else administered.add(partition);
        return settle(partition);
      }
      if (up) throw new Error('a lease can only keep a control plane down');
      const id = faultId ?? `control plane ${partition}`;
      release(id);
      holds.set(id, { partition, cancel: later(leaseMs, () => release(id)) });
      settle(partition);
    },
    renew: (id, leaseMs) => {
      const hold = holds.get(id);
      if (hold === undefined) return false;
      hold.cancel();
      hold.cancel = later(leaseMs, () => release(id));
      return true;
    },
    release,
    held: () => [...holds.keys()],
  };
}
