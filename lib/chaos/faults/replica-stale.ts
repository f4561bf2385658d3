/**
 * A Region learns of no change: keys made meanwhile are unknown there, roles that were closed stay open. Whoever only
 * uses what is older notices nothing, so the probe makes a key of its own.
 */

import { z } from 'zod';
import { stsLinks } from '../../journal/event.ts';
import { defineFaultKind, HITS_NOTHING, probeTimeLimitMs } from '../fault-kind.ts';
import { matchingLinks } from '../target.ts';
import { errorProbe, timesOfChange } from './settings.ts';

/** Making the key and taking it away again, beside asking for it. */
const CALLS = 3;

export const replicaStale = defineFaultKind({
  kind: 'replica-stale',
  about: 'The Region learns of no change of any account, and goes on with what it knows.',
  fields: {
    target: z.strictObject({ region: z.string().describe('The Region whose knowledge stands still.') }),
  },
  title: (spec) => `${spec.target.region} learns of no change`,
  plan: (spec, view) => {
    const links = stsLinks(matchingLinks(spec.target, view));
    // The nearest way shows it as well as any, and a user can have two keys at most.
    const [nearest] = links.toSorted((one, other) => one.roundTripMs - other.roundTripMs);
    if (nearest === undefined) return HITS_NOTHING;
    const lookMs = view.replicaDelayMsMax + CALLS * probeTimeLimitMs(nearest.roundTripMs);
    const times = timesOfChange(view);
    return {
      links: links.map((link) => link.id),
      regions: [spec.target.region],
      orders: [{ to: 'service', fault: { kind: 'replica-stale', region: spec.target.region } }],
      probes: [{ ...errorProbe(nearest, 'NewKeyArrives', ['InvalidClientTokenId']), timeLimitMs: lookMs }],
      ...times,
      proveWithinMs: times.proveWithinMs + lookMs,
      leastMs: lookMs,
      lookMs,
    };
  },
});
