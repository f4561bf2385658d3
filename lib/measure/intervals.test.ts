import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../time/random.ts';
import {
  fewestForQuantile,
  ordered,
  quantile,
  quantileChange,
  quantileEstimate,
  quantileInterval,
  shareChange,
  wilson,
} from './intervals.ts';

const upTo = (n: number) => ordered(Array.from({ length: n }, (_, index) => index + 1));

/** P(fewer than `count` of n values lie below the quantile p), by adding up Pascal's triangle. */
function binomialBelow(n: number, p: number, count: number): number {
  let masses = [1];
  for (let trial = 0; trial < n; trial += 1) {
    masses = Array.from(
      { length: trial + 2 },
      (_, hits) => (masses[hits] ?? 0) * (1 - p) + (masses[hits - 1] ?? 0) * p,
    );
  }
  return masses.slice(0, count).reduce((sum, mass) => sum + mass, 0);
}

describe('a quantile', () => {
  it('is the smallest value that the share does not exceed', () => {
    expect(quantile(upTo(100), 0.99)).toBe(99);
    expect(quantile(upTo(100), 0.07)).toBe(7);
    expect(quantile(upTo(3), 0.5)).toBe(2);
    expect(quantile(upTo(0), 0.5)).toBeNull();
  });

  it('has no interval until enough values exist', () => {
    expect(fewestForQuantile(0.99)).toBe(368);
    expect(fewestForQuantile(0.999)).toBe(3688);
    for (const p of [0.5, 0.9, 0.99]) {
      const fewest = fewestForQuantile(p);
      expect(quantileInterval(upTo(fewest - 1), p)).toBeNull();
      expect(quantileInterval(upTo(fewest), p)).not.toBeNull();
    }
  });

  it('has the ranks that tables of the binomial give for a median', () => {
    // Hahn and Meeker, table for n = 20: the 6th and the 15th value, coverage 95.9 %.
    expect(quantileInterval(upTo(20), 0.5)).toEqual({ low: 6, high: 15 });
  });

  it('has the tightest ranks whose tails hold at most 2.5 % each', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 6, max: 120 }),
        fc.double({ min: 0.1, max: 0.9, noNaN: true }),
        (n, p) => {
          const ranks = quantileInterval(upTo(n), p);
          if (ranks === null) return;
          const below = (rank: number) => binomialBelow(n, p, rank);
          expect(below(ranks.low)).toBeLessThanOrEqual(0.025);
          expect(below(ranks.low + 1)).toBeGreaterThan(0.025);
          expect(below(ranks.high)).toBeGreaterThanOrEqual(0.975);
          expect(below(ranks.high - 1)).toBeLessThan(0.975);
        },
      ),
    );
  });

  it('lies inside its own interval, which narrows with more values', () => {
    fc.assert(
      fc.property(fc.integer({ min: 400, max: 20_000 }), fc.constantFrom(0.5, 0.9, 0.99), (n, p) => {
        const estimate = quantileEstimate(upTo(n), p);
        if (estimate === null) throw new Error('no interval');
        expect(estimate.low).toBeLessThanOrEqual(estimate.value);
        expect(estimate.high).toBeGreaterThanOrEqual(estimate.value);
        const wider = quantileEstimate(upTo(n * 4), p);
        const width = (interval: { low: number; high: number }, size: number) =>
          (interval.high - interval.low) / size;
        if (wider !== null) expect(width(wider, n * 4)).toBeLessThan(width(estimate, n));
      }),
      { numRuns: 30 },
    );
  });

  it('is covered by its interval about 95 times in 100', () => {
    const random = createRandom('coverage');
    const truth = -Math.log(0.1) * 10;
    let covered = 0;
    for (let trial = 0; trial < 1_000; trial += 1) {
      const interval = quantileInterval(
        ordered(Array.from({ length: 300 }, () => random.exponential(10))),
        0.9,
      );
      if (interval !== null && interval.low <= truth && truth <= interval.high) covered += 1;
    }
    expect(covered).toBeGreaterThan(930);
    expect(covered).toBeLessThan(985);
  });
});

describe('a share', () => {
  it('has the interval of Wilson', () => {
    // Newcombe 1998, table I: 81 of 263 gives 0.2553 to 0.3662; 0 of 20 gives 0 to 0.1611.
    const estimate = wilson(81, 263);
    expect(estimate?.low).toBeCloseTo(0.2553, 4);
    expect(estimate?.high).toBeCloseTo(0.3662, 4);
    expect(wilson(0, 20)).toMatchObject({ value: 0, low: 0 });
    expect(wilson(0, 20)?.high).toBeCloseTo(0.1611, 4);
    expect(wilson(20, 20)?.high).toBe(1);
  });

  it('of nothing is unknown', () => {
    expect(wilson(0, 0)).toBeNull();
    expect(shareChange({ k: 0, n: 0 }, { k: 1, n: 2 })).toBeNull();
  });

  it('changes by an amount with the interval of Newcombe', () => {
    // Newcombe 1998, table II, method 10: 56/70 against 48/80 gives 0.0524 to 0.3339.
    const change = shareChange({ k: 48, n: 80 }, { k: 56, n: 70 });
    expect(change?.value).toBeCloseTo(0.2, 10);
    expect(change?.low).toBeCloseTo(0.0524, 4);
    expect(change?.high).toBeCloseTo(0.3339, 4);
  });
});

describe('a change of a quantile', () => {
  it('holds zero when both sides are alike and not when one moved away', () => {
    const shifted = ordered(Array.from({ length: 1_000 }, (_, index) => index + 501));
    const same = quantileChange(upTo(1_000), upTo(1_000), 0.5);
    expect(same?.value).toBe(0);
    expect(same?.low).toBeLessThan(0);
    expect(same?.high).toBeGreaterThan(0);
    const moved = quantileChange(upTo(1_000), shifted, 0.5);
    expect(moved?.value).toBe(500);
    expect(moved?.low).toBeGreaterThan(0);
  });

  it('is unknown when a side has too few values', () => {
    expect(quantileChange(upTo(100), upTo(1_000), 0.99)).toBeNull();
  });
});
