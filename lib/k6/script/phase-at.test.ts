import { expect, it } from 'vitest';
import { phaseAt } from './phase-at.ts';

const PHASES = [
  { name: 'outage', fromUs: 2_000_000, toUs: 4_000_000 },
  { name: 'slow', fromUs: 3_000_000, toUs: 5_000_000 },
  { name: 'outage/2', fromUs: 7_000_000, toUs: 8_000_000 },
];

it.each([
  [0, 'before'],
  [1_999_999, 'before'],
  [2_000_000, 'outage'],
  [3_500_000, 'outage+slow'],
  [4_000_000, 'slow'],
  [5_000_000, 'after'],
  [7_999_999, 'outage/2'],
  [8_000_000, 'after'],
])('at %d µs of the run it is %s', (runUs, expected) => {
  expect(phaseAt(PHASES, runUs)).toBe(expected);
});
