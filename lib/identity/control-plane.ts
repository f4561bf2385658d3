/**
 * Where accounts are changed, and how a change reaches the Regions. A change is one new state behind the last; the
 * replica of a Region follows some time later, in order. While a partition's control plane is down nothing of its
 * accounts can be changed, and every Region goes on with what it has. A fault may hold a plane down and a replica still.
 */

import { type PartitionName, partition as partitionNamed } from '../aws/partitions.ts';
import { UsageError } from '../errors/regionfall-error.ts';
import type { Clock } from '../time/monotonic.ts';
import { createRandom } from '../time/random.ts';
import { type Account, type WorldState, withAccount } from './state.ts';

/** What one Region knows now. */
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
  /** What happens to an account without anybody having asked the control plane; spreads as every change does. */
  changeUnasked(account: string, edit: (account: Account) => Account): void;
  /** Up unless an administrator took it down or a fault holds it down. */
  isUp(partition: PartitionName): boolean;
  /** An administrator's act: it lasts. */
  setUp(partition: PartitionName, up: boolean): void;
  /** Keeps the plane down until every such hold is released. */
  holdDown(partition: PartitionName): Release;
  replica(region: string): Replica;
  /**
   * The Region's replicas learn of nothing that had not reached them by now, until every such hold is released; then
   * they have what is due, in order.
   */
  holdReplica(region: string): Release;
}

/** Ends what was held; a second call does nothing. */
export type Release = () => void;

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
  const heldDown = createHolds<PartitionName>();
  const stale = createHolds<string>();
  /** Since when the replicas of a Region have stood still. */
  const staleSinceUs = new Map<string, number>();
  const random = createRandom(seed).fork('replica delays');

  const isUp = (partition: PartitionName): boolean => !down.has(partition) && !heldDown.has(partition);
  const put = (id: string, edit: (account: Account) => Account, refuse: (account: Account) => void): void => {
    const before = latest.state.accounts.get(id);
    if (before === undefined) throw new Error(`no account ${id} in this world`);
    refuse(before);
    const next: Version = { state: withAccount(latest.state, edit(before)), madeUs: clock() };
    latest.next = next;
    latest = next;
  };

  return {
    state: () => latest.state,
    change: (id, edit) =>
      put(id, edit, ({ partition }) => {
        if (!isUp(partition)) throw new ControlPlaneDown(partition);
      }),
    changeUnasked: (id, edit) => put(id, edit, () => {}),
    isUp,
    setUp: (partition, up) => void (up ? down.delete(partition) : down.add(partition)),
    holdDown: (partition) => heldDown.hold(partition),
    replica: (region) => {
      const spread = delayMs.maximum - delayMs.minimum;
      const own = delayMs.minimum + random.fork(region).next() * spread;
      return createReplica(region, own, latest, () => staleSinceUs.get(region) ?? clock());
    },
    holdReplica: (region) => {
      if (!stale.has(region)) staleSinceUs.set(region, clock());
      const release = stale.hold(region);
      return () => {
        release();
        if (!stale.has(region)) staleSinceUs.delete(region);
      };
    },
  };
}

/** @param nowUs The clock; while the replica is held, the moment from which on it has been. */
function createReplica(region: string, delayMs: number, from: Version, nowUs: Clock): Replica {
  let seen = from;
  const delayUs = delayMs * 1_000;
  return {
    region,
    delayMs,
    state: () => {
      // In order and each after its own delay; the clock is only asked while something is on its way.
      while (seen.next !== undefined && seen.next.madeUs + delayUs <= nowUs()) seen = seen.next;
      return seen.state;
    },
  };
}

/** Who holds what, counted: a thing is held until the last hold of it ends. */
function createHolds<Thing>(): { has(thing: Thing): boolean; hold(thing: Thing): Release } {
  const counts = new Map<Thing, number>();
  const count = (thing: Thing, by: number): void => {
    const left = (counts.get(thing) ?? 0) + by;
    if (left === 0) counts.delete(thing);
    else counts.set(thing, left);
  };
  return {
    has: (thing) => counts.has(thing),
    hold: (thing) => {
      count(thing, 1);
      let held = true;
      return () => {
        if (held) count(thing, -1);
        held = false;
      };
    },
  };
}
