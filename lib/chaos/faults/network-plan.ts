/** The plan that all faults of links share: which links, what effect, and an AssumeRole over each to prove it. */

import { stsLinks } from '../../journal/event.ts';
import type { NetworkEffect } from '../control.ts';
import { DEFAULT_PROVE_WITHIN_MS, type FaultPlan, probeTimeLimitMs, type WorldView } from '../fault-kind.ts';
import type { ProbeExpectation } from '../probe-expectation.ts';
import { type LinkTarget, matchingLinks } from '../target.ts';

/** @param extraMs What the fault itself adds to an answer, so that a probe waits long enough to see one. */
export function planOnLinks(
  target: LinkTarget,
  view: WorldView,
  effect: NetworkEffect,
  during: ProbeExpectation,
  extraMs = 0,
): FaultPlan {
  const links = matchingLinks(target, view);
  // The way to the control plane falls with the Region, but only what STS answers is a proof.
  const probed = stsLinks(links);
  const ids = probed.length === 0 ? [] : links.map((link) => link.id);
  return {
    links: ids,
    // One host name or one location is less than a Region: what else the Region serves still counts as unharmed.
    regions: target.region === undefined || target.endpoint !== undefined ? [] : [target.region],
    orders: ids.length === 0 ? [] : [{ to: 'network', links: ids, effect }],
    probes: probed.map((link) => ({
      link: link.id,
      operation: 'AssumeRole',
      during,
      timeLimitMs: probeTimeLimitMs(link.roundTripMs) + extraMs,
    })),
    proveWithinMs: DEFAULT_PROVE_WITHIN_MS + extraMs,
  };
}
