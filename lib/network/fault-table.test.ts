import { describe, expect, it } from 'vitest';
import { createFaultTable } from './fault-table.ts';
import type { Effect, LinkFault } from './link-effect.ts';

const fault = (id: string, effect: Effect, changes: Partial<LinkFault> = {}): LinkFault => ({
  id,
  links: ['a'],
  effect,
  connections: { which: 'all', share: 1 },
  seed: 1,
  leaseMs: 1_000,
  ...changes,
});

describe('the table of faults', () => {
  const opened = () => {
    let nowUs = 0;
    const table = createFaultTable(['a', 'b'], () => nowUs);
    return { table, moveMs: (ms: number) => (nowUs += ms * 1_000) };
  };

  it('touches only the links that a fault names', () => {
    const { table } = opened();
    table.set(fault('f', { kind: 'refused' }));
    expect(table.effects('a')).toMatchObject([{ id: 'f', effect: { kind: 'refused' } }]);
    expect(table.effects('b')).toEqual([]);
  });

  it('a lease that nobody renews runs out by itself', () => {
    const { table, moveMs } = opened();
    table.set(fault('f', { kind: 'silence' }));
    moveMs(999);
    expect(table.expire()).toEqual([]);
    moveMs(1);
    expect(table.expire()).toEqual(['f']);
    expect(table.effects('a')).toEqual([]);
    expect(table.nextExpiryUs()).toBeUndefined();
  });

  it('a renewed lease counts from the renewal', () => {
    const { table, moveMs } = opened();
    table.set(fault('f', { kind: 'silence' }));
    moveMs(900);
    table.renew('f', 1_000);
    expect(table.nextExpiryUs()).toBe(1_900_000);
  });

  it('renewing a fault that is gone is an error, clearing it is none', () => {
    const { table } = opened();
    expect(() => table.renew('gone', 1_000)).toThrow('its lease ran out');
    expect(() => table.clear('gone')).not.toThrow();
  });

  it.each([
    ['a link it does not know', fault('f', { kind: 'refused' }, { links: ['a', 'moon'] }), 'moon'],
    ['an endless lease', fault('f', { kind: 'refused' }, { leaseMs: 0 }), 'lease'],
    ['a negative delay', fault('f', { kind: 'slow', delay: { kind: 'fixed', addedMs: -1 } }), '-1'],
    ['no width', fault('f', { kind: 'narrow', bytesPerSecond: 0 }), 'carry nothing'],
    ['less than no bytes', fault('f', { kind: 'cut-short', afterBytes: -1 }), '-1'],
    ['no flights', fault('f', { kind: 'stalls', share: 0, stallMs: 200 }), 'share of 0'],
    [
      'no connections',
      fault('f', { kind: 'silence' }, { connections: { which: 'all', share: 0 } }),
      'share of 0',
    ],
    [
      'a share of a listener',
      fault('f', { kind: 'refused' }, { connections: { which: 'all', share: 0.5 } }),
      'for everyone',
    ],
  ])('refuses %s and keeps nothing of it', (_, order, reason) => {
    const { table } = opened();
    expect(() => table.set(order)).toThrow(reason);
    expect(table.faults()).toEqual([]);
  });

  it('what is lifted leaves the other faults of the link in force', () => {
    const { table } = opened();
    table.set(fault('down', { kind: 'refused' }));
    table.set(fault('far', { kind: 'slow', delay: { kind: 'fixed', addedMs: 5 } }, { links: ['a', 'b'] }));
    table.clear('down');
    expect(table.effects('a').map(({ id }) => id)).toEqual(['far']);
  });
});
