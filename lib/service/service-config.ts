/** What the service process is told and what it answers: plain data, as it crosses the process border. */

import type { PartitionName } from '../aws/partitions.ts';
import type { AccountConfig } from '../identity/accounts.ts';

export interface ServiceConfig {
  readonly era: '2026';
  readonly regions: readonly string[];
  readonly accounts: readonly AccountConfig[];
  /** One for every host name that the Regions answer to. */
  readonly certificates: readonly HostCertificate[];
  /** 64 hexadecimal digits for each partition. Only a test-only world gives one key to two partitions. */
  readonly sealKeys: Readonly<Partial<Record<PartitionName, string>>>;
  readonly adminToken: string;
  /** On 127.0.0.1; a free one without it. */
  readonly adminPort?: number;
  /** How far the service's wall clock is ahead of the machine's; negative: behind. */
  readonly wallOffsetMs?: number;
}

export interface HostCertificate {
  readonly host: string;
  readonly certificatePem: string;
  readonly keyPem: string;
}

export interface ServiceReady {
  /** The loopback port on which each Region speaks TLS. */
  readonly ports: Readonly<Record<string, number>>;
  /** `http://127.0.0.1:PORT`. */
  readonly admin: string;
}

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

/** With a lease and a fault's id it ends by itself; without, it is the lasting act of an administrator. */
export interface RegionSwitchOrder {
  readonly account: string;
  readonly region: string;
  readonly active: boolean;
  readonly leaseMs?: number;
  readonly faultId?: string;
}

export interface ServiceObservation {
  /** Ids of all faults in force, service errors and held Region switches. */
  readonly faults: readonly string[];
  readonly disabledRegions: Readonly<Record<string, readonly string[]>>;
}
