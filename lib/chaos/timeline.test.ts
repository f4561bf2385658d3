import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { faultSchema } from './fault-kinds.ts';
import { stepsOf, timelineOf } from './timeline.ts';
import { VIEW } from './view.fixture.ts';

const anyFaults = fc
  .array(fc.record({ fromUs: fc.nat(60_000_000), lengthUs: fc.integer({ min: 1, max: 60_000_000 }) }), {
    maxLength: 12,
  })
  .map((list) =>
    list
      .map(({ fromUs, lengthUs }, index) => ({ name: `f${index}`, fromUs, toUs: fromUs + lengthUs }))
      .sort((one, other) => one.fromUs - other.fromUs),
  );

describe('a timeline', () => {
  test('prepares, applies and lifts every fault exactly once, in this order', () => {
    fc.assert(
      fc.property(anyFaults, (faults) => {
        const steps = stepsOf(faults);
        for (const { name } of faults) {
          const own = steps.filter((step) => step.fault === name).map((step) => step.action);
          expect(own).toEqual(['prepare', 'apply', 'lift']);
        }
        expect(steps).toHaveLength(3 * faults.length);
      }),
    );
  });

  test('leaves nothing in force when it is walked to its end, and never lifts what is not in force', () => {
    fc.assert(
      fc.property(anyFaults, (faults) => {
        const active = new Set<string>();
        for (const step of stepsOf(faults)) {
          if (step.action === 'apply') active.add(step.fault);
          if (step.action === 'lift') expect(active.delete(step.fault)).toBe(true);
        }
        expect(active.size).toBe(0);
      }),
    );
  });

  test('never goes back in time', () => {
    fc.assert(
      fc.property(anyFaults, (faults) => {
        const times = stepsOf(faults).map((step) => step.atUs);
        expect(times).toEqual(times.toSorted((one, other) => one - other));
      }),
    );
  });

  test('lifts in the reverse order of applying where faults end together, before anything new is applied', () => {
    const steps = stepsOf([
      { name: 'first', fromUs: 2_000_000, toUs: 9_000_000 },
      { name: 'second', fromUs: 3_000_000, toUs: 9_000_000 },
      { name: 'next', fromUs: 9_000_000, toUs: 10_000_000 },
    ]);
    const atNine = steps
      .filter((step) => step.atUs === 9_000_000)
      .map((step) => `${step.action} ${step.fault}`);
    expect(atNine).toEqual(['lift second', 'lift first', 'apply next']);
  });

  test('ends a fault with the load, and leaves out one that would begin after it', () => {
    const faults = [
      faultSchema.parse({
        kind: 'refused',
        name: 'long',
        target: { region: 'eu-west-1' },
        at: '5s',
        for: '1h',
      }),
      faultSchema.parse({
        kind: 'refused',
        name: 'late',
        target: { region: 'eu-west-1' },
        at: '10s',
        for: '1s',
      }),
    ];
    const timeline = timelineOf(faults, 10_000_000, VIEW);
    expect(timeline.faults.map(({ name, fromUs, toUs }) => ({ name, fromUs, toUs }))).toEqual([
      { name: 'long', fromUs: 5_000_000, toUs: 10_000_000 },
    ]);
  });
});
