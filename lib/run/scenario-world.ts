/** What a scenario asks of its world: where callers stand and which host names are dialled. Pure. */

import { hostOfEndpointName } from '../aws/endpoints.ts';
import { endpointsOf } from '../load/load-spec.ts';
import type { Scenario } from '../scenario/schema.ts';

export function locationsOf(scenario: Scenario): readonly string[] {
  return [...new Set(scenario.load.groups.map((group) => group.location))];
}

/** Endpoints that a group calls or that a fault names. */
export function hostsOf(scenario: Scenario): readonly string[] {
  const called = scenario.load.groups.flatMap((group) => endpointsOf(group.policy));
  const faulted = scenario.faults.flatMap(({ target }) =>
    'endpoint' in target && target.endpoint !== undefined ? [target.endpoint] : [],
  );
  return [...new Set([...called, ...faulted].map(hostOfEndpointName))];
}
