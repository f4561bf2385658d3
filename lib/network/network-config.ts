/**
 * What the conductor hands to the network process and gets back from it: plain data, as it crosses the channel.
 */

import type { Calibration } from '../journal/event.ts';
import type { Dial } from './dial-count.ts';
import type { LinkEffect } from './link-effect.ts';

export interface LinkConfig {
  readonly id: string;
  readonly location: string;
  readonly host: string;
  readonly upstreamPort: number;
  readonly roundTripMs: number;
}

export interface EdgeConfig {
  /** One of a kind. */
  readonly name: string;
  readonly location: string;
  /** Host names that it leads to; every one that has a link from its location without it. */
  readonly allowed?: readonly string[];
}

export interface NetworkConfig {
  readonly kind: 'embedded' | 'toxiproxy';
  /** Needed for `toxiproxy`, unless a URL is given: the server's binary, already found and checked. */
  readonly toxiproxyPath?: string;
  /** A Toxiproxy that somebody else started, to be used instead of a child of ours; checked (tools/toxiproxy-url.ts). */
  readonly toxiproxyUrl?: string;
  readonly links: readonly LinkConfig[];
  readonly edges: readonly EdgeConfig[];
  readonly seed: number;
}

export interface NetworkReady {
  readonly links: readonly { readonly id: string; readonly port: number }[];
  /** Port of each edge, by its name. */
  readonly edges: Readonly<Record<string, number>>;
  /** Sentences for the report: what this network does not imitate. */
  readonly limits: readonly string[];
  /** Null where nothing needed to be measured. */
  readonly calibration: Calibration | null;
  /** Children of the network's process, for the guardian. */
  readonly pids: readonly { readonly name: string; readonly pid: number }[];
}

/** What an edge was asked for since it opened. */
export interface EdgeDials {
  readonly edge: string;
  readonly dials: readonly Dial[];
}

export interface NetworkState {
  readonly faults: readonly string[];
  readonly links: readonly {
    readonly id: string;
    readonly open: number | null;
    readonly effects: readonly LinkEffect[];
  }[];
}
