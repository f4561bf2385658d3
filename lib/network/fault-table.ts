/**
 * Which faults lie on which links, and until when. Pure: it is told the time and changes nothing but itself;
 * the network asks it what every link should be like and puts the links there.
 */

import { delayProblem } from '../time/delay.ts';
import type { Clock } from '../time/monotonic.ts';
import type { LinkEffect, LinkFault } from './link-effect.ts';

export interface FaultTable {
  /** Sets a fault, or replaces the one of the same id. Throws on what no link could carry out, and keeps nothing of it. */
  set(fault: LinkFault): void;
  /** Throws when the fault is not there: its lease ran out, and whoever renews must learn of it. */
  renew(id: string, leaseMs: number): void;
  /** Lifting what is not there is no error. */
  clear(id: string): void;
  /** Drops the faults whose lease has run out and returns their ids. */
  expire(): readonly string[];
  /** When the next lease runs out, in microseconds of the clock. */
  nextExpiryUs(): number | undefined;
  /** In the order they were set; the same object for as long as a fault is not set anew. */
  effects(link: string): readonly LinkEffect[];
  /** Ids of the faults in force, in the order they were set. */
  faults(): readonly string[];
}

interface Held {
  readonly links: ReadonlySet<string>;
  readonly effect: LinkEffect;
  untilUs: number;
}

export function createFaultTable(links: readonly string[], clock: Clock): FaultTable {
  const known = new Set(links);
  const inForce = new Map<string, Held>();
  const leaseEndUs = (leaseMs: number): number => {
    if (!(leaseMs > 0)) throw new RangeError(`a lease needs a length above 0 ms, not ${leaseMs}`);
    return clock() + Math.round(leaseMs * 1_000);
  };
  return {
    set: ({ id, links: hit, effect, connections, seed, leaseMs }) => {
      const strangers = hit.filter((link) => !known.has(link));
      if (strangers.length > 0) {
        throw new RangeError(`fault '${id}' names no link of this network: ${strangers.join(', ')}`);
      }
      const problem = problemOf({ effect, connections });
      if (problem !== undefined) throw new RangeError(`fault '${id}' cannot be: ${problem}`);
      const untilUs = leaseEndUs(leaseMs);
      inForce.set(id, { links: new Set(hit), effect: { id, effect, connections, seed }, untilUs });
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
    effects: (link) =>
      [...inForce.values()].filter((held) => held.links.has(link)).map(({ effect }) => effect),
    faults: () => [...inForce.keys()],
  };
}

function problemOf({ effect, connections }: Pick<LinkFault, 'effect' | 'connections'>): string | undefined {
  const { share } = connections;
  if (!(share > 0 && share <= 1)) return `a share of ${share} is not above 0 and at most 1`;
  switch (effect.kind) {
    case 'slow':
      return delayProblem(effect.delay);
    case 'narrow':
      return effect.bytesPerSecond > 0 ? undefined : `${effect.bytesPerSecond} bytes a second carry nothing`;
    case 'cut-short':
      return effect.afterBytes >= 0 ? undefined : `${effect.afterBytes} bytes are less than none`;
    case 'stalls':
      if (!(effect.share > 0 && effect.share <= 1)) return `a share of ${effect.share} flights is none`;
      return effect.stallMs >= 0 ? undefined : `a stall of ${effect.stallMs} ms is none`;
    case 'refused':
    case 'unreachable':
      // Whoever is not let in has no connection yet that could be drawn.
      return share === 1 ? undefined : 'a listener is open or closed for everyone, so its share is 1';
    default:
      return undefined;
  }
}
