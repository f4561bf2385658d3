import { describe, expect, it } from 'vitest';
import type { Expectation } from './expectation.ts';
import { headlineOf } from './headline.ts';
import type { Judged } from './judged.ts';

const SERVED: Expectation = {
  name: 'served throughout',
  kind: 'success-ratio',
  group: 'app',
  phase: 'during',
  fault: 'outage',
  atLeast: 0.97,
};
const RECOVERED: Expectation = {
  name: 'served elsewhere soon',
  kind: 'recovery',
  fault: 'outage',
  group: 'app',
  milestone: 'failedOver',
  within: '3s',
};

function passed(part: Partial<Judged>): Judged {
  return {
    verdict: 'pass',
    value: 1,
    unit: 'ratio',
    low: null,
    high: null,
    limit: 1,
    n: 6,
    sentence: 'In its own words.',
    ...part,
  };
}

describe('the headline of a pass', () => {
  const recovery = passed({ unit: 's', value: 0.412, limit: 3 });

  it('tells how fast callers were served elsewhere, wherever the scenario says so', () => {
    expect(headlineOf([SERVED, RECOVERED], [passed({}), recovery])).toBe(
      'Both expectations held. Within 412 ms of the start of the outage, all 6 callers of app that it hit were served elsewhere; the limit is 3 s.',
    );
  });

  it('speaks of a single caller and of an early one as people do', () => {
    expect(headlineOf([RECOVERED], [{ ...recovery, n: 1, value: -0.001 }])).toBe(
      'Within 0 ms of the start of the outage, the one caller of app that it hit was served elsewhere; the limit is 3 s.',
    );
  });

  it('tells the first expectation when no caller had to be served elsewhere', () => {
    expect(headlineOf([SERVED], [passed({ value: 0, limit: 0.05 })])).toMatch(
      /^None of the requests of app during/,
    );
    expect(headlineOf([SERVED], [passed({ value: 0.994, limit: 0.97 })])).toBe(
      '99.40 % of the requests of app during the outage succeeded, as expected: at least 97 %.',
    );
    expect(headlineOf([{ name: 'walls', kind: 'partition-wall' }], [passed({ n: 451 })])).toContain(
      '451 attempts',
    );
    expect(headlineOf([{ name: 'few', kind: 'lost-requests', group: 'app', atMost: 3 }], [passed({})])).toBe(
      'In its own words.',
    );
  });
});
