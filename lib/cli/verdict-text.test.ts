import { describe, expect, test } from 'vitest';
import type { RunJson } from '../run/run-json.ts';
import { testTerminal } from './test-terminal.ts';
import { verdictLines } from './verdict-text.ts';

const EXPECTATION = {
  name: 'hardly a request is lost',
  kind: 'lost-requests',
  verdict: 'fail',
  value: 25,
  unit: 'requests',
  low: null,
  high: null,
  limit: 20,
  n: 1_985,
  sentence: 'app lost 25 requests of 1,985, 5 more than expected: at most 20.',
} as const;

const RUN: RunJson = {
  schema: 1,
  run: 'runs/20261124T210000Z-region-outage',
  scenario: 'region-outage',
  seed: 7,
  verdict: 'fail',
  exitCode: 1,
  reasons: [EXPECTATION.sentence, 'The fault outage was not seen to bite.'],
  counts: { planned: 4, ok: 1, failed: 1, indeterminate: 1, dropped: 1 },
  expectations: [EXPECTATION],
  milestones: [],
  engine: 'embedded',
  network: 'embedded',
  reports: { html: 'runs/20261124T210000Z-region-outage/report.html', json: '' },
};

describe('a verdict for people', () => {
  const lines = verdictLines(RUN, testTerminal());

  test('says each expectation once, and every doubt', () => {
    expect(lines).toEqual([
      '',
      '✗ FAIL  region-outage, seed 7',
      '  ✗ hardly a request is lost: app lost 25 requests of 1,985, 5 more than expected: at most 20.',
      '  because: The fault outage was not seen to bite.',
      '  4 arrivals: 1 ok, 1 failed, 1 indeterminate, 1 dropped',
      '',
      RUN.reports.html,
    ]);
  });

  test('ends with the path of the report', () => {
    expect(lines.at(-1)).toBe(RUN.reports.html);
  });
});
