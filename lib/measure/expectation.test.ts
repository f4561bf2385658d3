import { describe, expect, test } from 'vitest';
import { type Expectation, needsFault } from './expectation.ts';

const act = (outcome: 'done' | 'refused'): Expectation => ({
  name: 'it',
  kind: 'act',
  act: 'activate',
  outcome,
});

describe('a run without its faults', () => {
  test('is held to an act that should be done, but not to one that a fault may have been to refuse', () => {
    expect(needsFault(act('done'))).toBe(false);
    expect(needsFault(act('refused'))).toBe(true);
  });

  test('is held to what is said of the whole run, but not to what is said of a fault', () => {
    const ratio = { name: 'it', kind: 'success-ratio', group: 'app', atLeast: 0.99 } as const;
    expect(needsFault({ ...ratio, phase: 'all' })).toBe(false);
    expect(needsFault({ ...ratio, phase: 'during' })).toBe(true);
    expect(needsFault({ ...ratio, phase: 'all', fault: 'outage' })).toBe(true);
  });
});
