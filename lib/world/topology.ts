/**
 * Which links a world has: every caller location to every endpoint and to the control plane, with the Region that
 * serves it. Pure; the world opens what this page decides.
 */

import { type Endpoint, endpointOfHost, endpointsOfRegion, GLOBAL_ENDPOINT } from '../aws/endpoints.ts';
import type { Era } from '../aws/eras.ts';
import { globalServingRegion } from '../aws/global-serving.ts';
import type { PartitionName } from '../aws/partitions.ts';
import { UsageError } from '../errors/regionfall-error.ts';
import type { LinkRecord, LinkService } from '../journal/event.ts';
import { roundTrip } from '../network/round-trip.ts';
import { type ControlPlaneOwner, controlPlaneNames } from '../service/control-plane-names.ts';

export interface Topology {
  /** All that the Regions and the control plane answer to, dialled or not: a Region that nobody calls is still there. */
  readonly endpoints: readonly TopologyEndpoint[];
  /** From each location to STS first. */
  readonly links: readonly TopologyLink[];
}

export interface TopologyEndpoint {
  readonly host: string;
  readonly service: LinkService;
  readonly partition: PartitionName;
}

export interface TopologyLink extends LinkRecord {
  readonly service: LinkService;
  readonly partition: PartitionName;
}

/** A link that is open. */
export interface WorldLink extends TopologyLink {
  /** On 127.0.0.1. */
  readonly port: number;
}

export interface TopologyOptions {
  readonly regions: readonly string[];
  /** Whether `sts.amazonaws.com` answers; needs us-east-1, which serves whoever no Region serves locally. */
  readonly global: boolean;
  readonly era: Era;
  readonly locations: readonly string[];
  /** Only these host names of STS; every one of the Regions' without it. */
  readonly hosts?: readonly string[];
  /** Whose control plane and token issuers answer, however few of the Regions do; nobody's without it. */
  readonly controlPlaneOf?: readonly ControlPlaneOwner[];
}

export function topologyOf(options: TopologyOptions): Topology {
  const endpoints = [
    ...options.regions.flatMap((id) => endpointsOfRegion(id)),
    ...(options.global ? [GLOBAL_ENDPOINT] : []),
  ];
  for (const host of options.hosts ?? []) {
    if (!endpoints.some((endpoint) => endpoint.host === host)) throw unknownHost(host);
  }
  const dialled = endpoints.filter(({ host }) => options.hosts?.includes(host) ?? true);
  const controlPlane = controlPlaneNames(options.controlPlaneOf ?? [], options.era);
  const links = options.locations.flatMap((location) => [
    ...dialled.map((endpoint) =>
      linkOf(location, { ...endpoint, service: 'sts' }, servingRegionOf(location, endpoint, options)),
    ),
    ...controlPlane.map((name) => linkOf(location, name, name.region)),
  ]);
  return {
    endpoints: [
      ...endpoints.map(({ host, partition }) => ({ host, partition, service: 'sts' as const })),
      ...controlPlane,
    ],
    links,
  };
}

function unknownHost(host: string): UsageError {
  return new UsageError(`no Region of this world answers as '${host}'`, {
    code: 'RF-HOST-UNKNOWN',
    hint:
      endpointOfHost(host) === undefined
        ? 'write the host name of an STS endpoint, or the name of a Region'
        : 'add its Region to the regions of the scenario',
  });
}

function servingRegionOf(location: string, endpoint: Endpoint, options: TopologyOptions): string {
  const servingRegion =
    endpoint.kind === 'global'
      ? globalServingRegion(location, options.regions, options.era)
      : endpoint.region;
  if (servingRegion === undefined) {
    throw new UsageError(`nothing serves the global endpoint for callers in ${location}`, {
      code: 'RF-GLOBAL-UNSERVED',
      hint: 'add us-east-1 to the regions, or set global: false',
    });
  }
  return servingRegion;
}

function linkOf(
  location: string,
  { host, partition, service }: TopologyEndpoint,
  servingRegion: string,
): TopologyLink {
  const trip = roundTrip(location, servingRegion);
  return {
    id: `${location}->${host}`,
    location,
    host,
    servingRegion,
    partition,
    service,
    roundTripMs: trip.medianMs,
    modelled: trip.modelled,
  };
}
