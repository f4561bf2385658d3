/**
 * Judges how fast a group got over a fault. The slowest caller counts; one that the run could not watch for as
 * long as the limit allows (its first failure came too near the end) is left out rather than called slow or fast.
 */
import type { CallerRecord } from '../journal/event.ts';
import { durationUs } from '../time/duration.ts';
import { arrivalsOf } from './arrivals.ts';
import { type CallerMilestone, callerMilestonesOf } from './caller-milestones.ts';
import type { ExpectationOf } from './expectation.ts';
import type { FaultInterval } from './fault-intervals.ts';
import type { History } from './history.ts';
import type { Judged } from './judged.ts';
import { affectedCallers, sumOfParts, uncertaintyOf } from './milestones.ts';
import { steadyArrival } from './steady.ts';
import { count, duration, limitTime } from './wording.ts';

type Recovery = ExpectationOf<'recovery'>;

const DONE: Readonly<Record<Recovery['milestone'], string>> = {
  detected: 'turned elsewhere',
  failedOver: 'was served elsewhere',
  failedBack: 'was served at home again',
  steady: 'was steady again',
};

export function judgeRecovery(history: History, expectation: Recovery): Judged {
  const fault = history.faults.find((candidate) => candidate.name === expectation.fault);
  if (fault === undefined) return unknown(expectation, `The run had no fault named ${expectation.fault}`);
  const fromLift = expectation.milestone === 'failedBack' || expectation.milestone === 'steady';
  const originUs = fromLift ? fault.liftedUs : fault.appliedUs;
  if (originUs === null) {
    return unknown(expectation, `The ${fault.name} was never ${fromLift ? 'lifted' : 'applied'}`);
  }
  const callers = affectedCallers(history, fault).filter((caller) => caller.group === expectation.group);
  if (callers.length === 0)
    return unknown(expectation, `The ${fault.name} does not reach ${expectation.group}`);
  const marks = callerMilestonesOf(history, fault, callers);
  const failed = new Set(marks.filter((mark) => mark.name === 'firstFailure').map((mark) => mark.caller));
  if (failed.size === 0)
    return unknown(expectation, `No caller of ${expectation.group} failed under the ${fault.name}`);
  const subject = { history, fault, expectation, callers, marks, failed, originUs };
  return expectation.milestone === 'steady' ? judgeSteady(subject) : judgeSlowest(subject);
}

interface Subject {
  readonly history: History;
  readonly fault: FaultInterval;
  readonly expectation: Recovery;
  readonly callers: readonly CallerRecord[];
  readonly marks: readonly CallerMilestone[];
  /** Callers that the fault hit. */
  readonly failed: ReadonlySet<string>;
  readonly originUs: number;
}

function judgeSlowest({ history, fault, expectation, marks, failed, originUs }: Subject): Judged {
  const limitUs = durationUs(expectation.within);
  const reached = marks.filter((mark) => mark.name === expectation.milestone);
  const slowest = reached.toSorted((one, other) => other.atUs - one.atUs)[0];
  const missing = [...failed].filter((caller) => !reached.some((mark) => mark.caller === caller));
  const watchedUs = history.durationUs - originUs;
  const overdue = missing.filter((caller) => {
    const failure = marks.find((mark) => mark.caller === caller && mark.name === 'firstFailure');
    return history.durationUs - Math.max(originUs, failure?.atUs ?? 0) >= limitUs;
  });
  if (overdue.length > 0) {
    const who =
      failed.size === 1
        ? `The only caller of ${expectation.group} that was hit`
        : `${count(overdue.length)} of ${count(failed.size)} callers of ${expectation.group}`;
    const sentence = `${who} ${neverDone(expectation.milestone, overdue.length)} in the ${duration(watchedUs)} after the ${fault.name} ${originWord(expectation)}; the limit is ${limitTime(limitUs)}.`;
    return {
      ...shapeOf(expectation),
      verdict: 'fail',
      value: null,
      low: null,
      high: null,
      n: failed.size,
      sentence,
    };
  }
  if (slowest === undefined) {
    return unknown(expectation, `The run ended before ${expectation.group} could have recovered`);
  }
  const arrivals = arrivalsOf(history).filter((arrival) => arrival.caller === slowest.caller).length;
  const parts = uncertaintyOf(history, fault, expectation.milestone, slowest.row, arrivals);
  return judgeTime(expectation, {
    valueUs: slowest.atUs - originUs,
    uncertaintyUs: sumOfParts(parts) * 1_000,
    n: reached.length,
    subject:
      reached.length === 1
        ? `The only caller of ${expectation.group} that was hit`
        : `The last of ${count(reached.length)} callers of ${expectation.group}`,
    after: `after the ${fault.name} ${originWord(expectation)}`,
  });
}

