/**
 * What chaos needs from the rest of the house, stated as small interfaces: something that bends links, something
 * that bends the service, something that bends the callers' own surroundings, and something that looks whether it
 * worked. The world hands them over.
 */

import type { Delay } from '../time/delay.ts';

/** What happens to the traffic of a link. How several compose is told where links are: see `compose` in network/link.ts. */
export type NetworkEffect =
  /** Connects are refused at once, open connections are reset. */
  | { readonly kind: 'refused' }
  /** Connects are not answered at all (the SYN is dropped), open connections fall silent. */
  | { readonly kind: 'unreachable' }
  /** Connects are accepted, bytes vanish both ways. */
  | { readonly kind: 'silence' }
  /** Bytes vanish one way only. */
  | { readonly kind: 'one-way'; readonly lost: 'requests' | 'answers' }
  /** Connects are accepted; the first bytes of the caller are answered with a reset. Open connections are reset. */
  | { readonly kind: 'reset' }
  /** A connection carries so many bytes toward the caller and is then closed. */
  | { readonly kind: 'cut-short'; readonly afterBytes: number }
  | { readonly kind: 'slow'; readonly delay: Delay }
  /** Each way of each connection carries no more than this. */
  | { readonly kind: 'narrow'; readonly bytesPerSecond: number }
  /** A lost packet as a stream shows it: a share of the flights stalls for a retransmission time, all behind it waits. */
  | { readonly kind: 'stalls'; readonly share: number; readonly stallMs: number };

/** Which connections of a link a fault is for. */
export interface ConnectionChoice {
  /** `new`: only those opened while the fault is in force; open ones live on. */
  readonly which: 'all' | 'new';
  /** Share of them, drawn for each connection; above 0 and at most 1. */
  readonly share: number;
}

export interface NetworkFault {
  /** Ids of links, `{location}->{host}`. */
  readonly links: readonly string[];
  readonly effect: NetworkEffect;
  readonly connections: ConnectionChoice;
  /** Decides which connections a share falls on, and what is drawn. */
  readonly seed: number;
}

/** Requests that a fault of the service is for; every field narrows. */
export interface RequestChoice {
  /** Serving Regions. */
  readonly regions: readonly string[];
  /** Names that callers asked by; all without it. */
  readonly hosts?: readonly string[];
  /** All operations without it. */
  readonly operations?: readonly string[];
  /** All accounts without it. */
  readonly account?: string;
  /** Share of matching requests, above 0 and at most 1. */
  readonly share: number;
}

export type ServiceFault =
  /** An STS error in STS's own form. Without a message: the code's recorded wording. */
  | {
      readonly kind: 'error';
      readonly requests: RequestChoice;
      readonly code: string;
      readonly status: number;
      readonly message?: string;
      readonly seed: number;
    }
  /** The page of a load balancer: HTML where a client expects XML. */
  | {
      readonly kind: 'html';
      readonly requests: RequestChoice;
      readonly status: number;
      readonly seed: number;
    }
  /** Answers are right and late. */
  | { readonly kind: 'late'; readonly requests: RequestChoice; readonly delay: Delay; readonly seed: number }
  /** Somebody else uses the account's quota up: this is what it leaves. */
  | {
      readonly kind: 'quota-used-up';
      readonly regions: readonly string[];
      readonly account?: string;
      readonly leavesPerSecond: number;
    }
  /** The account's switch of STS in a Region, held off. */
  | { readonly kind: 'region-off'; readonly account: string; readonly region: string }
  /** The account's opt-in to a Region, withdrawn. */
  | { readonly kind: 'opt-in-withdrawn'; readonly account: string; readonly region: string }
  /** Nothing about accounts of the partition can be changed. */
  | { readonly kind: 'control-plane-down'; readonly partition: string }
  /** The Region's replica learns of no change. */
  | { readonly kind: 'replica-stale'; readonly region: string }
  /** The user's access keys are gone; they come back with the lease's end. */
  | { readonly kind: 'keys-deleted'; readonly account: string; readonly user: string }
  /** As with keys; the role comes back with the same unique id. */
  | { readonly kind: 'role-deleted'; readonly account: string; readonly role: string }
  /** Version of the tokens that the global endpoint gives to the account. */
  | { readonly kind: 'token-version'; readonly account: string; readonly version: 1 | 2 }
  /** New TLS handshakes under these names get a certificate that a client must refuse. */
  | { readonly kind: 'certificate'; readonly hosts: readonly string[]; readonly trouble: CertificateTrouble };

