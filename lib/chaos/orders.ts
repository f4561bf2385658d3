/**
 * Carries the orders of a plan to whoever executes them, with a lease: what is applied expires by itself when
 * nobody renews it. Withdrawing is safe to repeat, and safe for an order that never arrived.
 */

import type { NetworkControl, ServiceControl } from './control.ts';
import type { FaultOrder } from './fault-kind.ts';
import type { PlannedFault } from './timeline.ts';

export interface Controls {
  readonly network: NetworkControl;
  readonly service: ServiceControl;
}

/** Long enough to survive four lost renewals, short enough for the promise of ten seconds. */
export const LEASE_MS = 10_000;
export const RENEW_EVERY_MS = 2_000;

/** @param seed Decides which requests a partial error hits. */
export async function giveOrders(controls: Controls, fault: PlannedFault, seed: number): Promise<void> {
  for (const [index, order] of fault.plan.orders.entries()) {
    const id = orderId(fault, index);
    switch (order.to) {
      case 'network':
        await controls.network.setFault({ id, links: order.links, effect: order.effect, leaseMs: LEASE_MS });
        break;
      case 'service':
        await controls.service.setFault({ ...order.fault, id, seed, leaseMs: LEASE_MS });
        break;
      case 'switch':
        await controls.service.setRegionSwitch({
          account: order.account,
          region: order.region,
          active: false,
          faultId: id,
          leaseMs: LEASE_MS,
        });
        break;
      case 'control-plane':
        await controls.service.setControlPlane({
          partition: order.partition,
          up: false,
          faultId: id,
          leaseMs: LEASE_MS,
        });
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

function holderOf(controls: Controls, order: FaultOrder): NetworkControl | ServiceControl {
  return order.to === 'network' ? controls.network : controls.service;
}

/** The name of the fault alone where it has one order, as nearly always. */
function orderId(fault: PlannedFault, index: number): string {
  return fault.plan.orders.length === 1 ? fault.name : `${fault.name}/${index + 1}`;
}
