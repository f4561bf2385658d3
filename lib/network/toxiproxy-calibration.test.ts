import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { injectedFor, latenessMs } from './toxiproxy-calibration.ts';

const POINTS = [
  { injectedMs: 0, lateMsMedian: 0.1, lateMsP99: 1 },
  { injectedMs: 10, lateMsMedian: 0.5, lateMsP99: 1 },
  { injectedMs: 100, lateMsMedian: 1.4, lateMsP99: 2 },
];

describe('the calibration of Toxiproxy', () => {
  it('reads lateness between the measured points, and as at the last one beyond', () => {
    expect(latenessMs(POINTS, 0)).toBe(0.1);
    expect(latenessMs(POINTS, 5)).toBeCloseTo(0.3);
    expect(latenessMs(POINTS, 55)).toBeCloseTo(0.95);
    expect(latenessMs(POINTS, 400)).toBe(1.4);
    expect(latenessMs([], 10)).toBe(0);
  });

  it('injects less than is wanted, by what comes late', () => {
    expect(injectedFor(POINTS, 100)).toBe(99);
    expect(injectedFor(POINTS, 101.4)).toBe(100);
    expect(injectedFor(POINTS, 0.3)).toBe(0);
  });

  it('does not take a busy machine for a late Toxiproxy', () => {
    expect(injectedFor([{ injectedMs: 0, lateMsMedian: 40, lateMsP99: 90 }], 60)).toBeGreaterThanOrEqual(58);
  });

  it('is never off by more than half a millisecond, but where even nothing injected is too late', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 400, noNaN: true }), (roundTripMs) => {
        const injectedMs = injectedFor(POINTS, roundTripMs);
        const off = injectedMs + latenessMs(POINTS, injectedMs) - roundTripMs;
        expect(Math.abs(off)).toBeLessThanOrEqual(0.53);
      }),
    );
  });
});
