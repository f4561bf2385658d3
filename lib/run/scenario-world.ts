/** What a scenario asks of its world: where callers stand and which host names are dialled. Pure. */

import { hostOfEndpointName } from '../aws/endpoints.ts';
import { endpointsOf } from '../load/load-spec.ts';
import type { Scenario } from '../scenario/schema.ts';

export function locationsOf({ load, acts }: Scenario): readonly string[] {
  const acting = acts.flatMap(({ location }) => location ?? []);
  return [...new Set([...load.groups.map((group) => group.location), ...acting])];
}

/** Whether anything of the scenario asks, changes or breaks the control plane; opening one costs a little. */
export function needsControlPlane({ acts, faults }: Scenario): boolean {
  return acts.length > 0 || faults.some(({ kind }) => kind === 'control-plane-down');
}

/** Endpoints that a group calls or that a fault names. */
export function hostsOf(scenario: Scenario): readonly string[] {
  const called = scenario.load.groups.flatMap((group) => endpointsOf(group.policy));
  const faulted = scenario.faults.flatMap(({ target }) =>
    'endpoint' in target && target.endpoint !== undefined ? [target.endpoint] : [],
  );
  return [...new Set([...called, ...faulted].map(hostOfEndpointName))];
}
