import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from './random.ts';

const draws = (seed: number | string, count = 32): number[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => random.next());
};

describe('seeded chance', () => {
  it('repeats itself for one seed and differs for another', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (one, other) => {
        expect(draws(one)).toEqual(draws(one));
        if (one !== other) expect(draws(one)).not.toEqual(draws(other));
      }),
    );
  });

  it('gives each purpose its own stream, whatever the parent has drawn', () => {
    const fresh = createRandom(7);
    const used = createRandom(7);
    used.next();
    expect(used.fork('arrivals').next()).toBe(fresh.fork('arrivals').next());
    expect(fresh.fork('arrivals').next()).not.toBe(fresh.fork('jitter').next());
  });

  it('is uniform enough: each tenth of 100,000 draws holds a tenth of them', () => {
    const bins = new Array<number>(10).fill(0);
    for (const value of draws('uniform', 100_000))
      bins[Math.floor(value * 10)] = (bins[Math.floor(value * 10)] ?? 0) + 1;
    for (const count of bins) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  it('draws exponential waits with the mean asked for', () => {
    const random = createRandom('exponential');
    let sum = 0;
    for (let index = 0; index < 100_000; index += 1) sum += random.exponential(25);
    expect(sum / 100_000).toBeGreaterThan(24.5);
    expect(sum / 100_000).toBeLessThan(25.5);
  });
});
