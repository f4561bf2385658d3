import { describe, expect, test } from 'vitest';
import { looksToHeal, looksUntil, proofTimes } from './chance.ts';

const links = [{ roundTripMs: 10 }];

describe('looks at what shows itself by chance', () => {
  test.for([
    [1, 1],
    [0.5, 10],
    [0.1, 66],
    [0.01, 688],
  ] as const)(
    'of one look in %d are so many that one in a thousand proofs misses it: %d',
    ([chance, looks]) => {
      expect(looksUntil(0.999, chance)).toBe(looks);
      expect(1 - (1 - chance) ** looks).toBeGreaterThanOrEqual(0.999);
    },
  );

  test.for([
    [1, 1],
    [0.5, 7],
    [0.1, 44],
    [0.01, 44],
  ] as const)('of one look in %d are %d in a row before it counts as gone', ([chance, looks]) => {
    expect(looksToHeal({ chance })).toBe(looks);
  });

  test('take the longer the rarer it is, the farther the link and the more links there are', () => {
    const time = (chance: number, roundTripMs: number, count: number) =>
      proofTimes({ chance, links: Array.from({ length: count }, () => ({ roundTripMs })) }).proveWithinMs;
    expect(time(1, 10, 1)).toBe(2_000);
    expect(time(0.1, 10, 1)).toBeGreaterThan(time(0.5, 10, 1));
    expect(time(0.1, 100, 1)).toBeGreaterThan(time(0.1, 10, 1));
    expect(time(0.1, 10, 8)).toBeGreaterThan(time(0.1, 10, 1));
    expect(proofTimes({ chance: 0.1, links }).leastMs).toBeGreaterThan(1_000);
  });
});
