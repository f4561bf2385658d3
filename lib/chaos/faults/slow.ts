/** Every answer comes later by a fixed time: the brown-out that health checks call healthy. */

import { z } from 'zod';
import { COMMON_FIELDS, defineFaultKind } from '../fault-kind.ts';
import { describeTarget, linkTarget } from '../target.ts';
import { planOnLinks } from './network-plan.ts';

/** A fresh connection sees the delay on each of its flights: TLS, then the request. */
const FLIGHTS = 4;

export const slow = defineFaultKind({
  kind: 'slow',
  schema: z
    .strictObject({
      kind: z.literal('slow'),
      ...COMMON_FIELDS,
      target: linkTarget,
      addedMs: z
        .number()
        .int()
        .min(20, 'below 20 ms the machine’s own noise would hide it')
        .max(30_000)
        .describe('Milliseconds added to each round trip.'),
    })
    .describe('Every answer comes later by a fixed time.'),
  title: (spec) => `${describeTarget(spec.target)} answers ${spec.addedMs} ms later`,
  plan: (spec, view) =>
    planOnLinks(
      spec.target,
      view,
      { kind: 'slow', addedMs: spec.addedMs },
      // Four fifths: the baseline of one probe has noise of its own, and a fresh connection pays more than once.
      { kind: 'slower', byMs: Math.round(spec.addedMs * 0.8) },
      FLIGHTS * spec.addedMs,
    ),
});
