/**
 * Judges whether Regions outside a fault felt it. Every such Region that callers watched is compared with itself;
 * the worst of them is the result.
 */
import { durationUs } from '../time/duration.ts';
import type { ExpectationOf } from './expectation.ts';
import type { History } from './history.ts';
import type { Estimate } from './intervals.ts';
import { type IsolationRow, isolationOf } from './isolation.ts';
import type { Judged } from './judged.ts';
import { caveat, duration, limitTime, points, signedMilliseconds, signedPoints, spread } from './wording.ts';

type Isolation = ExpectationOf<'isolation'>;

export function judgeIsolation(history: History, expectation: Isolation): Judged {
  const rows = isolationOf(history).filter(
    (row) => row.groups.length > 0 && (expectation.fault === undefined || row.fault === expectation.fault),
  );
  const limitUs = durationUs(expectation.p99IncreaseAtMost);
  const results = rows.flatMap((row) => [
    judgeErrors(row, expectation.errorIncreaseAtMost),
    judgeP99(row, limitUs),
  ]);
  const worst = results.toSorted((one, other) => badness(other) - badness(one))[0];
  if (worst !== undefined) return worst;
  return {
    verdict: 'inconclusive',
    value: null,
    unit: 'ratio',
    low: null,
    high: null,
    limit: expectation.errorIncreaseAtMost,
    n: 0,
    sentence: 'No callers have their home in a Region outside the fault, so nobody watched its isolation.',
  };
}

function judgeErrors(row: IsolationRow, limit: number): Judged {
  const n = row.before.n + row.during.n;
  const shape = { unit: 'ratio', limit, n } as const;
  if (row.errorChange === null) {
    const sentence = `${row.region} had no traffic before or during the ${row.fault} to compare.`;
    return { ...shape, verdict: 'inconclusive', value: null, low: null, high: null, sentence };
  }
  const { value } = row.errorChange;
  const met = value <= limit;
  const gap = met
    ? `within the limit of ${points(limit)}${caveat(row.errorChange.high <= limit)}`
    : `${points(value - limit)} over the limit of ${points(limit)}`;
  const figure = `${direction(value, points)} during the ${row.fault} (${spread(row.errorChange, n, signedPoints)})`;
  return {
    ...shape,
    ...row.errorChange,
    verdict: met ? 'pass' : 'fail',
    sentence: `The error rate of ${row.region} ${figure}, ${gap}.`,
  };
}

function judgeP99(row: IsolationRow, limitUs: number): Judged {
  const n = row.before.n + row.during.n;
  const shape = { unit: 'ms', limit: limitUs / 1_000, n } as const;
  const change = row.p99ChangeUs;
  if (change === null) {
    const sentence = `${row.region} had too few successes before or during the ${row.fault} for a p99 with an interval (${row.before.n} and ${row.during.n}).`;
    return { ...shape, verdict: 'inconclusive', value: null, low: null, high: null, sentence };
  }
  const met = change.value <= limitUs;
  const gap = met
    ? `within the limit of ${limitTime(limitUs)}${caveat(change.high <= limitUs)}`
    : `${duration(change.value - limitUs)} over the limit of ${limitTime(limitUs)}`;
  const figure = `${direction(change.value, duration)} during the ${row.fault} (${spread(change, n, signedMilliseconds)})`;
  return {
    ...shape,
    ...inMilliseconds(change),
    verdict: met ? 'pass' : 'fail',
    sentence: `p99 of ${row.region} ${figure}, ${gap}.`,
  };
}

/** Failures first, then what is unknown; within one verdict, what used most of its limit. */
function badness(result: Judged): number {
  const rank = { fail: 2e6, inconclusive: 1e6, pass: 0 }[result.verdict];
  const used = result.value === null ? 0 : result.value / Math.max(result.limit, 1e-6);
  return rank + Math.max(-1e5, Math.min(1e5, used));
}

function inMilliseconds({ value, low, high }: Estimate): Estimate {
  return { value: value / 1_000, low: low / 1_000, high: high / 1_000 };
}

function direction(value: number, figure: (value: number) => string): string {
  if (value === 0) return 'did not change';
  return `${value > 0 ? 'rose' : 'fell'} by ${figure(Math.abs(value))}`;
}
