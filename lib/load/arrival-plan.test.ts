import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../time/random.ts';
import { type Arrival, type PlannedGroup, planArrivals } from './arrival-plan.ts';

const SECOND_US = 1_000_000;

const groupArbitrary = (name: string): fc.Arbitrary<PlannedGroup> =>
  fc.record({
    name: fc.constant(name),
    callers: fc.integer({ min: 1, max: 7 }),
    ratePerSecond: fc.integer({ min: 1, max: 80 }),
    operations: fc.record({
      AssumeRole: fc.integer({ min: 1, max: 5 }),
      GetCallerIdentity: fc.integer({ min: 0, max: 5 }),
    }),
    arrivals: fc.constantFrom('poisson', 'even'),
  });

const caseArbitrary = fc.record({
  groups: fc.tuple(groupArbitrary('a'), groupArbitrary('b')),
  durationUs: fc.integer({ min: 1, max: 5 * SECOND_US }),
  seed: fc.integer(),
});

const GROUP: PlannedGroup = {
  name: 'web',
  callers: 4,
  ratePerSecond: 100,
  operations: { AssumeRole: 1 },
  arrivals: 'even',
};

describe('an arrival plan', () => {
  it('is numbered in order of time and lies within the run', () => {
    fc.assert(
      fc.property(caseArbitrary, ({ groups, durationUs, seed }) => {
        const plan = planArrivals(groups, durationUs, createRandom(seed));
        for (const [index, { arrival, plannedUs }] of plan.entries()) {
          expect(arrival).toBe(index);
          expect(Number.isInteger(plannedUs)).toBe(true);
          expect(plannedUs).toBeGreaterThanOrEqual(plan[index - 1]?.plannedUs ?? 0);
          expect(plannedUs).toBeLessThan(durationUs);
        }
      }),
    );
  });

  it('is the same for the same seed, and another for another', () => {
    const plan = (seed: number) =>
      planArrivals([{ ...GROUP, arrivals: 'poisson' }], SECOND_US, createRandom(seed));
    expect(plan(7)).toEqual(plan(7));
    expect(plan(7)).not.toEqual(plan(8));
  });

  it('of one group does not change when another group joins', () => {
    fc.assert(
      fc.property(caseArbitrary, ({ groups: [one, other], durationUs, seed }) => {
        const withoutNumbers = (plan: readonly Arrival[]) =>
          plan.filter(({ group }) => group === 0).map(({ arrival: _, ...rest }) => rest);
        const alone = planArrivals([one], durationUs, createRandom(seed));
        const both = planArrivals([one, other], durationUs, createRandom(seed));
        expect(withoutNumbers(both)).toEqual(withoutNumbers(alone));
      }),
    );
  });

  it('gives every caller its turn before any caller has two more', () => {
    fc.assert(
      fc.property(caseArbitrary, ({ groups, durationUs, seed }) => {
        const plan = planArrivals(groups, durationUs, createRandom(seed));
        for (const [group, { callers }] of groups.entries()) {
          const turns = Array.from(
            { length: callers },
            (_, caller) => plan.filter((one) => one.group === group && one.caller === caller).length,
          );
          expect(Math.max(...turns) - Math.min(...turns)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('keeps even arrivals at one distance', () => {
    const plan = planArrivals([GROUP], 10 * SECOND_US, createRandom(3));
    expect(plan).toHaveLength(1_000);
    const gaps = plan.slice(1).map(({ plannedUs }, index) => plannedUs - (plan[index]?.plannedUs ?? 0));
    for (const gap of gaps) expect(Math.abs(gap - 10_000)).toBeLessThanOrEqual(1);
  });

  it('spreads Poisson arrivals with the mean and the variance of the rate', () => {
    const plan = planArrivals([{ ...GROUP, arrivals: 'poisson' }], 200 * SECOND_US, createRandom(3));
    const perSecond = Array.from(
      { length: 200 },
      (_, second) => plan.filter(({ plannedUs }) => Math.floor(plannedUs / SECOND_US) === second).length,
    );
    const mean = plan.length / 200;
    const variance = perSecond.reduce((sum, count) => sum + (count - mean) ** 2, 0) / 199;
    // Four standard errors on either side: the seed is fixed, so this never flickers.
    expect(Math.abs(mean - 100)).toBeLessThan(4 * Math.sqrt(100 / 200));
    expect(Math.abs(variance / mean - 1)).toBeLessThan(4 * Math.sqrt(2 / 199));
  });

  it('draws operations by weight and never one of weight 0', () => {
    const operations = { AssumeRole: 3, GetCallerIdentity: 1, GetSessionToken: 0 };
    const plan = planArrivals([{ ...GROUP, operations }], 100 * SECOND_US, createRandom(5));
    const share = (operation: string) =>
      plan.filter((one) => one.operation === operation).length / plan.length;
    expect(share('AssumeRole')).toBeCloseTo(0.75, 1);
    expect(share('GetCallerIdentity')).toBeCloseTo(0.25, 1);
    expect(share('GetSessionToken')).toBe(0);
  });
});
