/** Somebody else uses the account's quota up: what is left is shared by the callers of the load. */

import { z } from 'zod';
import { stsLinks } from '../../journal/event.ts';
import {
  defineFaultKind,
  type FaultOrder,
  HITS_NOTHING,
  probeTimeLimitMs,
  RAMP_FIELD,
} from '../fault-kind.ts';
import { accountsOf, describeTarget, matchingLinks, regionTarget } from '../target.ts';

/** With something left a probe may be served although all others are not. */
const LOOKS_TO_HEAL = 5;
const PROVE_WITHIN_MS = 5_000;

export const throttling = defineFaultKind({
  kind: 'throttling',
  about: "Somebody else uses the account's quota in a Region up and leaves so many requests a second.",
  fields: {
    target: regionTarget,
    leavesPerSecond: z
      .number()
      .min(0)
      .max(10_000)
      .describe('Requests a second that are still served; fewer than the callers send.'),
    ...RAMP_FIELD,
  },
  title: ({ target, leavesPerSecond }) =>
    `the quota in ${describeTarget(target)} leaves ${leavesPerSecond} requests a second`,
  plan: (spec, view) => {
    const { region, account } = spec.target;
    // The global endpoint has a quota of its own in each Region that serves it, and that is used up as well.
    const links = stsLinks(matchingLinks({ region }, view));
    if (links.length === 0 || accountsOf(spec.target, view).length === 0) return HITS_NOTHING;
    const ordersAt = (strength: number): readonly FaultOrder[] => [
      {
        to: 'service',
        fault: {
          kind: 'quota-used-up',
          regions: [region],
          ...(account === undefined ? {} : { account }),
          leavesPerSecond: leftAt(spec.leavesPerSecond, strength),
        },
      },
    ];
    return {
      links: links.map((link) => link.id),
      regions: [region],
      orders: ordersAt(1),
      ordersAt,
      probes: links.map((link) => ({
        link: link.id,
        operation: 'AssumeRole',
        ...(account === undefined ? {} : { account }),
        during: { kind: 'error', codes: ['Throttling'] },
        looksToHeal: spec.leavesPerSecond === 0 ? 1 : LOOKS_TO_HEAL,
        timeLimitMs: probeTimeLimitMs(link.roundTripMs),
      })),
      proveWithinMs: PROVE_WITHIN_MS,
    };
  },
});

/** Of an account and Region, in the long run. Source: IAM and STS quotas. */
const USUAL_PER_SECOND = 600;

/** From the usual quota down to what is left. */
function leftAt(leavesPerSecond: number, strength: number): number {
  return leavesPerSecond + Math.max(0, USUAL_PER_SECOND - leavesPerSecond) * (1 - strength);
}
