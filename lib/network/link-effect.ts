/**
 * What a fault does to the traffic of a link, as data: what the network is told, what it composes, and what each way
 * of making links carries out as far as it can.
 */

import type { Delay } from '../time/delay.ts';

export type Effect =
  /** Connects are refused at once, open connections are reset. */
  | { readonly kind: 'refused' }
  /** Connects are not answered at all (the SYN is dropped), open connections fall silent. */
  | { readonly kind: 'unreachable' }
  /** Connects are accepted, bytes vanish both ways, nothing ever answers. */
  | { readonly kind: 'silence' }
  /** Bytes vanish one way only. */
  | { readonly kind: 'one-way'; readonly lost: 'requests' | 'answers' }
  /** Connects are accepted; the first bytes of the caller are answered with a reset. Open connections are reset. */
  | { readonly kind: 'reset' }
  /** A connection carries so many more bytes toward the caller and is then closed. */
  | { readonly kind: 'cut-short'; readonly afterBytes: number }
  | { readonly kind: 'slow'; readonly delay: Delay }
  /** Each way of each connection carries no more than this. */
  | { readonly kind: 'narrow'; readonly bytesPerSecond: number }
  /** A lost packet as a stream shows it: a share of the flights stalls that long, and all behind it waits. */
  | { readonly kind: 'stalls'; readonly share: number; readonly stallMs: number };

/** Which connections of a link a fault is for. */
export interface ConnectionChoice {
  /** `new`: only those opened while the fault is in force; open ones live on. */
  readonly which: 'all' | 'new';
  /** Share of them, drawn for each connection; above 0 and at most 1. */
  readonly share: number;
}

export interface LinkFault {
  readonly id: string;
  readonly links: readonly string[];
  readonly effect: Effect;
  readonly connections: ConnectionChoice;
  /** Decides which connections a share falls on, and what is drawn. */
  readonly seed: number;
  /** The fault lifts itself this long after it was last renewed. */
  readonly leaseMs: number;
}

/** A fault as one link has it. */
export type LinkEffect = Pick<LinkFault, 'id' | 'effect' | 'connections' | 'seed'>;
