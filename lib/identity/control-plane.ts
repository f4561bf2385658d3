/**
 * Where accounts are changed, and how a change reaches the Regions. A change is one new state behind the last; the
 * replica of a Region follows some time later, in order. While a partition's control plane is down nothing of its
 * accounts can be changed, and every Region goes on with what it has.
 */

import { type PartitionName, partition as partitionNamed } from '../aws/partitions.ts';
import { UsageError } from '../errors/regionfall-error.ts';
import type { Clock } from '../time/monotonic.ts';
import { createRandom } from '../time/random.ts';
import { type Account, type WorldState, withAccount } from './state.ts';

/** What one Region knows now; a stale one may be held where it is. */
export interface Replica {
  readonly region: string;
  /** How long a change takes to get here, milliseconds. */
  readonly delayMs: number;
  /** Cheap: asked for every request. */
  state(): WorldState;
}

export interface ControlPlane {
  /** The state as the leader has it: what a control-plane read answers. */
  state(): WorldState;
  /**
   * @throws {ControlPlaneDown} while the partition's control plane is down; nothing is changed then.
   * @throws whatever `edit` throws; nothing is changed then either.
   */
  change(account: string, edit: (account: Account) => Account): void;
  isUp(partition: PartitionName): boolean;
  setUp(partition: PartitionName, up: boolean): void;
  replica(region: string): Replica;
}

export interface ControlPlaneOptions {
  readonly initial: WorldState;
  readonly clock: Clock;
  readonly delayMs: { readonly minimum: number; readonly maximum: number };
  /** Decides each Region's delay. */
  readonly seed: number | string;
}

export class ControlPlaneDown extends UsageError {
  constructor(partition: PartitionName) {
    super(`the control plane of partition ${partition} is down: nothing can be changed`, {
      code: 'RF-CONTROL-PLANE-DOWN',
      hint: `it is led from ${partitionNamed(partition).implicitGlobalRegion}; Regions go on with what they know`,
    });
  }
}

/** One state, when it was made, and the one after it: whoever holds an old one can walk forward from it. */
interface Version {
  readonly state: WorldState;
  readonly madeUs: number;
  next?: Version;
}

export function createControlPlane({ initial, clock, delayMs, seed }: ControlPlaneOptions): ControlPlane {
  let latest: Version = { state: initial, madeUs: clock() };
  const down = new Set<PartitionName>();
  const random = createRandom(seed).fork('replica delays');
  return {
    state: () => latest.state,
    change: (id, edit) => {
      const before = latest.state.accounts.get(id);
      if (before === undefined) throw new Error(`no account ${id} in this world`);
      if (down.has(before.partition)) throw new ControlPlaneDown(before.partition);
      const next: Version = { state: withAccount(latest.state, edit(before)), madeUs: clock() };
      latest.next = next;
      latest = next;
    },
    isUp: (partition) => !down.has(partition),
    setUp: (partition, up) => void (up ? down.delete(partition) : down.add(partition)),
    replica: (region) => {
      const spread = delayMs.maximum - delayMs.minimum;
      return createReplica(region, delayMs.minimum + random.fork(region).next() * spread, latest, clock);
    },
  };
}

function createReplica(region: string, delayMs: number, from: Version, clock: Clock): Replica {
  let seen = from;
  const delayUs = delayMs * 1_000;
  return {
    region,
    delayMs,
    state: () => {
      // In order and each after its own delay; the clock is only asked while something is on its way.
      while (seen.next !== undefined && seen.next.madeUs + delayUs <= clock()) seen = seen.next;
      return seen.state;
    },
  };
}
