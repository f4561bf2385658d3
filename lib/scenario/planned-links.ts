/**
 * The links that a scenario's world will have, known before one is opened: every location of a caller to every
 * endpoint that a group or a fault names. Pure; what does not exist is left out and reported by validation.
 */

import { controlPlaneHost, leaderRegion } from '../aws/control-plane-endpoints.ts';
import { endpointOfHost, hostOfEndpointName } from '../aws/endpoints.ts';
import type { Era } from '../aws/eras.ts';
import { globalServingRegion } from '../aws/global-serving.ts';
import type { PartitionName } from '../aws/partitions.ts';
import type { LinkRecord } from '../journal/event.ts';

export interface LinkPlan {
  readonly regions: readonly string[];
  readonly global: boolean;
  readonly era: Era;
  readonly locations: readonly string[];
  /** As a scenario names them: a host, a Region, `global`. */
  readonly endpoints: readonly string[];
  /** AWS partitions whose control plane is asked; none without it. */
  readonly controlPlanes?: readonly PartitionName[];
}

/** Round trips are left at 0: which link is hit does not depend on them. */
export function plannedLinks(plan: LinkPlan): readonly LinkRecord[] {
  const hosts = [...new Set(plan.endpoints.map(hostOfEndpointName))];
  return [...new Set(plan.locations)].flatMap((location) => [
    ...controlPlaneLinks(location, plan),
    ...hosts.flatMap((host) => {
      const endpoint = endpointOfHost(host);
      if (endpoint === undefined) return [];
      if (endpoint.kind === 'global' ? !plan.global : !plan.regions.includes(endpoint.region)) return [];
      const servingRegion =
        endpoint.kind === 'global' ? globalServingRegion(location, plan.regions, plan.era) : endpoint.region;
      if (servingRegion === undefined) return [];
      const { partition } = endpoint;
      return [
        {
          id: `${location}->${host}`,
          location,
          host,
          servingRegion,
          partition,
          roundTripMs: 0,
          modelled: true,
        },
      ];
    }),
  ]);
}

function controlPlaneLinks(location: string, { controlPlanes = [] }: LinkPlan): readonly LinkRecord[] {
  return controlPlanes.map((partition) => {
    const host = controlPlaneHost('iam', partition);
    return {
      id: `${location}->${host}`,
      location,
      host,
      servingRegion: leaderRegion('iam', partition),
      partition,
      service: 'iam',
      roundTripMs: 0,
      modelled: true,
    };
  });
}
