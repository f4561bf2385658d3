/**
 * Which links a world has: every caller location to every endpoint, with the Region that serves it. Pure; the
 * world opens what this page decides.
 */

import { type Endpoint, endpointOfHost, endpointsOfRegion, GLOBAL_ENDPOINT } from '../aws/endpoints.ts';
import { region } from '../aws/regions.ts';
import { UsageError } from '../errors/regionfall-error.ts';
import type { LinkRecord } from '../journal/event.ts';
import { roundTrip } from '../network/round-trip.ts';

export interface Topology {
  readonly regions: readonly string[];
  readonly locations: readonly string[];
  readonly endpoints: readonly Endpoint[];
  readonly links: readonly LinkRecord[];
}

export interface TopologyOptions {
  readonly regions: readonly string[];
  /** Whether `sts.amazonaws.com` answers; needs us-east-1, which serves whoever no Region serves locally. */
  readonly global: boolean;
  readonly locations: readonly string[];
  /** Only these host names; every one of the Regions' without it. */
  readonly hosts?: readonly string[];
}

export function topologyOf(options: TopologyOptions): Topology {
  const every = [
    ...options.regions.flatMap((id) => endpointsOfRegion(id)),
    ...(options.global ? [GLOBAL_ENDPOINT] : []),
  ];
  const endpoints = every.filter((endpoint) => options.hosts?.includes(endpoint.host) ?? true);
  for (const host of options.hosts ?? []) {
    if (!endpoints.some((endpoint) => endpoint.host === host)) {
      throw new UsageError(`no Region of this world answers as '${host}'`, {
        code: 'RF-HOST-UNKNOWN',
        hint:
          endpointOfHost(host) === undefined
            ? 'write the host name of an STS endpoint, or the name of a Region'
            : 'add its Region to the regions of the scenario',
      });
    }
  }
  const links = options.locations.flatMap((location) =>
    endpoints.map((endpoint) => linkOf(location, endpoint, options)),
  );
  return { regions: options.regions, locations: options.locations, endpoints, links };
}

/**
 * The Region that serves the global name for callers in a location: their own when it is enabled by default,
 * us-east-1 for everyone else (since April 2025, for callers that ask the resolver of their VPC).
 * Source: AWS, "Manage AWS STS in an AWS Region", changes to the global endpoint.
 */
export function globalServingRegion(location: string, regions: readonly string[]): string | undefined {
  const home = region(location);
  const served = home?.partition === 'aws' && home.enabledBy === 'default' && regions.includes(location);
  if (served) return location;
  return regions.includes('us-east-1') ? 'us-east-1' : undefined;
}

function linkOf(location: string, endpoint: Endpoint, options: TopologyOptions): LinkRecord {
  const servingRegion =
    endpoint.kind === 'global' ? globalServingRegion(location, options.regions) : endpoint.region;
  if (servingRegion === undefined) {
    throw new UsageError(`nothing serves the global endpoint for callers in ${location}`, {
      code: 'RF-GLOBAL-UNSERVED',
      hint: 'add us-east-1 to the regions, or set global: false',
    });
  }
  const trip = roundTrip(location, servingRegion);
  return {
    id: `${location}->${endpoint.host}`,
    location,
    host: endpoint.host,
    servingRegion,
    partition: endpoint.partition,
    roundTripMs: trip.medianMs,
    modelled: trip.modelled,
  };
}
