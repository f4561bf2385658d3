/**
 * Carries the orders of a plan to whoever executes them, with a lease: what is applied expires by itself when
 * nobody renews it. Withdrawing is safe to repeat, and safe for an order that never arrived.
 */

import type { CallersControl, FaultControl, NetworkControl, ServiceControl } from './control.ts';
import type { FaultOrder } from './fault-kind.ts';
import type { PlannedFault } from './timeline.ts';

export interface Controls {
  readonly network: NetworkControl;
  readonly service: ServiceControl;
  readonly callers: CallersControl;
}

/** Long enough to survive four lost renewals, short enough for the promise of ten seconds. */
export const LEASE_MS = 10_000;
export const RENEW_EVERY_MS = 2_000;

/** @param strength Above 0; 1 is all of it. Given again, the same orders replace those of another strength. */
export async function giveOrders(controls: Controls, fault: PlannedFault, strength = 1): Promise<void> {
  const { orders, ordersAt } = fault.plan;
  const given = strength >= 1 ? orders : (ordersAt?.(strength) ?? orders);
  for (const [index, order] of given.entries()) {
    const lease = { id: orderId(fault, index), leaseMs: LEASE_MS };
    switch (order.to) {
      case 'network':
        await controls.network.setFault({ ...lease, ...order.fault });
        break;
      case 'service':
        await controls.service.setFault({ ...lease, ...order.fault });
        break;
      case 'callers':
        await controls.callers.setFault({ ...lease, ...order.fault });
        break;
      default:
        order satisfies never;
    }
  }
}

/** Rejects when an order has ended by itself: whoever counts on it must learn that the fault is over. */
export async function renewOrders(controls: Controls, fault: PlannedFault): Promise<void> {
  for (const [index, order] of fault.plan.orders.entries()) {
    const id = orderId(fault, index);
    const renewal = await holderOf(controls, order).renewFault({ id, leaseMs: LEASE_MS });
    if (renewal?.known === false)
      throw new Error(`fault '${fault.name}' had ended before it was to be lifted`);
  }
}

/** Undoes every order in reverse, whatever happens to the others. Returns what went wrong. */
export async function withdrawOrders(controls: Controls, fault: PlannedFault): Promise<readonly Error[]> {
  const errors: Error[] = [];
  for (const [index, order] of [...fault.plan.orders.entries()].reverse()) {
    try {
      await holderOf(controls, order).clearFault({ id: orderId(fault, index) });
    } catch (error) {
      errors.push(error as Error);
    }
  }
  return errors;
}

function holderOf(
  controls: Controls,
  order: FaultOrder,
): Pick<FaultControl<never>, 'renewFault' | 'clearFault'> {
  return controls[order.to];
}

/** The name of the fault alone for its first order, and nearly always for its only one. */
function orderId(fault: PlannedFault, index: number): string {
  return index === 0 ? fault.name : `${fault.name}#${index + 1}`;
}