function judgeSteady({ history, fault, expectation, callers, originUs }: Subject): Judged {
  const limitUs = durationUs(expectation.within);
  const names = new Set(callers.map((caller) => caller.name));
  const n = arrivalsOf(history).filter(
    (arrival) => names.has(arrival.caller) && arrival.plannedUs >= originUs,
  ).length;
  const arrival = steadyArrival(history, fault, callers);
  if (arrival === undefined) {
    const watchedUs = history.durationUs - originUs;
    if (watchedUs < limitUs || n === 0) {
      return unknown(expectation, `The run ended ${duration(watchedUs)} after the lift, too soon to tell`);
    }
    const sentence = `${expectation.group} was not steady again in the ${duration(watchedUs)} after the ${fault.name} was lifted; the limit is ${limitTime(limitUs)}.`;
    return { ...shapeOf(expectation), verdict: 'fail', value: null, low: null, high: null, n, sentence };
  }
  const all = arrivalsOf(history).filter((candidate) => names.has(candidate.caller)).length;
  const parts = uncertaintyOf(history, fault, 'steady', arrival.rows.at(-1) ?? null, all);
  return judgeTime(expectation, {
    valueUs: arrival.endedUs - originUs,
    uncertaintyUs: sumOfParts(parts) * 1_000,
    n,
    subject: expectation.group,
    after: `after the ${fault.name} was lifted`,
  });
}

interface Measured {
  readonly valueUs: number;
  readonly uncertaintyUs: number;
  readonly n: number;
  readonly subject: string;
  readonly after: string;
}

function judgeTime(expectation: Recovery, measured: Measured): Judged {
  const { valueUs, uncertaintyUs, n, subject, after } = measured;
  const limitUs = durationUs(expectation.within);
  const met = valueUs <= limitUs;
  const gap = met
    ? `within the limit of ${limitTime(limitUs)}`
    : `${duration(valueUs - limitUs)} over the limit of ${limitTime(limitUs)}`;
  const figure = `${duration(valueUs)} ${after} (± ${duration(uncertaintyUs)}, n = ${count(n)})`;
  return {
    ...shapeOf(expectation),
    verdict: met ? 'pass' : 'fail',
    value: valueUs / 1_000_000,
    low: Math.min(valueUs, Math.max(0, valueUs - uncertaintyUs)) / 1_000_000,
    high: (valueUs + uncertaintyUs) / 1_000_000,
    n,
    sentence: `${subject} ${DONE[expectation.milestone]} ${figure}, ${gap}.`,
  };
}

/** `were never served elsewhere`. */
function neverDone(milestone: Recovery['milestone'], callers: number): string {
  const done = `never ${DONE[milestone].replace(/^was /, '')}`;
  if (milestone === 'detected') return done;
  return `${callers === 1 ? 'was' : 'were'} ${done}`;
}

function originWord(expectation: Recovery): string {
  return expectation.milestone === 'failedBack' ? 'was lifted' : 'took hold';
}

function shapeOf(expectation: Recovery) {
  return { unit: 's', limit: durationUs(expectation.within) / 1_000_000 } as const;
}

function unknown(expectation: Recovery, reason: string): Judged {
  const sentence = `${reason}, so there is no recovery to judge.`;
  return {
    ...shapeOf(expectation),
    verdict: 'inconclusive',
    value: null,
    low: null,
    high: null,
    n: 0,
    sentence,
  };
}
