/** What all faults of links share: which connections, which links, and an AssumeRole over each to prove it. */

import { z } from 'zod';
import { stsLinks } from '../../journal/event.ts';
import { looksToHeal, proofTimes } from '../chance.ts';
import type { ConnectionChoice, NetworkEffect } from '../control.ts';
import {
  type FaultOrder,
  type FaultPlan,
  HITS_NOTHING,
  probeTimeLimitMs,
  seedOf,
  type WorldView,
} from '../fault-kind.ts';
import type { ProbeExpectation } from '../probe-expectation.ts';
import { type LinkTarget, matchingLinks, percent, regionsHit } from '../target.ts';

const which = z
  .enum(['all', 'new'])
  .default('all')
  .describe('new: only connections opened while the fault is on; open ones live on.');

/** Which connections of the links. */
export const connectionChoice = z
  .strictObject({
    which,
    share: z.number().min(0.01).max(1).default(1).describe('Share of them, drawn for each connection.'),
  })
  .prefault({});

/** The same where a link lets either all new connections in or none. */
export const whichConnections = z.strictObject({ which }).prefault({});

export interface LinkFaultSpec {
  readonly name: string;
  readonly target: LinkTarget;
  readonly connections: { readonly which: ConnectionChoice['which']; readonly share?: number };
}

export interface LinkFaultMeaning {
  readonly effect: NetworkEffect;
  /** The same at a part of its strength, for a fault that may grow. */
  readonly effectAt?: (strength: number) => NetworkEffect;
  readonly during: ProbeExpectation;
  /** That one look over a connection that is hit shows it; 1 without it. */
  readonly chance?: number;
  /** The most that the fault adds to an answer, so that a probe waits long enough to see one. */
  readonly addedMs?: number;
}

export function planOnLinks(spec: LinkFaultSpec, view: WorldView, meaning: LinkFaultMeaning): FaultPlan {
  const links = matchingLinks(spec.target, view);
  // The way to the control plane falls with the Region, but only what STS answers is a proof.
  const probed = stsLinks(links);
  if (probed.length === 0) return HITS_NOTHING;
  const ids = links.map((link) => link.id);
  const { which, share = 1 } = spec.connections;
  const { effect, effectAt, during, addedMs = 0 } = meaning;
  const chance = share * (meaning.chance ?? 1);
  const ordersOf = (given: NetworkEffect): readonly FaultOrder[] => [
    {
      to: 'network',
      fault: { links: ids, effect: given, connections: { which, share }, seed: seedOf(spec, view) },
    },
  ];
  return {
    links: ids,
    regions: regionsHit(spec.target),
    orders: ordersOf(effect),
    ...(effectAt === undefined ? {} : { ordersAt: (strength) => ordersOf(effectAt(strength)) }),
    probes: probed.map((link) => ({
      link: link.id,
      operation: 'AssumeRole',
      during,
      looksToHeal: looksToHeal({ chance }),
      timeLimitMs: probeTimeLimitMs(link.roundTripMs) + addedMs,
    })),
    ...proofTimes({ chance, links: probed, addedMs }),
  };
}

/** ` on new connections`, ` on 30 % of connections`; empty where all are meant. */
export function describeConnections({ which, share = 1 }: LinkFaultSpec['connections']): string {
  if (share === 1 && which === 'all') return '';
  return ` on ${share === 1 ? '' : `${percent(share)} of `}${which === 'new' ? 'new ' : ''}connections`;
}
