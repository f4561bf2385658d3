/**
 * Hands a run's processes to chaos as the small interfaces that it states. The rooms do not know each other, so what
 * each of them takes is held against what chaos orders here, by the compiler.
 */

import type {
  CallersControl,
  CallersFault,
  FaultControl,
  Held,
  NetworkControl,
  NetworkFault,
  ServiceControl,
  ServiceFault,
} from '../chaos/control.ts';
import type { HeldCallersFault } from '../load/callers-faults.ts';
import type { LinkFault } from '../network/link-effect.ts';
import type { Child } from '../process/rpc.ts';
import type { ServiceFaultOrder } from '../service/fault-order.ts';
import type { World } from '../world/local-world.ts';

/**
 * A control that does not answer within this is treated as broken; leases then lift what it holds. Replacing a
 * Toxiproxy that hangs takes about two seconds and is still an answer.
 */
const CONTROL_DEADLINE_MS = 5_000;

export interface RunControls {
  readonly network: NetworkControl;
  readonly service: ServiceControl;
  readonly callers: CallersControl;
}

/** @param toothless Test-only, see Sabotage. */
export function controlsOf(world: World, callers: Pick<Child, 'call'>, toothless = false): RunControls {
  return {
    network: control<NetworkFault>(world.network, toothless, (fault) => fault satisfies LinkFault),
    service: control<ServiceFault>(world.service, toothless, (fault) => serviceOrder(fault, world)),
    callers: control<CallersFault>(callers, toothless, (fault) => fault satisfies HeldCallersFault),
  };
}

/** Every process that holds faults answers to the same three calls. */
function control<Fault>(
  child: Pick<Child, 'call'>,
  toothless: boolean,
  orderOf: (fault: Held<Fault>) => unknown,
): FaultControl<Fault> {
  const call = async <Answer>(method: string, order: unknown): Promise<Answer | undefined> =>
    toothless ? undefined : child.call<Answer>(method, order, CONTROL_DEADLINE_MS);
  return {
    setFault: async (fault) => {
      await call('setFault', await orderOf(fault));
    },
    renewFault: (lease) => call<{ readonly known: boolean }>('renewFault', lease),
    clearFault: async (fault) => {
      await call('clearFault', fault);
    },
  };
}

/** The service shows certificates and makes none. */
async function serviceOrder(fault: Held<ServiceFault>, world: World): Promise<ServiceFaultOrder> {
  if (fault.kind !== 'certificate') return fault;
  return { ...fault, certificates: await world.troubledCertificates(fault.hosts, fault.trouble) };
}
