/** Hands the world's processes to chaos as the small interfaces that it states. */

import type { NetworkControl, Prober, ServiceControl } from '../chaos/control.ts';
import type { World } from '../world/local-world.ts';

/**
 * A control that does not answer within this is treated as broken; leases then lift what it holds. Replacing a
 * Toxiproxy that hangs takes about two seconds and is still an answer.
 */
const CONTROL_DEADLINE_MS = 5_000;

/** A user that every account has, and that may change whatever can be changed. */
const ADMINISTRATOR = 'admin';

export interface WorldControls {
  readonly network: NetworkControl;
  readonly service: ServiceControl;
  readonly prober: Prober;
}

/**
 * @param user Whose keys the probes sign with; a user of every partition's account.
 * @param deafLinks Test-only, see Sabotage.
 */
export function controlsOf(world: World, user: string, deafLinks = false): WorldControls {
  const network = (method: string) => async (order: unknown) => {
    if (!deafLinks) await world.network.call<void>(method, order, CONTROL_DEADLINE_MS);
  };
  const service = (method: string) => (order: unknown) =>
    world.service.call<void>(method, order, CONTROL_DEADLINE_MS);
  return {
    network: {
      setFault: network('setFault'),
      renewFault: network('renewFault'),
      clearFault: network('clearFault'),
    },
    service: {
      setFault: service('setFault'),
      renewFault: service('renewFault'),
      clearFault: service('clearFault'),
      setRegionSwitch: service('setRegionSwitch'),
      setControlPlane: service('setControlPlane'),
    },
    prober: {
      probe: async ({ link: id, operation, timeLimitMs }) => {
        const link = world.links.find((candidate) => candidate.id === id);
        if (link === undefined) throw new Error(`no link '${id}' to probe`);
        if (operation !== 'ControlPlaneRead') return world.call({ link, operation, user, timeLimitMs });
        const action = 'RegionfallListStsRegionStatus';
        return world.callControlPlane({ link, user: ADMINISTRATOR, action, timeLimitMs });
      },
    },
  };
}
