/**
 * What a fault hits, as a scenario says it, and the links of a world that this means. A Region is hit with all that
 * it serves: also with the global endpoint, as far as callers see it served from there (era 2026).
 */

import { z } from 'zod';
import { hostOfEndpointName } from '../aws/endpoints.ts';
import { region } from '../aws/regions.ts';
import type { LinkRecord } from '../journal/event.ts';
import type { WorldView } from './fault-kind.ts';

/** Each field narrows; at least one must be there. */
export const linkTarget = z
  .strictObject({
    region: z.string().optional().describe('Everything that this Region serves.'),
    endpoint: z.string().optional().describe("A host name, a Region for its regional host, or 'global'."),
    location: z.string().optional().describe('Only for callers who stand here.'),
  })
  .refine((target) => Object.values(target).some((value) => value !== undefined), {
    message: 'says nothing: name a region, an endpoint or a location',
  });

export type LinkTarget = z.infer<typeof linkTarget>;

/** Faults of the service itself: it cannot know where a caller stands. */
export const serviceTarget = z.strictObject({
  region: z.string().describe('The Region whose service misbehaves.'),
  account: z.string().optional().describe('Only for callers of this account.'),
});

export type ServiceTarget = z.infer<typeof serviceTarget>;

export function matchingLinks(target: LinkTarget, view: WorldView): readonly LinkRecord[] {
  const host = target.endpoint === undefined ? undefined : hostOfEndpointName(target.endpoint);
  return view.links.filter(
    (link) =>
      (target.region === undefined || link.servingRegion === target.region) &&
      (host === undefined || link.host === host) &&
      (target.location === undefined || link.location === target.location),
  );
}

/** `eu-west-1`, `sts.amazonaws.com for callers in eu-west-1`. */
export function describeTarget(target: LinkTarget): string {
  const subject = [
    ...(target.endpoint === undefined ? [] : [hostOfEndpointName(target.endpoint)]),
    ...(target.region === undefined ? [] : [target.region]),
  ].join(' in ');
  if (target.location === undefined) return subject;
  return subject === ''
    ? `everything seen from ${target.location}`
    : `${subject} for callers in ${target.location}`;
}

/** Account ids that a fault of the service means: the one named, or every account of the Region's partition. */
export function accountsOf(target: ServiceTarget, view: WorldView): readonly string[] {
  const partition = region(target.region)?.partition;
  return view.accounts
    .filter((account) => account.partition === partition)
    .map((account) => account.id)
    .filter((id) => target.account === undefined || id === target.account);
}
