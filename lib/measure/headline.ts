/**
 * A pass in one sentence, for somebody who was not there and will read no further: what the callers went through,
 * without intervals and without the terms of measuring. The expectations' own sentences have those.
 */
import type { Expectation, ExpectationOf } from './expectation.ts';
import type { Judged } from './judged.ts';
import { count, duration, limitInUnit, percent, plural, when } from './wording.ts';

/**
 * Tells the expectation that says most: how fast callers were served elsewhere, or else the one that the scenario
 * names first. Both lists are in the scenario's order, and every result is a pass.
 */
export function headlineOf(expectations: readonly Expectation[], results: readonly Judged[]): string {
  const failedOver = expectations.findIndex(
    (expectation) => expectation.kind === 'recovery' && expectation.milestone === 'failedOver',
  );
  const index = Math.max(0, failedOver);
  const [expectation, result] = [expectations[index], results[index]];
  if (expectation === undefined || result === undefined) return 'Nothing was judged.';
  const told = tell(expectation, result);
  if (results.length === 1) return told;
  return `${results.length === 2 ? 'Both' : `All ${count(results.length)}`} expectations held. ${told}`;
}

function tell(expectation: Expectation, result: Judged): string {
  switch (expectation.kind) {
    case 'recovery':
      return recovery(expectation, result);
    case 'success-ratio':
      return successes(expectation, result);
    case 'partition-wall':
      return `No credentials of one AWS partition were accepted in another, in ${plural(result.n, 'attempt')} that got an answer.`;
    default:
      return result.sentence;
  }
}

function recovery(
  { fault, group, milestone }: ExpectationOf<'recovery'>,
  { value, n, limit }: Judged,
): string {
  const time = duration(Math.max(0, value ?? 0) * 1e6);
  const within = `Within ${time} of the ${milestone === 'failedBack' || milestone === 'steady' ? 'end' : 'start'} of the ${fault}`;
  const [who, were] =
    n === 1
      ? [`the one caller of ${group} that it hit`, 'was']
      : [`all ${count(n)} callers of ${group} that it hit`, 'were'];
  const done = {
    detected: `${who} had turned elsewhere`,
    failedOver: `${who} ${were} served elsewhere`,
    failedBack: `${who} ${were} served at home again`,
    steady: `all was well with ${group} again`,
  }[milestone];
  return `${within}, ${done}; the limit is ${limitInUnit(limit, 's')}.`;
}

function successes(
  { group, operation, phase, fault, atMost }: ExpectationOf<'success-ratio'>,
  { value, limit }: Judged,
): string {
  const what = operation === undefined ? 'requests' : `${operation} requests`;
  const share = value === 0 ? `None of the ${what}` : `${percent(value ?? 0)} of the ${what}`;
  const wanted = limit === atMost ? 'at most' : 'at least';
  return `${share} of ${group}${when(phase, fault)} succeeded, as expected: ${wanted} ${limitInUnit(limit, 'ratio')}.`;
}
