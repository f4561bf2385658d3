import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClockWatch, surelyOffMs } from './merge-clock.ts';

const SERVED_MS = 1_795_582_543_000;

/** An attempt that ended so long after the answer was made, as a clock tells it that is ahead by so much. */
const attempt = (tookMs: number, afterMs: number, aheadMs = 0) => ({
  endedUs: (SERVED_MS + afterMs + aheadMs) * 1_000,
  tookUs: tookMs * 1_000,
  servedAtMs: SERVED_MS,
});

describe('the clock of a part', () => {
  it('is not held to be off for answers that came late, wherever in their time they were made', () => {
    const took = fc.integer({ min: 0, max: 60_000 });
    const attempts = fc.array(
      took.chain((ms) => fc.tuple(fc.constant(ms), fc.integer({ min: 0, max: ms }))),
      {
        minLength: 1,
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(attempts, (all) => {
        const watch = createClockWatch();
        for (const [tookMs, afterMs] of all) watch.look(attempt(tookMs, afterMs));
        const offset = watch.offset();
        expect(offset && surelyOffMs(offset)).toBe(0);
      }),
    );
  });

  it('is told by its quickest answers, however many slow ones there are', () => {
    const watch = createClockWatch();
    for (let slow = 0; slow < 1_000; slow += 1) watch.look(attempt(8_000, 0, 3_000));
    for (let quick = 0; quick < 15; quick += 1) watch.look(attempt(20, 10, 3_000));
    expect(watch.offset()).toEqual({ aheadMs: 3_000, withinMs: 11 });
    expect(surelyOffMs({ aheadMs: -3_000, withinMs: 11 })).toBe(2_989);
  });

  it('is not judged by one answer that k6 was late to tell of', () => {
    const watch = createClockWatch();
    watch.look(attempt(2, 9_000));
    for (let quick = 0; quick < 14; quick += 1) watch.look(attempt(20, 10));
    expect(watch.offset()?.aheadMs).toBe(0);
  });

  it('is unknown where no answer says when it was made', () => {
    const watch = createClockWatch();
    watch.look({ ...attempt(20, 10), servedAtMs: 0 });
    expect(watch.offset()).toBeUndefined();
  });
});
