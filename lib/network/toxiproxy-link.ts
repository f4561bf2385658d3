/**
 * A link made of a proxy of Toxiproxy. The same claims as the embedded link, but for those that its table of
 * limits names: what Toxiproxy cannot do is told here once, for the report and for the tests.
 */

import { HEALTHY, type Link, type LinkCondition } from './link.ts';
import type { ToxiproxyFleet } from './toxiproxy-fleet.ts';
import { type ProxyShape, shapeOf } from './toxiproxy-shape.ts';

export interface ToxiproxyLinkOptions {
  readonly id: string;
  readonly upstreamPort: number;
  readonly roundTripMs: number;
  readonly fleet: ToxiproxyFleet;
  /** The whole milliseconds to inject for a wanted round trip, from the calibration. */
  readonly injectedMs: (roundTripMs: number) => number;
}

/** Sentences for the report, by the claim of a link that they take back. */
export const TOXIPROXY_LIMITS = {
  handshake:
    'Toxiproxy answers a connect at once and delays data only: a fresh connection misses one round trip, so cold latencies read too low by about that much.',
  wholeMilliseconds:
    'Toxiproxy injects whole milliseconds: round trips are off by up to half a millisecond after calibration, and paths within a Region most of all.',
  heldBack:
    'Toxiproxy lets go of everything it holds when a delay changes: requests under way at the edges of a slow fault are shorter than they should be.',
  idleAfterSilence:
    'When a silence is lifted Toxiproxy closes every connection that lived through it, also those that lost nothing.',
  closedNotReset:
    'Toxiproxy ends open connections in order (FIN) where an outage resets them (RST): at the start of a refused fault callers read an end of stream instead of ECONNRESET.',
  halfClose: 'Toxiproxy closes both directions when one side hangs up: what was still to be said is lost.',
  hangUpInSilence:
    'In a silence Toxiproxy still passes on that a side hung up: once the endpoint gives up on a quiet connection the caller learns of it, so a silence may end early for callers without a time limit.',
  openUnknown: 'Toxiproxy does not tell how many connections it holds.',
} as const;

export async function openToxiproxyLink(options: ToxiproxyLinkOptions): Promise<Link> {
  const { fleet } = options;
  let condition: LinkCondition = HEALTHY;
  const shapeFor = (wanted: LinkCondition): ProxyShape =>
    shapeOf(wanted, options.roundTripMs, options.injectedMs);
  const place = await fleet.add(options.upstreamPort, shapeFor(HEALTHY));
  let changes: Promise<unknown> = Promise.resolve();
  const apply = (wanted: LinkCondition): Promise<void> => {
    const changed = changes.then(async () => {
      await fleet.shape(place, shapeFor(wanted));
      condition = wanted;
    });
    changes = changed.catch(() => {});
    return changed;
  };
  return {
    id: options.id,
    port: place.port,
    apply,
    observe: () => ({ open: null, condition }),
    close: () => apply({ kind: 'refused' }),
  };
}
