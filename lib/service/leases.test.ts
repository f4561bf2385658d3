import { describe, expect, test } from 'vitest';
import { createLeases } from './leases.ts';
import { virtualTime } from './virtual-time.fixture.ts';

function fixture() {
  const time = virtualTime();
  const leases = createLeases(time.later);
  const inForce = new Set<string>();
  return {
    ...time,
    leases,
    inForce,
    hold: (id: string, what = id, leaseMs = 1_000) => {
      let ended = () => {};
      leases.hold(id, leaseMs, (tell) => {
        ended = tell;
        inForce.add(what);
        return () => void inForce.delete(what);
      });
      return () => ended();
    },
  };
}

describe('a lease', () => {
  test('ends by itself', async () => {
    const { hold, inForce, leases, advance } = fixture();
    hold('f');
    await advance(999);
    expect([[...inForce], leases.ids()]).toEqual([['f'], ['f']]);
    await advance(1);
    expect([[...inForce], leases.ids()]).toEqual([[], []]);
    expect([leases.renew('f', 1_000), leases.clear('f')]).toEqual([false, false]);
  });

  test('lasts from one renewal to the next', async () => {
    const { hold, inForce, leases, advance } = fixture();
    hold('f');
    await advance(600);
    expect(leases.renew('f', 1_000)).toBe(true);
    await advance(999);
    expect(inForce.size).toBe(1);
    await advance(1);
    expect(inForce.size).toBe(0);
  });

  test('ends when it is cleared, and leaves no timer behind', () => {
    const { hold, inForce, leases, timers } = fixture();
    hold('f');
    expect(leases.clear('f')).toBe(true);
    expect([inForce.size, timers.size]).toEqual([0, 0]);
  });

  test('under the same id replaces: the new is in force before the old ends', () => {
    const { hold, inForce, leases, timers } = fixture();
    hold('f', 'old');
    let seen: string[] = [];
    leases.hold('f', 500, () => {
      seen = [...inForce];
      inForce.add('new');
      return () => void inForce.delete('new');
    });
    expect([seen, [...inForce], leases.ids(), timers.size]).toEqual([['old'], ['new'], ['f'], 1]);
  });

  test('that cannot be placed leaves the one before in force', () => {
    const { hold, inForce, leases } = fixture();
    hold('f');
    const broken = () => {
      throw new Error('no such Region');
    };
    expect(() => leases.hold('f', 1_000, broken)).toThrow('no such Region');
    expect([[...inForce], leases.ids()]).toEqual([['f'], ['f']]);
  });

  test('is forgotten when somebody else ends what it holds', () => {
    const { hold, leases, timers } = fixture();
    const ended = hold('f');
    ended();
    expect([leases.ids(), timers.size, leases.renew('f', 1_000)]).toEqual([[], 0, false]);
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('of %d ms is refused', (leaseMs) => {
    const { hold, leases, inForce } = fixture();
    expect(() => hold('f', 'f', leaseMs)).toThrow('cannot be held');
    expect([leases.ids(), inForce.size]).toEqual([[], 0]);
  });
});
