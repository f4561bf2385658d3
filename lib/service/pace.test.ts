import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../time/random.ts';
import { createPace, type PaceSpec, type Slot } from './pace.ts';

const random = () => createRandom(7).fork('service time eu-west-1');

const constant = (concurrency: number, queueLimit: number, ms: number): PaceSpec => ({
  concurrency,
  queueLimit,
  serviceTime: { kind: 'constant', ms },
});

function admitAll(spec: PaceSpec, arrivalsUs: readonly number[]): (Slot | 'full')[] {
  const pace = createPace(spec, random());
  return arrivalsUs.map((arrivalUs) => pace.admit(arrivalUs));
}

describe('a Region', () => {
  test('serves as many at once as it has servers, and the next when one is done', () => {
    expect(admitAll(constant(2, 10, 1), [0, 0, 0, 500, 5_000])).toEqual([
      { startUs: 0, endUs: 1_000 },
      { startUs: 0, endUs: 1_000 },
      { startUs: 1_000, endUs: 2_000 },
      { startUs: 1_000, endUs: 2_000 },
      { startUs: 5_000, endUs: 6_000 },
    ]);
  });

  test('turns away who finds the queue full, and takes the next who finds room', () => {
    expect(admitAll(constant(1, 1, 1), [0, 0, 0, 1_000, 1_000])).toEqual([
      { startUs: 0, endUs: 1_000 },
      { startUs: 1_000, endUs: 2_000 },
      'full',
      { startUs: 2_000, endUs: 3_000 },
      'full',
    ]);
  });

  test('without room to wait serves whom a server is free for', () => {
    expect(admitAll(constant(1, 0, 1), [0, 999, 1_000])).toEqual([
      { startUs: 0, endUs: 1_000 },
      'full',
      { startUs: 1_000, endUs: 2_000 },
    ]);
  });

  const spec = fc.record({
    concurrency: fc.integer({ min: 1, max: 6 }),
    queueLimit: fc.integer({ min: 0, max: 5 }),
    serviceTime: fc.constant({ kind: 'lognormal', medianMs: 3, p99Ms: 30 } as const),
  });
  const arrivals = fc
    .array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 60 })
    .map((times) => times.toSorted((one, other) => one - other));

  test('does as a queue written down naively does', () => {
    fc.assert(
      fc.property(spec, arrivals, (declared, times) => {
        const slots = admitAll(declared, times);
        const done: { arrivalUs: number; slot: Slot }[] = [];
        times.forEach((arrivalUs, index) => {
          const busyUntil = done.map(({ slot }) => slot.endUs).filter((endUs) => endUs > arrivalUs);
          const waiting = done.filter(({ slot }) => slot.startUs > arrivalUs).length;
          const slot = slots[index];
          if (slot === undefined) throw new Error('no slot');
          // Whoever came before occupies a server or waits; the queue moves up by one with every end.
          const free = busyUntil.length < declared.concurrency;
          if (slot === 'full') {
            expect(free).toBe(false);
            expect(waiting).toBe(declared.queueLimit);
            return;
          }
          expect(free || waiting < declared.queueLimit).toBe(true);
          const ends = busyUntil.toSorted((one, other) => one - other);
          expect(slot.startUs).toBe(free ? arrivalUs : ends[ends.length - declared.concurrency]);
          expect(slot.endUs).toBeGreaterThanOrEqual(slot.startUs);
          done.push({ arrivalUs, slot });
        });
      }),
    );
  });

  test('that is flooded leaves the waits of another as they were, to the microsecond', () => {
    const declared: PaceSpec = {
      concurrency: 2,
      queueLimit: 50,
      serviceTime: { kind: 'lognormal', medianMs: 8, p99Ms: 40 },
    };
    const seed = createRandom(7);
    const open = (region: string) => createPace(declared, seed.fork(`service time ${region}`));
    const calm = Array.from({ length: 400 }, (_, index) => index * 6_000);

    const alone = open('eu-central-1');
    const before = calm.map((arrivalUs) => alone.admit(arrivalUs));

    const [flooded, beside] = [open('eu-west-1'), open('eu-central-1')];
    let refused = 0;
    const during = calm.map((arrivalUs) => {
      for (let request = 0; request < 20; request += 1) {
        if (flooded.admit(arrivalUs) === 'full') refused += 1;
      }
      return beside.admit(arrivalUs);
    });
    expect(refused).toBeGreaterThan(4_000);
    expect(during).toEqual(before);
  });
});

describe('a service time', () => {
  const alone = (serviceTime: PaceSpec['serviceTime']): number[] => {
    const pace = createPace({ concurrency: 1, queueLimit: 0, serviceTime }, random());
    return Array.from({ length: 20_000 }, (_, index) => {
      const slot = pace.admit(index * 10_000_000);
      if (slot === 'full') throw new Error('full');
      return slot.endUs - slot.startUs;
    });
  };

  test('that is lognormal has the median and the p99 that were declared', () => {
    const times = alone({ kind: 'lognormal', medianMs: 8, p99Ms: 40 }).sort((one, other) => one - other);
    expect((times[10_000] ?? 0) / 8_000).toBeCloseTo(1, 1);
    expect((times[19_800] ?? 0) / 40_000).toBeCloseTo(1, 1);
  });

  test('whose median is its p99 is constant', () => {
    expect(new Set(alone({ kind: 'lognormal', medianMs: 8, p99Ms: 8 }))).toEqual(new Set([8_000]));
  });

  test('is drawn the same from the same seed', () => {
    const draw = () => alone({ kind: 'lognormal', medianMs: 8, p99Ms: 40 }).slice(0, 50);
    expect(draw()).toEqual(draw());
  });
});
