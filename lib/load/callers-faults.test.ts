import { beforeEach, describe, expect, it } from 'vitest';
import { isChosen } from './caller-choice.ts';
import { type CallersFaults, createCallersFaults, type HeldCallersFault } from './callers-faults.ts';

const CALLER = { name: 'web-1', group: 'web', location: 'eu-west-1' };
const HOST = 'sts.eu-west-1.amazonaws.com';

let nowUs: number;
let faults: CallersFaults;

beforeEach(() => {
  nowUs = 5_000_000;
  faults = createCallersFaults(() => nowUs);
});

const skew = (id: string, offsetMs: number, callers = { share: 1 }): HeldCallersFault => ({
  id,
  leaseMs: 10_000,
  kind: 'clock-skew',
  callers,
  offsetMs,
  seed: 7,
});

const names = (
  id: string,
  trouble: 'gone' | 'empty' | 'no-answer' | 'stale',
  hosts: readonly string[] = [HOST],
): HeldCallersFault => ({
  id,
  leaseMs: 10_000,
  kind: 'names',
  callers: { share: 1 },
  hosts,
  trouble,
  seed: 7,
});

describe("the callers' surroundings", () => {
  it('are in order without a fault', () => {
    expect(faults.skewMs(CALLER)).toBe(0);
    expect(faults.nameAnswer(CALLER, HOST)).toBeUndefined();
  });

  it('add the errors of a clock up', () => {
    faults.set(skew('ahead', 1_000_000));
    faults.set(skew('behind', -250_000));
    expect(faults.skewMs(CALLER)).toBe(750_000);
  });

  it('let the latest fault that applies decide about a name', () => {
    faults.set(names('first', 'gone'));
    faults.set(names('second', 'stale'));
    faults.set(names('elsewhere', 'empty', ['sts.amazonaws.com']));
    expect(faults.nameAnswer(CALLER, HOST)).toBe('stale');
    faults.set(names('first', 'no-answer'));
    expect(faults.nameAnswer(CALLER, HOST)).toBe('no-answer');
    faults.clear({ id: 'first' });
    expect(faults.nameAnswer(CALLER, HOST)).toBe('stale');
  });

  it('are wrong for those alone whom the draw hits, the same as everybody draws', () => {
    faults.set(skew('some', 1_000, { share: 0.4 }));
    for (let number = 1; number <= 50; number += 1) {
      const caller = { ...CALLER, name: `web-${number}` };
      const chosen = isChosen({ share: 0.4 }, 7, caller);
      expect([faults.skewMs(caller), faults.skewMs(caller)]).toEqual(chosen ? [1_000, 1_000] : [0, 0]);
    }
  });

  it('mend themselves when a lease runs out, and say so to whoever renews', () => {
    faults.set(skew('clock', 1_000));
    faults.set(names('dns', 'gone'));
    nowUs += 9_000_000;
    expect(faults.renew({ id: 'clock', leaseMs: 10_000 })).toEqual({ known: true });
    nowUs += 1_000_000;
    expect(faults.nameAnswer(CALLER, HOST)).toBeUndefined();
    expect(faults.skewMs(CALLER)).toBe(1_000);
    nowUs += 9_000_000;
    expect(faults.renew({ id: 'clock', leaseMs: 10_000 })).toEqual({ known: false });
    expect(faults.renew({ id: 'dns', leaseMs: 10_000 })).toEqual({ known: false });
    expect(faults.skewMs(CALLER)).toBe(0);
  });

  it('can be mended twice', () => {
    faults.set(skew('clock', 1_000));
    faults.clear({ id: 'clock' });
    faults.clear({ id: 'clock' });
    expect(faults.skewMs(CALLER)).toBe(0);
  });

  it.each([
    ['no lease', { ...skew('clock', 1), leaseMs: 0 }, /a lease needs a length/],
    ['no time', skew('clock', Number.NaN), /NaN ms, which is no time/],
  ])('take no fault with %s', (_, fault, message) => {
    expect(() => faults.set(fault)).toThrow(message);
    expect(faults.skewMs(CALLER)).toBe(0);
  });
});
