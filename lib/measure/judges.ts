/**
 * One judge per kind of expectation: the figure, its interval, the limit and a sentence that says how far apart
 * they are. The figure itself decides; too few samples decide nothing. Judges trust the history; whether it may
 * be trusted is the verdict's business.
 */
import { durationUs } from '../time/duration.ts';
import { type Arrival, arrivalsOf } from './arrivals.ts';
import type { Expectation, ExpectationKind, ExpectationOf } from './expectation.ts';
import type { History } from './history.ts';
import { fewestForQuantile, ordered, quantileEstimate, wilson } from './intervals.ts';
import { judgeAct } from './judge-act.ts';
import { judgeIsolation } from './judge-isolation.ts';
import { judgeRecovery } from './judge-recovery.ts';
import { judgeWall } from './judge-wall.ts';
import type { Judged } from './judged.ts';
import { arrivalsIn, spansOf } from './phases.ts';
import {
  caveat,
  count,
  duration,
  limitShare,
  limitTime,
  percent,
  plural,
  points,
  spread,
  when,
} from './wording.ts';

/** Judges one expectation by itself. */
export function judgeExpectation(history: History, expectation: Expectation): Judged {
  const judge = JUDGES[expectation.kind] as Judge<ExpectationKind>;
  return judge(history, expectation);
}

type Judge<Kind extends ExpectationKind> = (history: History, expectation: ExpectationOf<Kind>) => Judged;

const JUDGES: { readonly [Kind in ExpectationKind]: Judge<Kind> } = {
  'success-ratio': judgeSuccessRatio,
  recovery: judgeRecovery,
  'lost-requests': judgeLostRequests,
  latency: judgeLatency,
  isolation: judgeIsolation,
  'partition-wall': judgeWall,
  'error-code': judgeErrorCode,
  act: judgeAct,
};

/** With fewer samples than this a share decides only when its whole interval lies on one side of the limit. */
const FEW_FOR_SHARE = 30;

function judgeSuccessRatio(history: History, expectation: ExpectationOf<'success-ratio'>): Judged {
  const arrivals = selected(history, expectation).filter((arrival) => arrival.outcome !== 'dropped');
  const ok = arrivals.filter((arrival) => arrival.outcome === 'ok').length;
  return judgeShare({
    k: ok,
    n: arrivals.length,
    atLeast: expectation.atLeast,
    atMost: expectation.atMost,
    subject: `The success ratio of ${subjectOf(history, expectation)}`,
    nothing: `No request of ${subjectOf(history, expectation)} is on record`,
  });
}

function judgeErrorCode(history: History, expectation: ExpectationOf<'error-code'>): Judged {
  const { samples } = history;
  const failures = selected(history, expectation)
    .flatMap((arrival) => arrival.rows)
    .filter((row) => ['failed', 'indeterminate'].includes(samples.outcome.at(row)));
  const coded = failures.filter((row) => samples.errorCode.at(row) === expectation.code).length;
  return judgeShare({
    k: coded,
    n: failures.length,
    atLeast: expectation.atLeast,
    atMost: undefined,
    subject: `The share of ${expectation.code} among failed attempts of ${subjectOf(history, expectation)}`,
    nothing: `No attempt of ${subjectOf(history, expectation)} failed`,
  });
}

interface ShareQuestion {
  readonly k: number;
  readonly n: number;
  readonly atLeast: number | undefined;
  readonly atMost: number | undefined;
  readonly subject: string;
  /** Says that there was nothing to count. */
  readonly nothing: string;
}

function judgeShare({ k, n, atLeast, atMost, subject, nothing }: ShareQuestion): Judged {
  const estimate = wilson(k, n);
  const low = atLeast ?? 0;
  const high = atMost ?? 1;
  // Of a band, the limit that is broken or else the nearer one is the one to show.
  const limit =
    atMost === undefined || (atLeast !== undefined && k / n < (atLeast + atMost) / 2)
      ? (atLeast ?? 0)
      : atMost;
  if (estimate === null) {
    const sentence = `${nothing}, so there is nothing to judge.`;
    const floor = limit !== atMost;
    return {
      verdict: 'inconclusive',
      value: null,
      unit: 'ratio',
      low: null,
      high: null,
      limit,
      ...(floor ? { atLeast: true } : {}),
      n,
      sentence,
    };
  }
  const { value } = estimate;
  const met = value >= low && value <= high;
  const sure = met
    ? estimate.low >= low && estimate.high <= high
    : estimate.high < low || estimate.low > high;
  const verdict = n < FEW_FOR_SHARE && !sure ? 'inconclusive' : met ? 'pass' : 'fail';
  const floor = limit !== atMost;
  const wanted = limit === atMost ? `at most ${limitShare(limit)}` : `at least ${limitShare(limit)}`;
  const side = limit === atMost ? 'over' : 'under';
  const gap =
    verdict === 'inconclusive'
      ? `too few samples to tell it from the limit: ${wanted}`
      : met
        ? `as expected: ${wanted}${caveat(sure)}`
        : `${points(value - limit)} ${side} the limit of ${limitShare(limit)}`;
  return {
    verdict,
    value,
    unit: 'ratio',
    low: estimate.low,
    high: estimate.high,
    limit,
    ...(floor ? { atLeast: true } : {}),
    n,
    sentence: `${subject} was ${percent(value)} (${spread(estimate, n, percent)}), ${gap}.`,
  };
}

