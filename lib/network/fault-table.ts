/**
 * Which faults lie on which links, and until when. Pure: it is told the time and changes nothing but itself;
 * the network asks it what every link should be like and puts the links there.
 */

import type { Clock } from '../time/monotonic.ts';
import { compose, type LinkCondition } from './link.ts';

export type Effect =
  /** Connects are refused and open connections are reset. */
  | { readonly kind: 'refused' }
  /** Connects are accepted, bytes vanish both ways, nothing ever answers. */
  | { readonly kind: 'silence' }
  /** The round trip grows by `addedMs`, half of it each way. */
  | { readonly kind: 'slow'; readonly addedMs: number };

export interface LinkFault {
  readonly id: string;
  readonly links: readonly string[];
  readonly effect: Effect;
  /** The fault lifts itself this long after it was last renewed. */
  readonly leaseMs: number;
}

export interface FaultTable {
  /** Sets a fault, or replaces the one of the same id. Throws on a link that does not exist. */
  set(fault: LinkFault): void;
  /** Throws when the fault is not there: its lease ran out, and whoever renews must learn of it. */
  renew(id: string, leaseMs: number): void;
  /** Lifting what is not there is no error. */
  clear(id: string): void;
  /** Drops the faults whose lease has run out and returns their ids. */
  expire(): readonly string[];
  /** When the next lease runs out, in microseconds of the clock. */
  nextExpiryUs(): number | undefined;
  condition(link: string): LinkCondition;
  /** Ids of the faults in force, in the order they were set. */
  faults(): readonly string[];
}

export function createFaultTable(links: readonly string[], clock: Clock): FaultTable {
  const known = new Set(links);
  const inForce = new Map<string, { readonly fault: LinkFault; untilUs: number }>();
  const leaseEndUs = (leaseMs: number): number => {
    if (!(leaseMs > 0)) throw new RangeError(`a lease needs a length above 0 ms, not ${leaseMs}`);
    return clock() + Math.round(leaseMs * 1_000);
  };
  return {
    set: (fault) => {
      const strangers = fault.links.filter((link) => !known.has(link));
      if (strangers.length > 0) {
        throw new RangeError(`fault '${fault.id}' names no link of this network: ${strangers.join(', ')}`);
      }
      if (fault.effect.kind === 'slow' && !(fault.effect.addedMs >= 0)) {
        throw new RangeError(`fault '${fault.id}' slows by ${fault.effect.addedMs} ms, which is no delay`);
      }
      inForce.set(fault.id, { fault, untilUs: leaseEndUs(fault.leaseMs) });
    },
    renew: (id, leaseMs) => {
      const held = inForce.get(id);
      if (held === undefined) throw new Error(`fault '${id}' is not in force: its lease ran out`);
      held.untilUs = leaseEndUs(leaseMs);
    },
    clear: (id) => {
      inForce.delete(id);
    },
    expire: () => {
      const nowUs = clock();
      const over = [...inForce].filter(([, held]) => held.untilUs <= nowUs).map(([id]) => id);
      for (const id of over) inForce.delete(id);
      return over;
    },
    nextExpiryUs: () => {
      let next: number | undefined;
      for (const { untilUs } of inForce.values()) if (next === undefined || untilUs < next) next = untilUs;
      return next;
    },
    condition: (link) =>
      compose(
        [...inForce.values()]
          .filter(({ fault }) => fault.links.includes(link))
          .map(({ fault }) => fault.effect),
      ),
    faults: () => [...inForce.keys()],
  };
}
