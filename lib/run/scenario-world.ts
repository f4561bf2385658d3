/** What a scenario asks of its world: where callers stand, which host names are dialled, what faults are planned on. Pure. */

import { hostOfEndpointName } from '../aws/endpoints.ts';
import { era as eraNamed } from '../aws/eras.ts';
import { hostsOfFaults, needControlPlane } from '../chaos/expand-faults.ts';
import type { WorldView } from '../chaos/fault-kind.ts';
import { endpointsOf } from '../failover/spec.ts';
import { defaultAccounts } from '../identity/world-accounts.ts';
import type { Scenario } from '../scenario/schema.ts';
import { topologyOf } from '../world/topology.ts';
import { partitionsOf } from '../world/world-regions.ts';

export function locationsOf({ load, acts }: Scenario): readonly string[] {
  const acting = acts.flatMap(({ location }) => location ?? []);
  return [...new Set([...load.groups.map((group) => group.location), ...acting])];
}

/** Whether anything of the scenario asks, changes or breaks the control plane; opening one costs a little. */
export function needsControlPlane({ acts, faults }: Scenario): boolean {
  return acts.length > 0 || needControlPlane(faults);
}

/** Endpoints that a group calls or that a fault names. */
export function hostsOf({ load, faults }: Scenario): readonly string[] {
  const called = load.groups.flatMap((group) => endpointsOf(group.policy)).map(hostOfEndpointName);
  return [...new Set([...called, ...hostsOfFaults(faults)])];
}

/** The world as faults are planned on it, before or after it is open. */
export function viewOf(
  { load, regions, service, era }: Scenario,
  seed: number,
  { links, accounts }: Pick<WorldView, 'links' | 'accounts'>,
): WorldView {
  return {
    links,
    regions,
    accounts,
    groups: load.groups.map(({ name, location, partition, policy }) => ({
      name,
      location,
      partition,
      hosts: endpointsOf(policy).map(hostOfEndpointName),
    })),
    replicaDelayMsMax: (service.replicaDelayMs ?? eraNamed(era).replicaDelayMs).maximum,
    seed,
  };
}

/** The same for a world that nobody has opened yet. */
export function plannedView(scenario: Scenario, seed: number): WorldView {
  const accounts = defaultAccounts(partitionsOf(scenario.regions, scenario.era), seed);
  const { links } = topologyOf({
    regions: scenario.regions,
    global: scenario.global,
    era: eraNamed(scenario.era),
    locations: locationsOf(scenario),
    hosts: hostsOf(scenario),
    ...(needsControlPlane(scenario) ? { controlPlaneOf: accounts } : {}),
  });
  return viewOf(scenario, seed, { links, accounts });
}
