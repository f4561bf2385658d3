import { createHistogram } from 'node:perf_hooks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HISTOGRAM_MAX_US, Histogram } from './histogram.ts';
import { ordered, quantile } from './intervals.ts';

const values = fc.array(fc.integer({ min: 0, max: HISTOGRAM_MAX_US }), { minLength: 1, maxLength: 400 });
const shares = fc.double({ min: 0.001, max: 1, noNaN: true });

function histogramOf(list: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of list) histogram.record(value);
  return histogram;
}

describe('a histogram', () => {
  it('gives every quantile never under and at most 0.1 % over the true one', () => {
    fc.assert(
      fc.property(values, shares, (list, p) => {
        const exact = quantile(ordered(list), p) ?? Number.NaN;
        const found = quantile(histogramOf(list), p) ?? Number.NaN;
        expect(found).toBeGreaterThanOrEqual(exact);
        expect(found).toBeLessThanOrEqual(exact * 1.001);
      }),
    );
  });

  it('merged from two equals one that saw everything', () => {
    fc.assert(
      fc.property(values, values, shares, (one, other, p) => {
        const merged = histogramOf(one);
        merged.merge(histogramOf(other));
        const whole = histogramOf([...one, ...other]);
        expect(merged.n).toBe(whole.n);
        expect(quantile(merged, p)).toBe(quantile(whole, p));
      }),
    );
  });

  it('agrees with the histogram of Node', () => {
    fc.assert(
      fc.property(values, fc.constantFrom(50, 90, 99, 99.9), (list, percent) => {
        const reference = createHistogram({ lowest: 1, highest: HISTOGRAM_MAX_US, figures: 3 });
        for (const value of list) reference.record(Math.max(1, value));
        const expected = reference.percentile(percent);
        // Node takes the nearest rank, ours the first that covers the share.
        const rank = Math.max(1, Math.floor((percent / 100) * list.length + 0.5));
        const found = histogramOf(list.map((value) => Math.max(1, value))).valueAtRank(rank);
        // Both name a bucket of the same resolution by one of its values.
        expect(Math.abs(found - expected)).toBeLessThanOrEqual(Math.max(1, expected / 1_000));
      }),
    );
  });

  it('counts what lies outside its range at the edge and says how much was above', () => {
    const histogram = histogramOf([-5, HISTOGRAM_MAX_US + 1, Number.POSITIVE_INFINITY]);
    expect(histogram.n).toBe(3);
    expect(histogram.over).toBe(2);
    expect(histogram.valueAtRank(1)).toBe(0);
    expect(histogram.valueAtRank(3)).toBe(HISTOGRAM_MAX_US);
  });

  it('refuses a rank that it does not have', () => {
    expect(() => histogramOf([1]).valueAtRank(2)).toThrow(RangeError);
  });
});