function judgeLostRequests(history: History, expectation: ExpectationOf<'lost-requests'>): Judged {
  const arrivals = ofGroup(history, expectation.group).filter((arrival) => arrival.outcome !== 'dropped');
  const lost = arrivals.filter((arrival) => arrival.outcome !== 'ok').length;
  const n = arrivals.length;
  const limit = expectation.atMost;
  const shape = { unit: 'requests', low: null, high: null, limit, n } as const;
  if (n === 0) {
    const sentence = `No request of ${expectation.group} is on record, so there is nothing to judge.`;
    return { ...shape, verdict: 'inconclusive', value: null, sentence };
  }
  const met = lost <= limit;
  const gap = met
    ? `as expected: at most ${count(limit)}`
    : `${count(lost - limit)} over the limit of ${count(limit)}`;
  const sentence = `${expectation.group} lost ${plural(lost, 'request')} of ${count(n)}, ${gap}.`;
  return { ...shape, verdict: met ? 'pass' : 'fail', value: lost, sentence };
}

function judgeLatency(history: History, expectation: ExpectationOf<'latency'>): Judged {
  const chosen = selected(history, expectation);
  const successes = chosen.filter((arrival) => arrival.outcome === 'ok');
  const dropped = chosen.filter((arrival) => arrival.outcome === 'dropped').length;
  const share = expectation.percentile / 100;
  const limitUs = durationUs(expectation.below);
  const n = successes.length;
  const shape = { unit: 'ms', limit: limitUs / 1_000, n } as const;
  const subject = `p${expectation.percentile} of ${subjectOf(history, expectation)}`;
  const estimate = quantileEstimate(ordered(successes.map((arrival) => arrival.latencyUs)), share);
  if (estimate === null) {
    const sentence = `${subject} cannot be told from ${count(n)} successes: it takes at least ${count(fewestForQuantile(share))}.`;
    return { ...shape, verdict: 'inconclusive', value: null, low: null, high: null, sentence };
  }
  const met = estimate.value < limitUs;
  const floorUs = generatorFloorUs(history, share);
  if (!met && limitUs <= floorUs) {
    const sentence = `${subject} was ${duration(estimate.value)}, but ${history.floor?.engine} alone adds ${duration(floorUs)}: whether the limit of ${limitTime(limitUs)} was held cannot be told with it.`;
    return { ...shape, verdict: 'inconclusive', value: null, low: null, high: null, sentence };
  }
  const gap = met
    ? `${duration(limitUs - estimate.value)} under the limit of ${limitTime(limitUs)}${caveat(estimate.high < limitUs)}`
    : `${duration(estimate.value - limitUs)} over the limit of ${limitTime(limitUs)}`;
  const floor = dropped === 0 ? '' : ` It is a lower bound: ${plural(dropped, 'arrival')} could not be sent.`;
  return {
    ...shape,
    verdict: met ? 'pass' : 'fail',
    value: estimate.value / 1_000,
    low: estimate.low / 1_000,
    high: estimate.high / 1_000,
    sentence: `${subject} was ${estimate.value <= floorUs ? 'no more than ' : ''}${duration(estimate.value)} (${spread(estimate, n, duration)}), ${gap}.${floor}`,
  };
}

/** What the generator alone makes of an answer that comes at once: a figure that is no larger says nothing but that. */
function generatorFloorUs({ floor }: History, share: number): number {
  if (floor === undefined) return 0;
  return (share >= TAIL ? floor.floorMsP99 : floor.floorMsMedian) * 1_000;
}

/** From here on a percentile is compared with the generator's own tail. */
const TAIL = 0.9;

type Selection = ExpectationOf<'success-ratio' | 'latency' | 'error-code'>;

function selected(history: History, { group, operation, phase, fault }: Selection): readonly Arrival[] {
  const arrivals = ofGroup(history, group).filter(
    (arrival) => operation === undefined || arrival.operation === operation,
  );
  return arrivalsIn(arrivals, spansOf(history, phase, fault));
}

function ofGroup(history: History, group: string): readonly Arrival[] {
  return arrivalsOf(history).filter((arrival) => history.callers.get(arrival.caller)?.group === group);
}

/** `AssumeRole by app during the outage`. */
function subjectOf({ faults }: History, { group, operation, phase, fault }: Selection): string {
  const only = faults.length === 1 ? faults[0]?.name : undefined;
  const who = operation === undefined ? group : `${operation} by ${group}`;
  return `${who}${when(phase, fault ?? only)}`;
}