export type CertificateTrouble = 'expired' | 'other-name' | 'unknown-authority';

/** Which callers of the load a fault of their own surroundings is for; every field narrows. */
export interface CallerChoice {
  readonly locations?: readonly string[];
  /** Names of groups. */
  readonly groups?: readonly string[];
  /** Share of matching callers, drawn for each caller; above 0 and at most 1. */
  readonly share: number;
}

export type CallersFault =
  /** Their clocks go wrong by this, milliseconds; positive: ahead. Signatures carry the wrong time. */
  | {
      readonly kind: 'clock-skew';
      readonly callers: CallerChoice;
      readonly offsetMs: number;
      readonly seed: number;
    }
  /**
   * Looking up these names goes wrong for new connections: `gone` there is no such name, `empty` the name has no
   * address, `no-answer` no name server answers, `stale` the address is one that was given up.
   */
  | {
      readonly kind: 'names';
      readonly callers: CallerChoice;
      readonly hosts: readonly string[];
      readonly trouble: NameTrouble;
      readonly seed: number;
    };

export type NameTrouble = 'gone' | 'empty' | 'no-answer' | 'stale';

/** Something that holds faults of one sort, each under its id and a lease. */
export interface FaultControl<Fault> {
  /** Resolves once the fault is in force; rejects when it could not be put there. The same id replaces. */
  setFault(fault: Held<Fault>): Promise<void>;
  renewFault(lease: FaultLease): Promise<Renewal>;
  /** Succeeds also when nothing of that id is in force. */
  clearFault(fault: { readonly id: string }): Promise<void>;
}

export type NetworkControl = FaultControl<NetworkFault>;
export type ServiceControl = FaultControl<ServiceFault>;
export type CallersControl = FaultControl<CallersFault>;

export type Held<Fault> = Fault & FaultLease;

/** Without renewal whoever holds the fault lifts it by itself after `leaseMs`. */
export interface FaultLease {
  readonly id: string;
  readonly leaseMs: number;
}

/** A fault that is no longer in force: either the call rejects, or it answers that it does not know the id. */
// biome-ignore lint/suspicious/noConfusingVoidType: a control may have nothing to say about a lease that it renewed
export type Renewal = void | { readonly known?: boolean };

/**
 * What a probe does. The first three are calls of STS. `ControlPlaneRead` asks the control plane something as an
 * administrator. `NewKeyArrives` makes an access key at the control plane and sees whether the Region comes to know
 * it. `UseGlobalToken` gets a session at the global endpoint and uses it over the link.
 */
export type ProbeOperation =
  | 'AssumeRole'
  | 'GetCallerIdentity'
  | 'GetSessionToken'
  | 'ControlPlaneRead'
  | 'NewKeyArrives'
  | 'UseGlobalToken';

export interface Probe {
  readonly link: string;
  readonly operation: ProbeOperation;
  /** Account whose keys sign; the link's partition decides without it. */
  readonly account?: string;
  /** Name of the user whose keys sign; without it the one who signs all probes, and the administrator at the control plane. */
  readonly user?: string;
  /** Sent by the callers' process in the name of a caller whom this fault hits: its names and its clock. */
  readonly asCallers?: CallerChoice & { readonly seed: number };
  readonly timeLimitMs: number;
}

export interface ProbeResult {
  /**
   * `unreachable`: not even a connection within the limit. `silent`: a connection, and no answer within the limit.
   * `error`: an answer that says no, a name that leads nowhere, a certificate that cannot be trusted.
   */
  readonly observed: 'ok' | 'refused' | 'unreachable' | 'silent' | 'reset' | 'error';
  readonly status?: number;
  /** Of STS, or of the machine: `AccessDenied`, `ENOTFOUND`, `CERT_HAS_EXPIRED`. */
  readonly errorCode?: string;
  readonly elapsedMs: number;
}

/** Sends one real request on a fresh connection. Never rejects: what goes wrong is what it is there to see. */
export interface Prober {
  probe(probe: Probe): Promise<ProbeResult>;
}
