/** What the service process is told and what it answers: plain data, as it crosses the process border. */

import type { EraName } from '../aws/eras.ts';
import type { PartitionName } from '../aws/partitions.ts';
import type { AccountConfig } from '../identity/accounts.ts';
import type { QuotaLimits } from '../sts/quotas.ts';
import type { PaceSpec } from './pace.ts';

export interface ServiceConfig {
  readonly era: EraName;
  readonly regions: readonly string[];
  readonly accounts: readonly AccountConfig[];
  /** One for every host name that the Regions answer to, and those of the control plane. */
  readonly certificates: readonly HostCertificate[];
  /** 64 hexadecimal digits for each partition. Only a test-only world gives one key to two partitions. */
  readonly sealKeys: Readonly<Partial<Record<PartitionName, string>>>;
  readonly adminToken: string;
  /** Whether IAM, Account Management and token issuers answer under their names; without it the API alone is left. */
  readonly controlPlane?: boolean;
  /** On 127.0.0.1; a free one without it. */
  readonly adminPort?: number;
  /** What each Region bears; one that is not named knows no quota and answers at once. */
  readonly regionSettings?: Readonly<Record<string, RegionSettings>>;
  /** Quotas and pace hold from the begin of the log, so that warming up uses up nothing; else from the start. */
  readonly settingsFromLog?: boolean;
  /** How long changes take to reach a Region, milliseconds; the era's without it. */
  readonly replicaDelayMs?: { readonly minimum: number; readonly maximum: number };
  /** Decides what the service leaves to chance, so that a run can be made again. */
  readonly seed?: number | string;
  /** How far the service's wall clock is ahead of the machine's; negative: behind. */
  readonly wallOffsetMs?: number;
}

export interface RegionSettings {
  /** Requests a second that an account may have of the Region; no limit without it. */
  readonly quotas?: QuotaLimits;
  /** Its queue and what a request takes; without it answers leave at once. */
  readonly pace?: PaceSpec;
}

export interface HostCertificate {
  readonly host: string;
  readonly certificatePem: string;
  readonly keyPem: string;
}

export interface ServiceReady {
  /** The loopback port on which each Region speaks TLS. */
  readonly ports: Readonly<Record<string, number>>;
  /**
   * The loopback port on which each leader Region serves the control plane's names; a Region leads in one partition
   * alone, and one of China's leads IAM while the other leads Account Management. Empty without a control plane.
   */
  readonly controlPlanePorts: Readonly<Record<string, number>>;
  /** `http://127.0.0.1:PORT`. */
  readonly admin: string;
}

/** The lasting act of an administrator. */
export interface RegionSwitchOrder {
  readonly account: string;
  readonly region: string;
  readonly active: boolean;
}

/** As with {@link RegionSwitchOrder}. */
export interface ControlPlaneOrder {
  readonly partition: PartitionName;
  readonly up: boolean;
}

export interface ServiceObservation {
  /** Ids of all faults in force, of whatever kind. */
  readonly faults: readonly string[];
  readonly disabledRegions: Readonly<Record<string, readonly string[]>>;
}
