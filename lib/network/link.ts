/**
 * What a link is to the rest of the room, whichever way it is made: a port on loopback that leads to one
 * endpoint over a path of a given round trip, and that can be put into one of three conditions.
 */

import type { Effect } from './fault-table.ts';

/** The condition of a link once all its faults are added up. */
export type LinkCondition =
  | { readonly kind: 'passing' /** Added to the round trip. */; readonly addedMs: number }
  | { readonly kind: 'silence' }
  | { readonly kind: 'refused' };

export const HEALTHY: LinkCondition = { kind: 'passing', addedMs: 0 };

export interface Link {
  readonly id: string;
  /** On 127.0.0.1, below the system's ephemeral range, the same for the link's whole life. */
  readonly port: number;
  /** Resolves once the condition is in force; rejects when it could not be put there. */
  apply(condition: LinkCondition): Promise<void>;
  observe(): {
    /** Connections held open now; null where the implementation cannot tell. */
    readonly open: number | null;
    readonly condition: LinkCondition;
  };
  close(): Promise<void>;
}

/**
 * Several faults on one link: the strongest wins (refused over silence over slow), and slowness adds up.
 */
export function compose(effects: readonly Effect[]): LinkCondition {
  if (effects.some((effect) => effect.kind === 'refused')) return { kind: 'refused' };
  if (effects.some((effect) => effect.kind === 'silence')) return { kind: 'silence' };
  let addedMs = 0;
  for (const effect of effects) if (effect.kind === 'slow') addedMs += effect.addedMs;
  return addedMs === 0 ? HEALTHY : { kind: 'passing', addedMs };
}
