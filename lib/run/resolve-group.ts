/** Turns the groups of a scenario into callers that can dial: links, ports, keys. Pure once the world is open. */

import { endpointOfHost, hostOfEndpointName } from '../aws/endpoints.ts';
import type { PartitionName } from '../aws/partitions.ts';
import { endpointsOf } from '../failover/spec.ts';
import type { LoadGroup } from '../load/load-spec.ts';
import type { ResolvedGroup } from '../load/resolved-group.ts';
import type { World } from '../world/local-world.ts';

/** Long-term keys or a session's, in plain text: this goes over the pipe to the callers' process and nowhere else. */
export type PlainCredentials = ResolvedGroup['credentials'];

/** @param session Fetched before the load, for a group whose `credential` is `session`. */
export function resolveGroup(
  group: LoadGroup,
  world: World,
  session: PlainCredentials | undefined,
): ResolvedGroup {
  const account = world.accounts.find((candidate) => candidate.partition === group.partition);
  const long = world.credentials(group.partition as PartitionName, group.principal);
  return {
    ...group,
    credentials: session ?? { accessKeyId: long.accessKeyId, secretAccessKey: long.secretAccessKey.reveal() },
    roleArn: account?.roles[0]?.arn ?? '',
    targets: endpointsOf(group.policy).map((endpoint) => {
      const link = world.link(group.location, hostOfEndpointName(endpoint));
      return {
        host: link.host,
        signingRegion: endpointOfHost(link.host)?.signingRegion ?? link.servingRegion,
        port: link.port,
        linkId: link.id,
      };
    }),
  };
}
