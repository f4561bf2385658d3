import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { delayOf, delayProblems, scaledDelay, shownDelay } from './delay-spec.ts';

const table = fc
  .array(fc.record({ share: fc.integer({ min: 1, max: 99 }), addedMs: fc.nat(30_000) }), { maxLength: 8 })
  .map((points) => {
    const shares = [...new Set(points.map(({ share }) => share / 100)), 1].sort((one, other) => one - other);
    const delays = [...points.map(({ addedMs }) => addedMs), 30_000].sort((one, other) => one - other);
    return shares.map((share, index) => ({ share, addedMs: delays[index] ?? 30_000 }));
  });

describe('a delay', () => {
  test('that was found right is shown by some looks, and by more of them the more draws a look has', () => {
    fc.assert(
      fc.property(table, (quantiles) => {
        if (delayProblems({ quantiles }).length > 0) return;
        const delay = delayOf({ quantiles });
        const [once, twice] = [shownDelay(delay, 1), shownDelay(delay, 2)];
        expect(once.chance).toBeGreaterThan(0);
        expect(twice.chance).toBeGreaterThanOrEqual(once.chance);
        expect(once.byMs).toBeLessThanOrEqual(once.longestMs);
        expect(once.byMs).toBeGreaterThanOrEqual(16);
      }),
    );
  });

  test('that is fixed is shown by every look, to four fifths', () => {
    expect(shownDelay(delayOf({ addedMs: 300 }), 2)).toEqual({ byMs: 240, chance: 1, longestMs: 300 });
  });

  test('that is drawn from a table is shown as often as the table says', () => {
    const tail = delayOf({
      quantiles: [
        { share: 0.9, addedMs: 0 },
        { share: 1, addedMs: 1_000 },
      ],
    });
    const { byMs, chance } = shownDelay(tail, 1);
    expect(byMs).toBe(16);
    expect(chance).toBeCloseTo(0.1 * (1 - 16 / 1_000), 6);
    expect(shownDelay(tail, 2).chance).toBeCloseTo(1 - (1 - chance) ** 2, 6);
  });

  test('of a part of its strength is that part', () => {
    expect(scaledDelay(delayOf({ addedMs: 300, jitterMs: 100 }), 0.5)).toEqual({
      kind: 'jittered',
      addedMs: 150,
      jitterMs: 50,
    });
    expect(scaledDelay(delayOf({ addedMs: 20 }), 0.01)).toEqual({ kind: 'fixed', addedMs: 1 });
  });

  test('that hardly ever comes is refused', () => {
    const quantiles = [
      { share: 0.995, addedMs: 0 },
      { share: 1, addedMs: 1_000 },
    ];
    expect(delayProblems({ quantiles })).toMatchObject([{ place: 'quantiles', message: /one draw in/ }]);
  });
});
