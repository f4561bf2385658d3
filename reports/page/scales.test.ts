import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  latencyLabel,
  latencyScale,
  marksAroundZero,
  nines,
  percentileAt,
  percentileLabel,
} from './scales.ts';

describe('scales', () => {
  it('puts every latency on the axis', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60_000_000 }), { minLength: 1 }), (valuesUs) => {
        const { domain, ticks } = latencyScale(valuesUs);
        for (const us of valuesUs) {
          expect(Math.max(us / 1_000, 0.1)).toBeGreaterThanOrEqual(domain[0] * (1 - 1e-9));
          expect(us / 1_000).toBeLessThanOrEqual(domain[1] * (1 + 1e-9));
        }
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.at(-1)).toBeLessThanOrEqual(domain[1]);
      }),
    );
  });

  it('has a scale without any value', () => {
    expect(latencyScale([]).domain).toEqual([1, 100]);
  });

  it('labels marks in the larger unit', () => {
    expect([0.1, 10, 1_000, 10_000].map(latencyLabel)).toEqual(['0.1 ms', '10 ms', '1 s', '10 s']);
  });

  it('marks both sides of zero evenly and within reach', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        fc.integer({ min: 1, max: 6 }),
        (reach, side) => {
          const marks = marksAroundZero(reach, side);
          expect(marks).toContain(0);
          expect(marks.length).toBeGreaterThanOrEqual(3);
          expect(marks.length).toBeLessThanOrEqual(2 * side + 3);
          for (const mark of marks) expect(Math.abs(mark)).toBeLessThanOrEqual(reach * (1 + 1e-9));
        },
      ),
    );
    expect(marksAroundZero(2.7, 1)).toEqual([-2, 0, 2]);
  });

  it('places percentiles by their nines and back', () => {
    expect(nines(0.99)).toBeCloseTo(2);
    expect(percentileAt(nines(0.999))).toBeCloseTo(0.999);
    expect([0.5, 0.99, 0.999].map(percentileLabel)).toEqual(['p50', 'p99', 'p99.9']);
  });
});
