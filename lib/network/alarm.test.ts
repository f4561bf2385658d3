import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAlarm } from './alarm.ts';

/** A world whose time moves only when a timer is waited for, a turn is taken (10 µs) or the clock is read. */
function handMoved() {
  let nowUs = 0;
  let timers: { readonly atUs: number; readonly wake: () => void }[] = [];
  let turns: (() => void)[] = [];
  const alarm = createAlarm({
    clock: () => {
      nowUs += 1;
      return nowUs;
    },
    later: (delayMs, wake) => {
      const timer = { atUs: nowUs + delayMs * 1_000, wake };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    soon: (wake) => turns.push(wake),
  });
  const run = () => {
    while (turns.length > 0 || timers.length > 0) {
      const due = turns;
      turns = [];
      nowUs += 10;
      for (const wake of due) wake();
      if (due.length > 0) continue;
      timers.sort((a, b) => a.atUs - b.atUs);
      const timer = timers.shift();
      if (timer === undefined) continue;
      nowUs = Math.max(nowUs, timer.atUs);
      timer.wake();
    }
  };
  return { alarm, run, now: () => nowUs };
}

describe('the alarm', () => {
  it('rings everyone once, never early, in order, ties as they came', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20_000), { maxLength: 200 }), (dues) => {
        const { alarm, run, now } = handMoved();
        const rung: { readonly dueUs: number; readonly index: number }[] = [];
        dues.forEach((dueUs, index) => {
          alarm.at(dueUs, () => {
            expect(now()).toBeGreaterThanOrEqual(dueUs);
            rung.push({ dueUs, index });
          });
        });
        run();
        const sorted = dues
          .map((dueUs, index) => ({ dueUs, index }))
          .sort((a, b) => a.dueUs - b.dueUs || a.index - b.index);
        expect(rung).toEqual(sorted);
      }),
    );
  });

  it('an earlier deadline that comes later is not kept waiting by the timer already set', () => {
    const { alarm, run, now } = handMoved();
    const rungUs: number[] = [];
    alarm.at(50_000, () => rungUs.push(now()));
    alarm.at(3_000, () => rungUs.push(now()));
    run();
    expect(rungUs[0]).toBeLessThan(3_100);
    expect(rungUs[1]).toBeLessThan(50_100);
  });

  it('a deadline set from within a ring is kept', () => {
    const { alarm, run } = handMoved();
    const rung: string[] = [];
    alarm.at(1_000, () => {
      rung.push('first');
      alarm.at(1_000, () => rung.push('second'));
    });
    run();
    expect(rung).toEqual(['first', 'second']);
  });
});
