import { uptime } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClockReading, compareClocks, describeTrouble } from './clock-watch.ts';

const FIRST: ClockReading = { monoUs: 5_000_000, wallMs: Date.UTC(2026, 10, 24), bootMs: 9_000_000 };

/** One second after another, each with what it had that a second has not: [wall, slept, late], milliseconds. */
function found(...seconds: readonly (readonly [wall: number, slept: number, late: number])[]) {
  const comparison = compareClocks(FIRST);
  let now = FIRST;
  return seconds.flatMap(([wall, slept, late]) => {
    now = {
      monoUs: now.monoUs + (1_000 + late) * 1_000,
      wallMs: now.wallMs + 1_000 + late + slept + wall,
      bootMs: now.bootMs + 1_000 + late + slept,
    };
    return comparison.read(now);
  });
}

describe('the clocks', () => {
  it.each([
    [
      'go on as they should',
      [
        [0, 0, 0],
        [0, 0, 200],
      ],
      [],
    ],
    [
      'are a little apart, as reading takes time',
      [
        [400, 10, 0],
        [-300, -10, 0],
      ],
      [],
    ],
    [
      'are set forward by an hour',
      [
        [0, 0, 0],
        [3_600_000, 0, 0],
        [0, 0, 0],
      ],
      [{ kind: 'stepped', byMs: 3_600_000 }],
    ],
    [
      'are set back by a day',
      [
        [-86_400_000, 0, 0],
        [0, 0, 0],
      ],
      [{ kind: 'stepped', byMs: -86_400_000 }],
    ],
    [
      'are set forth and back',
      [
        [5_000, 0, 0],
        [-5_000, 0, 0],
      ],
      [
        { kind: 'stepped', byMs: 5_000 },
        { kind: 'stepped', byMs: -5_000 },
      ],
    ],
    [
      'sleep',
      [
        [0, 60_000, 0],
        [0, 0, 0],
      ],
      [{ kind: 'suspended', forMs: 60_000 }],
    ],
    [
      'sleep and are set while they do',
      [[-3_000, 60_000, 0]],
      [
        { kind: 'suspended', forMs: 60_000 },
        { kind: 'stepped', byMs: -3_000 },
      ],
    ],
    [
      'go on without us',
      [
        [0, 0, 4_000],
        [0, 0, 0],
      ],
      [{ kind: 'stalled', forMs: 4_000 }],
    ],
    [
      'drift apart slowly',
      [
        [400, 0, 0],
        [400, 0, 0],
        [400, 0, 0],
        [400, 0, 0],
      ],
      [{ kind: 'stepped', byMs: 1_200 }],
    ],
  ] as const)('that %s are told for what they are', (_, seconds, troubles) => {
    expect(found(...seconds)).toEqual(troubles);
  });

  it('never let a step hide or pass for sleep, whatever its size', () => {
    fc.assert(
      fc.property(fc.integer({ min: -86_400_000, max: 86_400_000 }), fc.nat(3_600_000), (wall, slept) => {
        const kinds = found([wall, slept, 0]).map(({ kind }) => kind);
        expect(kinds.includes('suspended')).toBe(slept > 2_000);
        if (slept === 0 || slept > 2_000) expect(kinds.includes('stepped')).toBe(Math.abs(wall) > 1_000);
      }),
    );
  });

  it('are told in sentences', () => {
    expect(describeTrouble({ kind: 'stepped', byMs: -3_600_000 }, 12_340_000)).toBe(
      'the wall clock was set back by 3600.0 s at 12.3 s of the run; no figure depends on it',
    );
  });

  it('that the system gives do not run backwards', () => {
    const before = uptime();
    expect(uptime()).toBeGreaterThanOrEqual(before);
  });
});
