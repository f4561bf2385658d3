/** Every answer comes later: the brown-out that health checks call healthy. */

import {
  DELAY_FIELDS,
  delayOf,
  delayProblems,
  describeDelay,
  scaledDelay,
  shownDelay,
} from '../delay-spec.ts';
import { defineFaultKind, RAMP_FIELD } from '../fault-kind.ts';
import { describeTarget, linkTarget } from '../target.ts';
import { connectionChoice, describeConnections, planOnLinks } from './on-links.ts';

/** A fresh connection waits for the delay once for TCP, once for TLS and once for the answer. */
const ROUND_TRIPS = 3;
/** Of those the two that carry bytes draw a delay. */
const FLIGHTS = 2;

export const slow = defineFaultKind({
  kind: 'slow',
  about: 'Every answer comes later on its way: by a fixed time, a jittered one, or one drawn from a table.',
  fields: { target: linkTarget, connections: connectionChoice, ...DELAY_FIELDS, ...RAMP_FIELD },
  title: (spec) =>
    `${describeTarget(spec.target)} answers ${describeDelay(delayOf(spec))} later${describeConnections(spec.connections)}`,
  plan: (spec, view) => {
    const delay = delayOf(spec);
    const { byMs, chance, longestMs } = shownDelay(delay, FLIGHTS);
    return planOnLinks(spec, view, {
      effect: { kind: 'slow', delay },
      effectAt: (strength) => ({ kind: 'slow', delay: scaledDelay(delay, strength) }),
      during: { kind: 'slower', byMs },
      chance,
      addedMs: ROUND_TRIPS * longestMs,
    });
  },
  check: delayProblems,
});
