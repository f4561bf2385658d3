/** The world of the fixture run: its links with their round trips, its groups and their callers. */
import type { CallerRecord, LinkRecord } from '../journal/event.ts';

const regional = (region: string): string => `sts.${region}.amazonaws.com`;
const GLOBAL = 'sts.amazonaws.com';
export const FIXTURE_HOME = regional('eu-west-1');
const ELSEWHERE = regional('eu-central-1');

/** Round trips in milliseconds, of the order of the real ones. */
const ROUND_TRIPS: Readonly<Record<string, number>> = {
  'eu-west-1->eu-west-1': 0.6,
  'eu-west-1->eu-central-1': 24.8,
  'eu-west-1->us-east-1': 68.4,
  'eu-central-1->eu-west-1': 24.9,
  'eu-central-1->eu-central-1': 0.7,
  'eu-central-1->us-east-1': 91.3,
  'us-east-1->eu-west-1': 68.6,
  'us-east-1->eu-central-1': 91.2,
  'us-east-1->us-east-1': 0.6,
};
export const FIXTURE_REGIONS = ['eu-west-1', 'eu-central-1', 'us-east-1'] as const;

export interface Group {
  readonly name: string;
  readonly location: string;
  readonly endpoint: string;
  readonly callers: number;
  readonly ratePerSecond: number;
}

export const FIXTURE_GROUPS: readonly Group[] = [
  { name: 'app', location: 'eu-west-1', endpoint: FIXTURE_HOME, callers: 6, ratePerSecond: 60 },
  { name: 'control-central', location: 'eu-central-1', endpoint: ELSEWHERE, callers: 3, ratePerSecond: 30 },
  {
    name: 'control-east',
    location: 'us-east-1',
    endpoint: regional('us-east-1'),
    callers: 3,
    ratePerSecond: 30,
  },
  { name: 'control-global', location: 'us-east-1', endpoint: GLOBAL, callers: 3, ratePerSecond: 30 },
];

/** The global name is served in the Region the caller stands in, as STS does since 2025. */
export const FIXTURE_LINKS: readonly LinkRecord[] = FIXTURE_REGIONS.flatMap((location) => [
  ...FIXTURE_REGIONS.map((region) => link(location, regional(region), region)),
  link(location, GLOBAL, location),
]);

function link(location: string, host: string, servingRegion: string): LinkRecord {
  const roundTripMs = ROUND_TRIPS[`${location}->${servingRegion}`] ?? 1;
  return {
    id: `${location}->${host}`,
    location,
    host,
    servingRegion,
    partition: 'aws',
    roundTripMs,
    modelled: false,
  };
}

export function linkTo(location: string, host: string): LinkRecord {
  const found = FIXTURE_LINKS.find((candidate) => candidate.location === location && candidate.host === host);
  if (found === undefined) throw new Error(`the fixture has no link from ${location} to ${host}`);
  return found;
}

export function callersOf(group: Group, failover: boolean): CallerRecord[] {
  const ordered = group.name === 'app' && failover;
  return Array.from({ length: group.callers }, (_, index) => ({
    name: `${group.name}-${index + 1}`,
    group: group.name,
    location: group.location,
    partition: 'aws',
    credential: 'long-term',
    policy: ordered ? 'ordered' : 'pinned',
    endpoints: ordered ? [group.endpoint, ELSEWHERE] : [group.endpoint],
    attemptTimeLimitMs: 1_000,
  }));
}
