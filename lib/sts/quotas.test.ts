import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createQuotas, USUAL_LIMITS } from './quotas.ts';

const ACCOUNT = '111122223333';

function quotas(limits = USUAL_LIMITS) {
  let nowUs = 0;
  const made = createQuotas(limits, () => nowUs);
  const taken = (times: number, account = ACCOUNT, global = false): number => {
    let granted = 0;
    for (let request = 0; request < times; request += 1) if (made.take(account, global)) granted += 1;
    return granted;
  };
  return {
    taken,
    pass: (us: number) => {
      nowUs += us;
    },
  };
}

describe('an account', () => {
  test('may ask 600 times at once, and then 600 times a second', () => {
    const { taken, pass } = quotas();
    expect(taken(1_000)).toBe(600);
    pass(500_000);
    expect(taken(1_000)).toBe(300);
    pass(60_000_000);
    expect(taken(1_000)).toBe(600);
  });

  test('earns the next request after its share of a second and not before', () => {
    const { taken, pass } = quotas({ ratePerSecond: 10, burst: 1 });
    expect(taken(2)).toBe(1);
    pass(99_999);
    expect(taken(1)).toBe(0);
    pass(1);
    expect(taken(1)).toBe(1);
  });

  test('does not use up what another one has', () => {
    const { taken } = quotas();
    expect(taken(1_000)).toBe(600);
    expect(taken(1_000, '222233334444')).toBe(600);
  });

  test('has another bucket for the global endpoint', () => {
    const { taken } = quotas();
    expect(taken(1_000)).toBe(600);
    expect(taken(1_000, ACCOUNT, true)).toBe(600);
    expect(taken(1, ACCOUNT, true)).toBe(0);
  });

  test('is never given more than its rate and burst allow, however its requests come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 2_000_000 }), fc.integer({ min: 0, max: 40 }))),
        (waves) => {
          const { taken, pass } = quotas({ ratePerSecond: 10, burst: 20 });
          let [elapsedUs, granted] = [0, 0];
          for (const [pauseUs, requests] of waves) {
            pass(pauseUs);
            elapsedUs += pauseUs;
            granted += taken(requests);
          }
          expect(granted).toBeLessThanOrEqual(20 + (elapsedUs * 10) / 1_000_000 + 1e-6);
        },
      ),
    );
  });
});

test('without limits nobody is ever refused', () => {
  const { take } = createQuotas(undefined, () => 0);
  for (let request = 0; request < 10_000; request += 1) expect(take(ACCOUNT, false)).toBe(true);
});
