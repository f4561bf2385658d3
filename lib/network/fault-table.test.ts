import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFaultTable, type Effect } from './fault-table.ts';
import { compose, HEALTHY } from './link.ts';

const effects: fc.Arbitrary<Effect> = fc.oneof(
  fc.constant<Effect>({ kind: 'refused' }),
  fc.constant<Effect>({ kind: 'silence' }),
  fc.integer({ min: 0, max: 1_000 }).map((addedMs): Effect => ({ kind: 'slow', addedMs })),
);

describe('several faults on one link', () => {
  it('the strongest wins and slowness adds up', () => {
    expect(compose([])).toEqual(HEALTHY);
    expect(
      compose([
        { kind: 'slow', addedMs: 30 },
        { kind: 'slow', addedMs: 12 },
      ]),
    ).toEqual({
      kind: 'passing',
      addedMs: 42,
    });
    expect(compose([{ kind: 'slow', addedMs: 30 }, { kind: 'silence' }])).toEqual({ kind: 'silence' });
    expect(compose([{ kind: 'silence' }, { kind: 'refused' }])).toEqual({ kind: 'refused' });
  });

  it('the order in which they came makes no difference', () => {
    fc.assert(
      fc.property(fc.array(effects), (list) => {
        expect(compose(list.toReversed())).toEqual(compose(list));
      }),
    );
  });
});

describe('the table of faults', () => {
  const opened = () => {
    let nowUs = 0;
    const table = createFaultTable(['a', 'b'], () => nowUs);
    return { table, moveMs: (ms: number) => (nowUs += ms * 1_000) };
  };

  it('touches only the links that a fault names', () => {
    const { table } = opened();
    table.set({ id: 'f', links: ['a'], effect: { kind: 'refused' }, leaseMs: 1_000 });
    expect(table.condition('a')).toEqual({ kind: 'refused' });
    expect(table.condition('b')).toEqual(HEALTHY);
  });

  it('a lease that nobody renews runs out by itself', () => {
    const { table, moveMs } = opened();
    table.set({ id: 'f', links: ['a'], effect: { kind: 'silence' }, leaseMs: 1_000 });
    moveMs(999);
    expect(table.expire()).toEqual([]);
    moveMs(1);
    expect(table.expire()).toEqual(['f']);
    expect(table.condition('a')).toEqual(HEALTHY);
    expect(table.nextExpiryUs()).toBeUndefined();
  });

  it('a renewed lease counts from the renewal', () => {
    const { table, moveMs } = opened();
    table.set({ id: 'f', links: ['a'], effect: { kind: 'silence' }, leaseMs: 1_000 });
    moveMs(900);
    table.renew('f', 1_000);
    expect(table.nextExpiryUs()).toBe(1_900_000);
  });

  it('renewing a fault that is gone is an error, clearing it is none', () => {
    const { table } = opened();
    expect(() => table.renew('gone', 1_000)).toThrow('its lease ran out');
    expect(() => table.clear('gone')).not.toThrow();
  });

  it('refuses a link it does not know, an endless lease and a negative delay, and keeps nothing of them', () => {
    const { table } = opened();
    const fault = { id: 'f', links: ['a'], effect: { kind: 'refused' }, leaseMs: 1_000 } as const;
    expect(() => table.set({ ...fault, links: ['a', 'moon'] })).toThrow('moon');
    expect(() => table.set({ ...fault, leaseMs: 0 })).toThrow('lease');
    expect(() => table.set({ ...fault, effect: { kind: 'slow', addedMs: -1 } })).toThrow('-1');
    expect(table.faults()).toEqual([]);
  });

  it('what is lifted leaves the other faults of the link in force', () => {
    const { table } = opened();
    table.set({ id: 'down', links: ['a'], effect: { kind: 'refused' }, leaseMs: 1_000 });
    table.set({ id: 'slow', links: ['a', 'b'], effect: { kind: 'slow', addedMs: 5 }, leaseMs: 1_000 });
    table.clear('down');
    expect(table.condition('a')).toEqual({ kind: 'passing', addedMs: 5 });
  });
});
