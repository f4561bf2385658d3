/**
 * The host names of a world's control plane: IAM and Account Management of each partition that has an account, and the
 * token issuer of each account. Which Region serves a name is a fact of the name. Pure.
 */

import { controlPlaneEndpoints, leaderRegion } from '../aws/control-plane-endpoints.ts';
import { type Era, regionInEra } from '../aws/eras.ts';
import type { PartitionName } from '../aws/partitions.ts';
import { issuerIdOf } from '../identity/issuer-id.ts';
import { issuerHost } from '../sts/federation/issuer-documents.ts';

export type ControlPlaneName = {
  readonly host: string;
  readonly partition: PartitionName;
  /** That leads the service and serves every request, whether its STS is in the world or not. */
  readonly region: string;
} & ({ readonly service: 'iam' | 'account' } | { readonly service: 'issuer'; readonly account: string });

export interface ControlPlaneOwner {
  readonly id: string;
  readonly partition: PartitionName;
}

/** Ordinary names before dual-stack ones; none that would be led from a Region that the era has not seen. */
export function controlPlaneNames(
  accounts: readonly ControlPlaneOwner[],
  era: Era,
): readonly ControlPlaneName[] {
  const partitions = new Set(accounts.map(({ partition }) => partition));
  const issuing = era.actions.has('GetWebIdentityToken') ? accounts : [];
  return [
    ...[...partitions].flatMap(controlPlaneEndpoints),
    ...issuing.map(
      ({ id, partition }) =>
        ({
          host: issuerHost(issuerIdOf(id)),
          service: 'issuer',
          partition,
          // Enabling it is an act of IAM, so it is IAM's leader that publishes: which Region really does is not known.
          region: leaderRegion('iam', partition),
          account: id,
        }) as const,
    ),
  ].filter(({ region }) => regionInEra(region, era) !== undefined);
}
