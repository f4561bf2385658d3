/**
 * What chaos needs from the rest of the house, stated as small interfaces: something that bends links, something
 * that bends the service, something that looks whether it worked. The world hands them over.
 */

/** What happens to the traffic of a link. Stronger wins where several meet: refused, then silence, then slow. */
export type NetworkEffect =
  | { readonly kind: 'refused' }
  | { readonly kind: 'silence' }
  | { readonly kind: 'slow'; readonly addedMs: number };

export interface NetworkFault {
  readonly id: string;
  /** Ids of links, `{location}->{host}`. */
  readonly links: readonly string[];
  readonly effect: NetworkEffect;
  /** Without renewal the network lifts it by itself after this long. */
  readonly leaseMs: number;
}

export interface ServiceFault {
  readonly id: string;
  readonly kind: 'service-error';
  readonly regions: readonly string[];
  /** All operations without it. */
  readonly operations?: readonly string[];
  /** All accounts without it. */
  readonly account?: string;
  readonly code: string;
  readonly status: number;
  readonly message?: string;
  /** Share of matching requests that get the error, above 0 and at most 1. */
  readonly share: number;
  readonly seed: number;
  readonly leaseMs: number;
}

/** An account's switch of STS in a Region, held for as long as the lease lasts; what was set before comes back. */
export interface RegionSwitch {
  readonly account: string;
  readonly region: string;
  readonly active: boolean;
  /** Renewed and cleared under this id like any other fault. */
  readonly faultId: string;
  readonly leaseMs: number;
}

/** A partition's control plane: nothing can be changed while any order holds it down. */
export interface ControlPlaneSwitch {
  readonly partition: string;
  readonly up: boolean;
  /** Renewed and cleared under this id like any other fault. */
  readonly faultId: string;
  readonly leaseMs: number;
}

/** Each call resolves once the order is in force, and rejects when it could not be carried out. */
export interface NetworkControl {
  setFault(fault: NetworkFault): Promise<void>;
  renewFault(lease: FaultLease): Promise<Renewal>;
  /** Succeeds also when nothing of that id is in force. */
  clearFault(fault: { readonly id: string }): Promise<void>;
}

export interface ServiceControl {
  setFault(fault: ServiceFault): Promise<void>;
  renewFault(lease: FaultLease): Promise<Renewal>;
  clearFault(fault: { readonly id: string }): Promise<void>;
  setRegionSwitch(order: RegionSwitch): Promise<void>;
  setControlPlane(order: ControlPlaneSwitch): Promise<void>;
}

export interface FaultLease {
  readonly id: string;
  readonly leaseMs: number;
}

/** A fault that is no longer in force: either the call rejects, or it answers that it does not know the id. */
// biome-ignore lint/suspicious/noConfusingVoidType: a control may have nothing to say about a lease that it renewed
export type Renewal = void | { readonly known?: boolean };

/** `ControlPlaneRead` asks the control plane something as an administrator; the others ask STS. */
export type ProbeOperation = 'AssumeRole' | 'GetCallerIdentity' | 'GetSessionToken' | 'ControlPlaneRead';

export interface Probe {
  readonly link: string;
  readonly operation: ProbeOperation;
  /** Account whose keys sign; the link's partition decides without it. */
  readonly account?: string;
  readonly timeLimitMs: number;
}

export interface ProbeResult {
  /** `silent`: nothing came back within the limit. `error`: an answer that says no. */
  readonly observed: 'ok' | 'refused' | 'silent' | 'reset' | 'error';
  readonly status?: number;
  readonly errorCode?: string;
  readonly elapsedMs: number;
}

/** Sends one real request on a fresh connection. Never rejects: what goes wrong is what it is there to see. */
export interface Prober {
  probe(probe: Probe): Promise<ProbeResult>;
}
