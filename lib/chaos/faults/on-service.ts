/** What all faults of the service itself share: which requests, whose, how many, and a call of each operation to prove it. */

import { z } from 'zod';
import { hostOfEndpointName } from '../../aws/endpoints.ts';
import { stsLinks } from '../../journal/event.ts';
import { looksToHeal, proofTimes } from '../chance.ts';
import type { RequestChoice, ServiceFault } from '../control.ts';
import {
  type FaultOrder,
  type FaultPlan,
  HITS_NOTHING,
  probeTimeLimitMs,
  RAMP_FIELD,
  type WorldView,
} from '../fault-kind.ts';
import type { ProbeExpectation } from '../probe-expectation.ts';
import {
  accountsOf,
  describeTarget,
  matchingLinks,
  percent,
  regionsHit,
  type ServiceTarget,
  serviceTarget,
} from '../target.ts';

/** What a probe can send. */
const OPERATIONS = ['AssumeRole', 'GetCallerIdentity', 'GetSessionToken'] as const;

/** Fields of every kind that answers requests otherwise than it should. */
export const REQUEST_FIELDS = {
  target: serviceTarget,
  operations: z
    .array(z.enum(OPERATIONS))
    .min(1)
    .optional()
    .describe('Only these; all operations without it.'),
  share: z.number().min(0.01).max(1).default(1).describe('Share of matching requests that it falls on.'),
  ...RAMP_FIELD,
};

export interface RequestFaultSpec {
  readonly name: string;
  readonly target: ServiceTarget;
  readonly operations?: readonly (typeof OPERATIONS)[number][] | undefined;
  readonly share: number;
}

export interface RequestFaultMeaning {
  /** @param strength Above 0 and at most 1. */
  readonly faultAt: (strength: number) => ServiceFault;
  readonly during: ProbeExpectation;
  /** That one look which is hit shows it; 1 without it. */
  readonly chance?: number;
  /** The most that the fault adds to an answer. */
  readonly addedMs?: number;
}

export function planOnRequests(
  spec: RequestFaultSpec,
  view: WorldView,
  { faultAt, during, chance: shown = 1, addedMs = 0 }: RequestFaultMeaning,
): FaultPlan {
  const { account } = spec.target;
  const links = stsLinks(matchingLinks(spec.target, view));
  if (links.length === 0 || accountsOf(spec.target, view).length === 0) return HITS_NOTHING;
  const chance = spec.share * shown;
  const ordersOf = (strength: number): readonly FaultOrder[] => [{ to: 'service', fault: faultAt(strength) }];
  const operations = spec.operations ?? ['AssumeRole'];
  return {
    links: links.map((link) => link.id),
    regions: regionsHit(spec.target),
    orders: ordersOf(1),
    ordersAt: ordersOf,
    probes: links.flatMap((link) =>
      operations.map((operation) => ({
        link: link.id,
        operation,
        ...(account === undefined ? {} : { account }),
        during,
        looksToHeal: looksToHeal({ chance }),
        timeLimitMs: probeTimeLimitMs(link.roundTripMs) + addedMs,
      })),
    ),
    ...proofTimes({ chance, links: operations.flatMap(() => links), addedMs }),
  };
}

/** @param share Of the matching requests. */
export function requestsOf(spec: RequestFaultSpec, share: number): RequestChoice {
  const { region, endpoint, account } = spec.target;
  return {
    regions: [region],
    ...(endpoint === undefined ? {} : { hosts: [hostOfEndpointName(endpoint)] }),
    ...(spec.operations === undefined ? {} : { operations: spec.operations }),
    ...(account === undefined ? {} : { account }),
    share,
  };
}

/** `eu-west-1 answers Throttling to 10 % of requests`. */
export function describeAnswer({ target, share, operations }: RequestFaultSpec, answer: string): string {
  const asked = operations === undefined ? 'requests' : operations.join(' and ');
  const whom =
    share < 1 ? ` to ${percent(share)} of ${asked}` : operations === undefined ? '' : ` to ${asked}`;
  return `${describeTarget(target)} answers ${answer}${whom}`;
}
