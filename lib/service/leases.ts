/**
 * Faults under their ids, each on a lease: whatever a fault is, it ends by itself when nobody renews it. Knows nothing
 * of what the faults do.
 */

import { UsageError } from '../errors/regionfall-error.ts';
import type { Later } from './later.ts';

export interface Leases {
  /**
   * A second fault under the same id replaces the first, which ends when the second is in force.
   * @param place Puts the fault in force and returns what ends it; may be told that somebody else has ended it.
   * @throws what `place` throws, and {UsageError} RF-SERVICE-FAULT for a lease that cannot be; nothing has changed then.
   */
  hold(id: string, leaseMs: number, place: (ended: () => void) => () => void): void;
  /** False when nothing is held under the id. */
  renew(id: string, leaseMs: number): boolean;
  /** As `renew`; ending what is not there is no error. */
  clear(id: string): boolean;
  /** Ids of what is in force, oldest first. */
  ids(): readonly string[];
}

interface Lease {
  release: () => void;
  cancel: () => void;
}

export function createLeases(later: Later): Leases {
  const leases = new Map<string, Lease>();
  const forget = (id: string, lease: Lease): void => {
    lease.cancel();
    if (leases.get(id) === lease) leases.delete(id);
  };
  const end = (id: string, lease: Lease): void => {
    forget(id, lease);
    lease.release();
  };
  return {
    hold: (id, leaseMs, place) => {
      refuseLength(leaseMs);
      const before = leases.get(id);
      const lease: Lease = { release: () => {}, cancel: () => {} };
      lease.release = place(() => forget(id, lease));
      if (before !== undefined) end(id, before);
      leases.set(id, lease);
      lease.cancel = later(leaseMs, () => end(id, lease));
    },
    renew: (id, leaseMs) => {
      refuseLength(leaseMs);
      const lease = leases.get(id);
      if (lease === undefined) return false;
      lease.cancel();
      lease.cancel = later(leaseMs, () => end(id, lease));
      return true;
    },
    clear: (id) => {
      const lease = leases.get(id);
      if (lease !== undefined) end(id, lease);
      return lease !== undefined;
    },
    ids: () => [...leases.keys()],
  };
}

/** A day, which a timer can still count. */
export const MAXIMUM_LEASE_MS = 86_400_000;

function refuseLength(leaseMs: number): void {
  if (leaseMs > 0 && leaseMs <= MAXIMUM_LEASE_MS) return;
  throw new UsageError(`a lease of ${leaseMs} ms cannot be held`, {
    code: 'RF-SERVICE-FAULT',
    hint: `give milliseconds, above 0 and at most ${MAXIMUM_LEASE_MS}`,
  });
}
