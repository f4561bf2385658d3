/**
 * What the conductor hands to the network process and gets back from it: plain data, as it crosses the channel.
 */

import type { LinkCondition } from './link.ts';
import type { CalibrationPoint } from './toxiproxy-calibration.ts';

export interface LinkConfig {
  readonly id: string;
  readonly location: string;
  readonly host: string;
  readonly upstreamPort: number;
  readonly roundTripMs: number;
}

export interface NetworkConfig {
  readonly kind: 'embedded' | 'toxiproxy';
  /** Needed for `toxiproxy`: the server's binary, already found and checked. */
  readonly toxiproxyPath?: string;
  readonly links: readonly LinkConfig[];
  readonly edgeLocations: readonly string[];
  readonly seed: number;
}

export interface NetworkReady {
  readonly links: readonly { readonly id: string; readonly port: number }[];
  /** Port of each location's edge. */
  readonly edges: Readonly<Record<string, number>>;
  /** Sentences for the report: what this network does not imitate. */
  readonly limits: readonly string[];
  /** Null where nothing needed to be measured. */
  readonly calibration: Calibration | null;
  /** Children of the network's process, for the guardian. */
  readonly pids: readonly { readonly name: string; readonly pid: number }[];
}

export interface Calibration {
  readonly points: readonly CalibrationPoint[];
  readonly links: readonly {
    readonly id: string;
    readonly roundTripMs: number;
    readonly injectedMs: number;
    /** What a caller should see. */
    readonly expectedMs: number;
  }[];
}

export interface NetworkState {
  readonly faults: readonly string[];
  readonly links: readonly {
    readonly id: string;
    readonly open: number | null;
    readonly effect: LinkCondition;
  }[];
}
