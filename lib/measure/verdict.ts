/**
 * The verdict of a run. In order of strength: aborted; inconclusive when the history itself is in doubt (no
 * samples, counts that disagree, a saturated generator, a fault nobody saw bite); fail; inconclusive when an
 * expectation could not be decided or none was stated; pass.
 */
import type { Expectation, ExpectationKind } from './expectation.ts';
import { headlineOf } from './headline.ts';
import type { History } from './history.ts';
import { objectionsTo } from './integrity.ts';
import type { Judged } from './judged.ts';
import { judgeExpectation } from './judges.ts';
import { duration, limitTime } from './wording.ts';

export type Verdict = 'pass' | 'fail' | 'inconclusive' | 'aborted';

/** As in the contract. */
export const VERDICT_EXIT_CODES = { pass: 0, fail: 1, aborted: 4, inconclusive: 5 } as const satisfies Record<
  Verdict,
  number
>;

export interface ExpectationResult extends Judged {
  /** As the scenario words it. */
  readonly name: string;
  readonly kind: ExpectationKind;
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly expectations: readonly ExpectationResult[];
  /** Why the verdict is what it is, in whole sentences; empty for a pass. */
  readonly reasons: readonly string[];
  /** The verdict in one sentence: the first reason, or what a pass says to somebody who was not there. */
  readonly headline: string;
  readonly exitCode: 0 | 1 | 4 | 5;
}

/**
 * A doubt about the history outweighs a failed expectation: under a fault that did not bite, a failure is no
 * evidence either. The expectations are judged all the same, as figures to look at; after an abort, whose
 * samples cover a part of the plan, none of them is called pass or fail.
 */
export function judge(history: History, expectations: readonly Expectation[]): Judgement {
  const results = expectations.map((expectation): ExpectationResult => {
    const judged = judgeExpectation(history, expectation);
    return { name: expectation.name, kind: expectation.kind, ...judged };
  });
  if (history.aborted !== undefined) {
    const unjudged = results.map((result) => ({
      ...result,
      verdict: 'inconclusive' as const,
      sentence: `Not judged, as the run was aborted. ${result.sentence}`,
    }));
    return judgement('aborted', unjudged, [abortOf(history)]);
  }
  const objections = objectionsTo(history);
  const failed = sentencesOf(results, 'fail');
  if (objections.length > 0) return judgement('inconclusive', results, [...objections, ...failed]);
  if (failed.length > 0) return judgement('fail', results, failed);
  const undecided = sentencesOf(results, 'inconclusive');
  if (undecided.length > 0) return judgement('inconclusive', results, undecided);
  if (results.length === 0) {
    return judgement('inconclusive', results, [NOTHING_TO_JUDGE]);
  }
  return judgement('pass', results, [], headlineOf(expectations, results));
}

export const NOTHING_TO_JUDGE =
  'There was nothing to judge: the scenario states no expectation, or none that makes sense without its faults.';

function abortOf({ aborted, durationUs, plannedDurationUs }: History): string {
  if (durationUs === 0) return `The run was aborted before its load began: ${aborted}.`;
  const early = durationUs < plannedDurationUs;
  const after = early ? ` after ${duration(durationUs)} of ${limitTime(plannedDurationUs)}` : '';
  return `The run was aborted${after}: ${aborted}. This report covers only the time before.`;
}

function judgement(
  verdict: Verdict,
  expectations: readonly ExpectationResult[],
  reasons: readonly string[],
  headline: string = reasons[0] ?? '',
): Judgement {
  return { verdict, expectations, reasons, headline, exitCode: VERDICT_EXIT_CODES[verdict] };
}

function sentencesOf(results: readonly ExpectationResult[], verdict: Verdict): readonly string[] {
  return results.filter((result) => result.verdict === verdict).map((result) => result.sentence);
}
