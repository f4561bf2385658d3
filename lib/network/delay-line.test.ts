import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDelayLine } from './delay-line.ts';
import { arrivalAtCallerUs, arrivalAtServiceUs } from './path-timing.ts';

describe('a delay line', () => {
  it('keeps order and never releases early, whatever the delays', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(1_000), fc.nat(5_000))), (pushes) => {
        const line = createDelayLine<number>();
        let nowUs = 0;
        const dueUs: number[] = [];
        for (const [gapUs, delayUs] of pushes) {
          nowUs += gapUs;
          dueUs.push(nowUs + delayUs);
          line.push(dueUs.length - 1, nowUs + delayUs);
        }
        const released: number[] = [];
        for (let nextUs = line.nextUs(); nextUs !== undefined; nextUs = line.nextUs()) {
          expect(line.take(nextUs - 1)).toBeUndefined();
          const item = line.take(nextUs);
          expect(nextUs).toBeGreaterThanOrEqual(dueUs[item as number] as number);
          released.push(item as number);
        }
        expect(released).toEqual(dueUs.map((_, index) => index));
      }),
    );
  });

  it('a delay that shrinks lets nothing overtake', () => {
    const line = createDelayLine<string>();
    line.push('slow', 100);
    line.push('quick', 20);
    expect(line.take(99)).toBeUndefined();
    expect([line.take(100), line.take(100)]).toEqual(['slow', 'quick']);
  });
});

describe('the timing of a path', () => {
  const path = { openedUs: 1_000, handshakeUs: 80_000 };

  it('charges a fresh connection its TCP round trip on the first flight', () => {
    expect(arrivalAtServiceUs(path, 1_000, 80_000)).toBe(1_000 + 80_000 + 40_000);
  });

  it('charges only what is missing of it', () => {
    expect(arrivalAtServiceUs(path, 51_000, 80_000)).toBe(81_000 + 40_000);
    expect(arrivalAtServiceUs(path, 200_000, 80_000)).toBe(240_000);
  });

  it('the first answer is two round trips after the connect, as over a real path', () => {
    const atServiceUs = arrivalAtServiceUs(path, 1_000, 80_000);
    expect(arrivalAtCallerUs(path, atServiceUs, 80_000)).toBe(1_000 + 2 * 80_000);
  });

  it('a service that speaks first is not heard before two round trips either', () => {
    expect(arrivalAtCallerUs(path, 1_000, 80_000)).toBe(1_000 + 2 * 80_000);
  });
});
