/**
 * Errors that a fault makes the Regions' STS answer with: any status, code and wording, for all requests or for a
 * share of them drawn from a seed. A fault lives on a lease and ends by itself when nobody renews it.
 */

import { UsageError } from '../errors/regionfall-error.ts';
import type { Clock } from '../time/monotonic.ts';
import { createRandom, type Random } from '../time/random.ts';
import { FAULT_MESSAGES, type StsError } from './errors.ts';

/** Errors from the Regions' STS itself, for all requests or a share of them. */
export interface ServiceFaultOrder {
  readonly id: string;
  readonly kind: 'service-error';
  readonly regions: readonly string[];
  /** Action names; absent: every action. */
  readonly operations?: readonly string[];
  /** Only requests signed with keys of this account; absent: everyone's. */
  readonly account?: string;
  readonly code: string;
  /** HTTP status, 400 to 599. */
  readonly status: number;
  /** Absent: the code's own wording. */
  readonly message?: string;
  /** 0 to 1. */
  readonly share: number;
  /** Decides which requests the share falls on. */
  readonly seed: number | string;
  /** How long the fault lives unless renewed. */
  readonly leaseMs: number;
}

export interface FaultTarget {
  /** Region that serves the request. */
  readonly region: string;
  readonly operation: string;
  /** Reads the account that the access key id names; asked only when a fault wants to know. */
  readonly account: () => string | undefined;
}

export interface ServiceFaults {
  /** A second order under the same id replaces the first. @throws {UsageError} RF-SERVICE-FAULT. */
  set(order: ServiceFaultOrder): void;
  /** False when no such fault is in force. */
  renew(id: string, leaseMs: number): boolean;
  clear(id: string): boolean;
  held(): readonly string[];
  /** The error that some fault answers this request with, if any: the latest order that applies wins. */
  errorFor(target: FaultTarget): StsError | undefined;
}

interface Held {
  readonly order: ServiceFaultOrder;
  readonly error: StsError;
  readonly random: Random;
  expiresUs: number;
}

/** @param regions Those that the service runs; an order for another is refused. */
export function createServiceFaults(regions: readonly string[], clock: Clock): ServiceFaults {
  const faults = new Map<string, Held>();

  const inForce = (): Map<string, Held> => {
    if (faults.size > 0) {
      const nowUs = clock();
      for (const [id, { expiresUs }] of faults) if (expiresUs <= nowUs) faults.delete(id);
    }
    return faults;
  };

  return {
    set: (order) => {
      checkOrder(order, regions);
      const message = order.message ?? FAULT_MESSAGES[order.code];
      faults.delete(order.id);
      faults.set(order.id, {
        order,
        error: {
          status: order.status,
          code: order.code,
          ...(message === undefined ? {} : { message }),
        },
        random: createRandom(order.seed).fork(`service fault ${order.id}`),
        expiresUs: clock() + order.leaseMs * 1_000,
      });
    },
    renew: (id, leaseMs) => {
      const held = inForce().get(id);
      if (held !== undefined) held.expiresUs = clock() + leaseMs * 1_000;
      return held !== undefined;
    },
    clear: (id) => inForce().delete(id),
    held: () => [...inForce().keys()],
    errorFor: (target) => {
      if (faults.size === 0) return undefined;
      let error: StsError | undefined;
      for (const held of inForce().values()) {
        // Each fault draws for itself, so that one fault's share never shifts another's.
        if (applies(held.order, target) && held.random.next() < held.order.share) error = held.error;
      }
      return error;
    },
  };
}

function applies({ regions, operations, account }: ServiceFaultOrder, target: FaultTarget): boolean {
  if (!regions.includes(target.region)) return false;
  if (operations !== undefined && !operations.includes(target.operation)) return false;
  return account === undefined || account === target.account();
}

function checkOrder(order: ServiceFaultOrder, regions: readonly string[]): void {
  const stranger = order.regions.find((region) => !regions.includes(region));
  if (stranger !== undefined) {
    throw refusal(`no Region '${stranger}' in this world`, `it has ${regions.join(', ')}`);
  }
  if (!Number.isInteger(order.status) || order.status < 400 || order.status > 599) {
    throw refusal(`status ${order.status} is no error`, 'give one from 400 to 599');
  }
  if (!(order.share >= 0 && order.share <= 1)) {
    throw refusal(`share ${order.share} is not between 0 and 1`, '1 means every request');
  }
  if (!(order.leaseMs > 0)) throw refusal(`a lease of ${order.leaseMs} ms never begins`, 'give milliseconds');
}

function refusal(message: string, hint: string): UsageError {
  return new UsageError(message, { code: 'RF-SERVICE-FAULT', hint });
}
