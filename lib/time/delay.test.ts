import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Delay, delayProblem, drawDelayMs } from './delay.ts';
import { createRandom } from './random.ts';

const draws = (delay: Delay, count = 2_000): number[] => {
  const random = createRandom(7);
  return Array.from({ length: count }, () => drawDelayMs(delay, random)).sort((one, other) => one - other);
};

describe('a delay', () => {
  test('that is fixed is always the same', () => {
    expect(new Set(draws({ kind: 'fixed', addedMs: 80 }))).toEqual(new Set([80]));
  });

  test('that is jittered spreads evenly around its middle, never below nothing', () => {
    const drawn = draws({ kind: 'jittered', addedMs: 100, jitterMs: 50 });
    expect(drawn[0]).toBeGreaterThanOrEqual(50);
    expect(drawn.at(-1)).toBeLessThanOrEqual(150);
    expect(Math.abs((drawn[1_000] ?? 0) - 100)).toBeLessThan(10);
    expect(draws({ kind: 'jittered', addedMs: 10, jitterMs: 50 })[0]).toBe(0);
  });

  test('from a table has the quantiles of that table', () => {
    const drawn = draws({
      kind: 'quantiles',
      points: [
        { share: 0.5, addedMs: 20 },
        { share: 0.9, addedMs: 100 },
        { share: 1, addedMs: 1_000 },
      ],
    });
    expect(drawn[900]).toBe(20);
    expect(Math.abs((drawn[1_400] ?? 0) - 60)).toBeLessThan(12);
    expect(Math.abs((drawn[1_900] ?? 0) - 550)).toBeLessThan(120);
    expect(drawn.at(-1)).toBeLessThanOrEqual(1_000);
  });

  test('from any table stays within it', () => {
    const table = fc
      .tuple(
        fc.uniqueArray(fc.double({ min: 0, max: 0.99, noNaN: true }), { maxLength: 5 }),
        fc.infiniteStream(fc.nat(900)),
      )
      .map(([shares, times]) => {
        const ascending = [...shares].map(Math.abs).sort((one, other) => one - other);
        const points = [...new Set(ascending), 1].map((share) => ({ share, addedMs: times.next().value }));
        return points;
      });
    fc.assert(
      fc.property(table, fc.integer(), (points, seed) => {
        const delay: Delay = { kind: 'quantiles', points };
        expect(delayProblem(delay)).toBeUndefined();
        const times = points.map(({ addedMs }) => addedMs);
        const random = createRandom(seed);
        for (let more = 0; more < 20; more += 1) {
          const drawn = drawDelayMs(delay, random);
          expect(drawn).toBeGreaterThanOrEqual(Math.min(...times) - 1e-6);
          expect(drawn).toBeLessThanOrEqual(Math.max(...times) + 1e-6);
        }
      }),
    );
  });
});

test.each<[Delay, string]>([
  [{ kind: 'jittered', addedMs: 1, jitterMs: Number.NaN }, 'a delay of NaN ms'],
  [{ kind: 'fixed', addedMs: 1e9 }, 'is not between 0 and'],
  [{ kind: 'quantiles', points: [] }, 'do not ascend'],
  [{ kind: 'quantiles', points: [{ share: 0.5, addedMs: 1 }] }, 'do not ascend'],
  [
    {
      kind: 'quantiles',
      points: [
        { share: 1, addedMs: 1 },
        { share: 1, addedMs: 2 },
      ],
    },
    'shares 1, 1 do not ascend',
  ],
])('%j is refused', (delay, message) => {
  expect(delayProblem(delay)).toContain(message);
});
