/**
 * What a link is to the rest of the room, whichever way it is made: a port on loopback that leads to one endpoint over
 * a path of a given round trip, and that effects can be laid on. How several of them compose is decided here.
 */

import type { Delay } from '../time/delay.ts';
import type { LinkEffect } from './link-effect.ts';

export interface Link {
  readonly id: string;
  /** On 127.0.0.1, below the system's ephemeral range, the same for the link's whole life. */
  readonly port: number;
  /** Resolves once these effects, and no others, are in force; rejects when they could not be put there. */
  apply(effects: readonly LinkEffect[]): Promise<void>;
  observe(): {
    /** Connections held open now; null where the implementation cannot tell. */
    readonly open: number | null;
    readonly effects: readonly LinkEffect[];
  };
  close(): Promise<void>;
}

/** What a connection meets once all effects that are for it are added up. */
export interface Condition {
  /** `drop`: a connect is not answered at all. */
  readonly connect: 'accept' | 'refuse' | 'drop';
  readonly toService: 'pass' | 'lost';
  readonly toCaller: 'pass' | 'lost';
  /** The first bytes of the caller are answered with a reset. */
  readonly resets: boolean;
  /** Bytes that it may still carry toward the caller before it is closed. */
  readonly cutAfterBytes: number | null;
  /** Added to the round trip, half each way. */
  readonly addedMs: number;
  /** Each drawn anew for every flight toward the caller; they add up. */
  readonly drawnDelays: readonly { readonly id: string; readonly seed: number; readonly delay: Delay }[];
  /** Each way. */
  readonly bytesPerSecond: number | null;
  /** Each drawn anew for every flight, either way. */
  readonly stalls: readonly {
    readonly id: string;
    readonly seed: number;
    readonly share: number;
    readonly stallMs: number;
  }[];
}

export const HEALTHY: Condition = {
  connect: 'accept',
  toService: 'pass',
  toCaller: 'pass',
  resets: false,
  cutAfterBytes: null,
  addedMs: 0,
  drawnDelays: [],
  bytesPerSecond: null,
  stalls: [],
};

/**
 * Adds effects up, whatever order they come in. Of two that say something of the same thing the worse one holds: a
 * connect is refused rather than dropped, and dropped rather than accepted; what one loses is lost; the shortest cut
 * and the narrowest width count. Delays add up, and each stall and each drawn delay is drawn by itself.
 */
export function compose(effects: readonly LinkEffect[]): Condition {
  if (effects.length === 0) return HEALTHY;
  let connect: Condition['connect'] = 'accept';
  let toService: Condition['toService'] = 'pass';
  let toCaller: Condition['toCaller'] = 'pass';
  let resets = false;
  let cutAfterBytes: number | null = null;
  let bytesPerSecond: number | null = null;
  let addedMs = 0;
  const drawnDelays: Condition['drawnDelays'][number][] = [];
  const stalls: Condition['stalls'][number][] = [];
  for (const { id, seed, effect } of effects.toSorted(byId)) {
    switch (effect.kind) {
      case 'refused':
        connect = 'refuse';
        break;
      case 'unreachable':
        if (connect === 'accept') connect = 'drop';
        toService = 'lost';
        toCaller = 'lost';
        break;
      case 'silence':
        toService = 'lost';
        toCaller = 'lost';
        break;
      case 'one-way':
        if (effect.lost === 'requests') toService = 'lost';
        else toCaller = 'lost';
        break;
      case 'reset':
        resets = true;
        break;
      case 'cut-short':
        cutAfterBytes = Math.min(cutAfterBytes ?? Number.POSITIVE_INFINITY, effect.afterBytes);
        break;
      case 'slow':
        if (effect.delay.kind === 'fixed') addedMs += effect.delay.addedMs;
        else drawnDelays.push({ id, seed, delay: effect.delay });
        break;
      case 'narrow':
        bytesPerSecond = Math.min(bytesPerSecond ?? Number.POSITIVE_INFINITY, effect.bytesPerSecond);
        break;
      case 'stalls':
        stalls.push({ id, seed, share: effect.share, stallMs: effect.stallMs });
        break;
      default:
        effect satisfies never;
    }
  }
  return {
    connect,
    toService,
    toCaller,
    resets,
    cutAfterBytes,
    addedMs,
    drawnDelays,
    bytesPerSecond,
    stalls,
  };
}

/** So that lists drawn from, and sums of fractions, come out the same in whatever order the faults came. */
function byId(one: LinkEffect, other: LinkEffect): number {
  return one.id < other.id ? -1 : one.id > other.id ? 1 : 0;
}
