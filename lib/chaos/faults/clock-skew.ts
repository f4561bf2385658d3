/**
 * Callers' clocks go wrong: what they sign is too old or not yet valid, and STS says SignatureDoesNotMatch, as it does to
 * a wrong secret. STS allows 15 minutes either way: github.com/aws/aws-cli issue 6676.
 */

import { z } from 'zod';
import { parseDurationUs } from '../../time/duration.ts';
import { defineFaultKind, RAMP_FIELD, seedOf } from '../fault-kind.ts';
import { callersTarget, describeCallers } from '../target.ts';
import { linksOfCallers, planOnCallers, shareOfCallers } from './on-callers.ts';

const TOLERATED_MS = 15 * 60_000;
/** Whole seconds are signed, and a probe is under way for a while. */
const LEAST_MS = TOLERATED_MS + 5_000;
/** Beyond it the scope's date would be what one looks at first. */
const MOST_MS = 366 * 24 * 3_600_000;

export const clockSkew = defineFaultKind({
  kind: 'clock-skew',
  about: "Callers' clocks are wrong by more than STS tolerates, so that what they sign is refused.",
  fields: {
    target: callersTarget,
    offset: z
      .string()
      .regex(/^[+-]?\d+(?:\.\d+)?(?:ms|s|m|h)$/, "write how far, with its sign: '20m' ahead, '-20m' behind")
      .describe("How far their clocks are wrong: '20m' ahead, '-1h' behind; more than 15 minutes."),
    share: shareOfCallers,
    ...RAMP_FIELD,
  },
  title: ({ target, offset, share }) =>
    `clocks of ${describeCallers(target, share)} are ${offset.replace(/^[+-]/, '')} ${offsetMsOf(offset) < 0 ? 'behind' : 'ahead'}`,
  plan: (spec, view) =>
    planOnCallers(spec, linksOfCallers(spec.target, view), view, {
      fault: (callers, strength) => ({
        kind: 'clock-skew',
        callers,
        offsetMs: Math.round(offsetMsOf(spec.offset) * strength),
        seed: seedOf(spec, view),
      }),
      grows: true,
      during: { kind: 'error', codes: ['SignatureDoesNotMatch'] },
    }),
  check: ({ offset }) => {
    const distanceMs = Math.abs(offsetMsOf(offset));
    const problem = (message: string, hint: string) => [{ place: 'offset', value: offset, message, hint }];
    if (distanceMs <= TOLERATED_MS)
      return problem(
        'STS tolerates 15 minutes either way, and nothing would be refused',
        "write '20m' or more",
      );
    if (distanceMs < LEAST_MS)
      return problem('so near to the 15 minutes of STS that it could not be proved', "write '16m' or more");
    return distanceMs <= MOST_MS ? [] : problem('no clock is wrong by more than a year', 'write less');
  },
});

function offsetMsOf(offset: string): number {
  const distanceMs = (parseDurationUs(offset.replace(/^[+-]/, '')) ?? 0) / 1_000;
  return offset.startsWith('-') ? -distanceMs : distanceMs;
}
