/** What the script inside k6 is told of a run, and what k6 itself is told of the way to its endpoints. Pure. */

import type { EngineConfig } from '../load/process.ts';
import { policyOnHosts, type ResolvedGroup } from '../load/resolved-group.ts';
import type { K6Config } from './script/config.ts';

export function k6ConfigOf(
  {
    seed,
    durationUs,
    drainUs,
    groups,
    k6,
  }: Pick<EngineConfig, 'seed' | 'durationUs' | 'drainUs' | 'groups' | 'k6'>,
  control: string,
): K6Config {
  return {
    schema: 1,
    seed,
    durationUs,
    drainUs,
    control,
    ...(k6?.phases === undefined ? {} : { phases: k6.phases }),
    groups: groups.map((group) => ({
      name: group.name,
      location: group.location,
      callers: group.callers,
      ratePerSecond: group.ratePerSecond,
      operations: group.operations,
      arrivals: group.arrivals,
      policy: policyOnHosts(group),
      credentials: group.credentials,
      roleArn: group.roleArn,
      targets: group.targets.map(({ host, signingRegion, port }) => ({ host, signingRegion, port })),
    })),
  };
}

/**
 * Callers of one process stand in several locations, and k6 knows one address for a name and port: so each link goes by
 * its own port, and the usual one leads to that of the first group that knows the name.
 */
export function k6HostsOf(groups: readonly ResolvedGroup[]): Readonly<Record<string, string>> {
  const hosts: Record<string, string> = {};
  for (const { host, port } of groups.flatMap(({ targets }) => targets)) {
    hosts[`${host}:${port}`] = `127.0.0.1:${port}`;
    hosts[`${host}:443`] ??= `127.0.0.1:${port}`;
  }
  return hosts;
}
