/** Lost packets as a stream shows them: now and then all waits for a retransmission. */

import { z } from 'zod';
import { NOISE_MS } from '../delay-spec.ts';
import { defineFaultKind, RAMP_FIELD } from '../fault-kind.ts';
import { describeTarget, linkTarget, percent } from '../target.ts';
import { connectionChoice, describeConnections, planOnLinks } from './on-links.ts';

/** Flights toward the caller on a fresh connection: one of TLS, one with the answer. */
const FLIGHTS = 2;
/** Both may stall, and both flights toward the service. */
const STALLS_AT_MOST = 4;

export const stalls = defineFaultKind({
  kind: 'stalls',
  about: 'A share of what is sent stalls, as when a packet is lost and sent again, and all behind it waits.',
  fields: {
    target: linkTarget,
    connections: connectionChoice,
    shareOfFlights: z.number().min(0.01).max(1).describe('Share of flights, drawn for each.'),
    stallMs: z
      .int()
      .min(NOISE_MS)
      .max(60_000)
      .describe('Milliseconds; the first retransmission of TCP comes after 200 or later.'),
    ...RAMP_FIELD,
  },
  title: ({ target, shareOfFlights, stallMs, connections }) =>
    `${describeTarget(target)} stalls for ${stallMs} ms in ${percent(shareOfFlights)} of flights${describeConnections(connections)}`,
  plan: (spec, view) => {
    const { shareOfFlights, stallMs } = spec;
    return planOnLinks(spec, view, {
      effect: { kind: 'stalls', share: shareOfFlights, stallMs },
      effectAt: (strength) => ({ kind: 'stalls', share: shareOfFlights * strength, stallMs }),
      during: { kind: 'slower', byMs: Math.round(0.8 * stallMs) },
      chance: 1 - (1 - shareOfFlights) ** FLIGHTS,
      addedMs: STALLS_AT_MOST * stallMs,
    });
  },
});
