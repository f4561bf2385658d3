import { beforeEach, describe, expect, test } from 'vitest';
import type { PartitionName } from '../aws/partitions.ts';
import { type ControlPlaneHolds, createControlPlaneHolds } from './control-plane-holds.ts';
import type { Later } from './later.ts';

let down: Set<PartitionName>;
let passedMs: number;
let timers: { readonly atMs: number; readonly wake: () => void }[];
let holds: ControlPlaneHolds;

const later: Later = (delayMs, wake) => {
  const timer = { atMs: passedMs + delayMs, wake };
  timers.push(timer);
  return () => {
    timers = timers.filter((other) => other !== timer);
  };
};

function pass(ms: number): void {
  passedMs += ms;
  const due = timers.filter(({ atMs }) => atMs <= passedMs);
  timers = timers.filter(({ atMs }) => atMs > passedMs);
  for (const { wake } of due) wake();
}

beforeEach(() => {
  down = new Set();
  passedMs = 0;
  timers = [];
  const setUp = (partition: PartitionName, up: boolean): void =>
    void (up ? down.delete(partition) : down.add(partition));
  holds = createControlPlaneHolds({ setUp }, later);
});

const hold = (faultId: string, leaseMs = 1_000, partition: PartitionName = 'aws'): void =>
  holds.set({ partition, up: false, leaseMs, faultId });

describe('a control plane', () => {
  test('is down for as long as an administrator wants it, and in that partition alone', () => {
    holds.set({ partition: 'aws', up: false });
    pass(1e9);
    expect([...down]).toEqual(['aws']);
    expect(holds.held()).toEqual([]);
    holds.set({ partition: 'aws', up: true });
    expect([...down]).toEqual([]);
  });

  test('comes back by itself when the lease of a fault has passed', () => {
    hold('f');
    pass(999);
    expect([[...down], holds.held()]).toEqual([['aws'], ['f']]);
    pass(1);
    expect([[...down], holds.held()]).toEqual([[], []]);
    expect([holds.renew('f', 1_000), holds.release('f')]).toEqual([false, false]);
  });

  test('stays down from one renewal to the next', () => {
    hold('f');
    pass(600);
    expect(holds.renew('f', 1_000)).toBe(true);
    pass(999);
    expect(down.size).toBe(1);
    pass(1);
    expect(down.size).toBe(0);
  });

  test('is down while any of several wants it so, whoever ends first', () => {
    hold('one', 1_000);
    hold('two', 2_000);
    holds.set({ partition: 'aws', up: false });
    pass(1_000);
    expect([[...down], holds.held()]).toEqual([['aws'], ['two']]);
    holds.set({ partition: 'aws', up: true });
    expect(down.size).toBe(1);
    expect(holds.release('two')).toBe(true);
    expect(down.size).toBe(0);
    expect(timers).toEqual([]);
  });

  test('is let go when its fault turns to another partition under the same id', () => {
    hold('f');
    hold('f', 1_000, 'aws-cn');
    expect([...down]).toEqual(['aws-cn']);
  });

  test('cannot be brought back by a fault', () => {
    expect(() => holds.set({ partition: 'aws', up: true, leaseMs: 1_000, faultId: 'f' })).toThrow(
      'can only keep',
    );
  });
});
