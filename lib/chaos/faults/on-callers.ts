/** What faults of the callers' own surroundings share: whom they hit, and a probe in the name of one of those. */

import { z } from 'zod';
import { type LinkRecord, stsLinks } from '../../journal/event.ts';
import type { CallerChoice, CallersFault } from '../control.ts';
import {
  DEFAULT_PROVE_WITHIN_MS,
  type FaultOrder,
  type FaultPlan,
  type GroupView,
  HITS_NOTHING,
  probeTimeLimitMs,
  seedOf,
  type WorldView,
} from '../fault-kind.ts';
import type { ProbeExpectation } from '../probe-expectation.ts';
import type { Target } from '../target.ts';

export const shareOfCallers = z
  .number()
  .min(0.01)
  .max(1)
  .default(1)
  .describe('Share of matching callers, drawn for each caller.');

export interface CallersFaultSpec {
  readonly name: string;
  readonly target: Target;
  readonly share: number;
}

export interface CallersFaultMeaning {
  readonly fault: (callers: CallerChoice, strength: number) => CallersFault;
  /** Whether there is less of it. */
  readonly grows: boolean;
  readonly during: ProbeExpectation;
}

/** Whom a target means: a location and a group of it each narrow. */
export function callersOf({ target, share }: Pick<CallersFaultSpec, 'target' | 'share'>): CallerChoice {
  return {
    ...(target.location === undefined ? {} : { locations: [target.location] }),
    ...(target.group === undefined ? {} : { groups: [target.group] }),
    share,
  };
}

/** STS links that callers of the target take, to where their keys are known. */
export function linksOfCallers(target: Target, view: WorldView): readonly LinkRecord[] {
  const groups = groupsOf(target, view);
  return stsLinks(view.links).filter((link) => groups.some((group) => takes(group, link)));
}

/** @param links Those of {@link linksOfCallers} that the fault spoils. */
export function planOnCallers(
  spec: CallersFaultSpec,
  links: readonly LinkRecord[],
  view: WorldView,
  { fault, grows, during }: CallersFaultMeaning,
): FaultPlan {
  if (links.length === 0) return HITS_NOTHING;
  const ordersAt = (strength: number): readonly FaultOrder[] => [
    { to: 'callers', fault: fault(callersOf(spec), strength) },
  ];
  return {
    links: links.map((link) => link.id),
    // What is spoilt is the callers', not a Region's.
    regions: [],
    orders: ordersAt(1),
    ...(grows ? { ordersAt } : {}),
    probes: links.map((link) => ({
      link: link.id,
      operation: 'AssumeRole',
      // Of a caller who takes the link, and whose keys are known where it leads.
      asCallers: {
        locations: [link.location],
        groups: groupsOf(spec.target, view)
          .filter((group) => takes(group, link))
          .map(({ name }) => name),
        share: spec.share,
        seed: seedOf(spec, view),
      },
      during,
      // Whoever is hit is hit wholly.
      looksToHeal: 1,
      timeLimitMs: probeTimeLimitMs(link.roundTripMs),
    })),
    proveWithinMs: DEFAULT_PROVE_WITHIN_MS,
  };
}

function takes({ location, partition, hosts }: GroupView, link: LinkRecord): boolean {
  return location === link.location && partition === link.partition && hosts.includes(link.host);
}

function groupsOf({ location, group }: Target, view: WorldView): WorldView['groups'] {
  return view.groups.filter(
    (candidate) =>
      (location === undefined || candidate.location === location) &&
      (group === undefined || candidate.name === group),
  );
}
