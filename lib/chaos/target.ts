/**
 * What a fault hits, as a scenario says it, and the links of a world that this means. A Region is hit with all that
 * it serves: also with the global endpoint, as far as callers see it served from there (era 2026).
 */

import { z } from 'zod';
import { hostOfEndpointName } from '../aws/endpoints.ts';
import { region as regionOf } from '../aws/regions.ts';
import { type LinkRecord, stsLinks } from '../journal/event.ts';
import type { WorldView } from './fault-kind.ts';

const region = z.string().optional().describe('Everything that this Region serves.');
const endpoint = z.string().optional().describe("A host name, a Region for its regional host, or 'global'.");
const location = z.string().optional().describe('Only for callers who stand here.');
const account = z.string().optional().describe('Only for callers of this account.');
const group = z.string().optional().describe('Only for callers of this group of the load.');

/** Each field narrows; at least one must be there. */
export const linkTarget = z
  .strictObject({ region, endpoint, location })
  .refine((target) => Object.values(target).some((value) => value !== undefined), {
    message: 'says nothing: name a region, an endpoint or a location',
  });

/** What stands at an endpoint, whoever asks; at least one must be there. */
export const endpointTarget = z
  .strictObject({ region, endpoint })
  .refine((target) => Object.values(target).some((value) => value !== undefined), {
    message: 'says nothing: name a region or an endpoint',
  });

/** The service of one Region and an account: its settings, and its quota. */
export const regionTarget = z.strictObject({
  region: z.string().describe('The Region whose service misbehaves.'),
  account,
});

/** Faults of the service itself: it cannot know where a caller stands. */
export const serviceTarget = regionTarget.extend({
  endpoint: endpoint.describe('Only what comes to this name; all names that the Region serves without it.'),
});

/** Settings of an account, wherever they are read. */
export const accountTarget = z
  .strictObject({ account: account.describe('This account; every account of the world without it.') })
  .prefault({});

/** Callers with their own surroundings; all of them without a field. */
export const callersTarget = z.strictObject({ location, group }).prefault({});

/** The names that callers look up; all of all callers without a field. */
export const namesTarget = z.strictObject({ region, endpoint, location, group }).prefault({});

export type LinkTarget = z.infer<typeof linkTarget>;
export type ServiceTarget = z.infer<typeof serviceTarget>;

/** Any target: each field narrows where it is there. */
export interface Target {
  readonly region?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly location?: string | undefined;
  readonly group?: string | undefined;
  readonly account?: string | undefined;
}

export function matchingLinks(target: LinkTarget, view: Pick<WorldView, 'links'>): readonly LinkRecord[] {
  const host = target.endpoint === undefined ? undefined : hostOfEndpointName(target.endpoint);
  return view.links.filter(
    (link) =>
      (target.region === undefined || link.servingRegion === target.region) &&
      (host === undefined || link.host === host) &&
      (target.location === undefined || link.location === target.location),
  );
}

/**
 * All links under the names that a target means, for whoever can only deal with names as a whole. A name that other
 * Regions serve as well, as the global one in era 2026, is no Region's own; one that is asked for outright is meant.
 * @param among The links of all who are concerned; those of STS count.
 */
export function linksByName(target: LinkTarget, among: readonly LinkRecord[]): readonly LinkRecord[] {
  const all = stsLinks(among);
  const inside = new Set(matchingLinks(target, { links: all }));
  const outside = new Set(all.filter((link) => !inside.has(link)).map(({ host }) => host));
  const hosts = new Set(
    [...inside].map(({ host }) => host).filter((host) => target.endpoint !== undefined || !outside.has(host)),
  );
  return all.filter(({ host }) => hosts.has(host));
}

/** Regions that a target hits as a whole: one host name, location or group is less than a Region. */
export function regionsHit(target: Target): readonly string[] {
  const { region: hit, endpoint: name, location: place, group: callers } = target;
  return hit === undefined || name !== undefined || place !== undefined || callers !== undefined ? [] : [hit];
}

/** `eu-west-1`, `sts.amazonaws.com for callers in eu-west-1`, `us-east-1 for account 111122223333`. */
export function describeTarget(target: Target): string {
  const subject = [
    ...(target.endpoint === undefined ? [] : [hostOfEndpointName(target.endpoint)]),
    ...(target.region === undefined ? [] : [target.region]),
  ].join(' in ');
  const narrowed = target.location !== undefined || target.group !== undefined;
  if (subject === '' && target.location !== undefined && target.group === undefined)
    return `everything seen from ${target.location}`;
  const audience = [
    ...(narrowed ? [describeCallers(target)] : []),
    ...(target.account === undefined ? [] : [`account ${target.account}`]),
  ].join(' of ');
  return [subject === '' ? 'everything' : subject, ...(audience === '' ? [] : [audience])].join(' for ');
}

/** `all callers`, `callers in eu-west-1`, `20 % of callers of group app`. */
export function describeCallers(target: Target, share = 1): string {
  const { location: place, group: name } = target;
  const narrowed = place !== undefined || name !== undefined;
  return [
    share < 1 ? `${percent(share)} of callers` : narrowed ? 'callers' : 'all callers',
    ...(name === undefined ? [] : [`of group ${name}`]),
    ...(place === undefined ? [] : [`in ${place}`]),
  ].join(' ');
}

/** `12.5 %`. */
export function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

/** Account ids that a fault of the service means: the one named, or every account of the Region's partition. */
export function accountsOf(
  target: Pick<Target, 'account'> & { readonly region: string },
  view: Pick<WorldView, 'accounts'>,
): readonly string[] {
  const partition = regionOf(target.region)?.partition;
  return view.accounts
    .filter((candidate) => candidate.partition === partition)
    .map(({ id }) => id)
    .filter((id) => target.account === undefined || id === target.account);
}

/** STS links whose every request an account's keys sign. */
export function linksOfAccount(accountId: string, view: WorldView): readonly LinkRecord[] {
  const partition = view.accounts.find(({ id }) => id === accountId)?.partition;
  return stsLinks(view.links).filter((link) => link.partition === partition);
}
