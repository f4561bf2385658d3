import { describe, expect, it } from 'vitest';
import type { ActPerformed } from '../journal/event.ts';
import { fixtureHistory } from './fixture-history.ts';
import { judgeAct } from './judge-act.ts';

const PERFORMED: ActPerformed & { monoUs: number; wallMs: number } = {
  kind: 'act.performed',
  act: 'activate',
  title: 'switch STS in eu-west-1 on, as admin',
  plannedUs: 5_000_000,
  requestedUs: 5_001_000,
  outcome: 'done',
  status: 200,
  code: '',
  monoUs: 5_081_000,
  wallMs: 0,
};

function judged(outcome: 'done' | 'refused', event?: Partial<ActPerformed>) {
  const events = event === undefined ? [] : [{ ...PERFORMED, ...event }];
  const history = { ...fixtureHistory(), originUs: 0, events };
  return judgeAct(history, { name: 'it', kind: 'act', act: 'activate', outcome });
}

describe('an act', () => {
  it('that was done passes where it should be, and fails where it should not', () => {
    expect(judged('done', {})).toMatchObject({ verdict: 'pass', value: 0, n: 1 });
    expect(judged('refused', {})).toMatchObject({
      verdict: 'fail',
      value: 1,
      sentence: 'The act activate at 5.00 s was done after 80.0 ms, and was expected to be refused.',
    });
  });

  it('that was refused says by what', () => {
    const event = { outcome: 'refused', status: 403, code: 'AccessDenied' } as const;
    expect(judged('refused', event)).toMatchObject({
      verdict: 'pass',
      sentence: 'The act activate at 5.00 s was refused (403 AccessDenied) after 80.0 ms, as expected.',
    });
    expect(judged('done', event).verdict).toBe('fail');
  });

  it('that found nobody to ask was not done either, and says so', () => {
    const event = { outcome: 'unreachable', status: 0, code: 'ECONNREFUSED' } as const;
    expect(judged('refused', event)).toMatchObject({
      verdict: 'pass',
      sentence:
        'The act activate at 5.00 s found no control plane to ask (ECONNREFUSED) after 80.0 ms, as expected.',
    });
  });

  it('that was sent and never answered may have been done, so it decides nothing', () => {
    const event = { outcome: 'unknown', status: 0, code: 'ETIMEDOUT' } as const;
    expect(judged('refused', event)).toMatchObject({
      verdict: 'inconclusive',
      sentence:
        'The act activate was sent at 5.00 s and never answered (ETIMEDOUT): nobody knows whether it was done.',
    });
    expect(judged('done', event).verdict).toBe('inconclusive');
  });

  it('that never took place decides nothing', () => {
    expect(judged('refused')).toMatchObject({ verdict: 'inconclusive', value: null, n: 0 });
  });
});
