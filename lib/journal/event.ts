/**
 * What can stand in `events.ndjson`, one JSON object a line: the history of a run apart from its samples.
 * Times are absolute microseconds of the machine's monotonic clock (`monoUs`); `load.started` carries the
 * origin that turns them into the run's time. `wallMs` is for labels only.
 */

export interface EventStamp {
  readonly monoUs: number;
  readonly wallMs: number;
}

export type JournalEvent = EventStamp & EventBody;

export type EventBody =
  | RunOpened
  | LeftoversHealed
  | WorldReady
  | ProcessStarted
  | ProcessExited
  | CallersDescribed
  | GeneratorMeasured
  | LoadStarted
  | LoadProgress
  | LoadEnded
  | GeneratorEnded
  | EdgeDialled
  | FaultPlanned
  | FaultApplied
  | FaultProbed
  | FaultLifted
  | FaultHealed
  | ActPerformed
  | RunAborted
  | GuardianHealed
  | Note;

export interface RunOpened {
  readonly kind: 'run.opened';
  readonly runId: string;
  readonly scenario: string;
  readonly seed: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly machine: { readonly platform: string; readonly cpus: number; readonly memoryMb: number };
  readonly engine: string;
  readonly network: string;
}

/** What an earlier run had left behind, found and healed before this one began. */
export interface LeftoversHealed {
  readonly kind: 'leftovers.healed';
  readonly found: readonly string[];
}

/** The world as the run sees it. Never holds a secret. */
export interface WorldReady {
  readonly kind: 'world.ready';
  readonly era: string;
  readonly regions: readonly string[];
  readonly links: readonly LinkRecord[];
  readonly accounts: readonly { readonly id: string; readonly partition: string }[];
  /** Sentences: what the chosen network cannot do, printed in the report. */
  readonly networkLimits: readonly string[];
  /** How late the network injects latency, measured before the load and allowed for; absent where it needs none. */
  readonly calibration?: Calibration;
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

export interface CalibrationPoint {
  /** Sum of the latencies injected both ways. */
  readonly injectedMs: number;
  /** What the injector adds beyond that, over a direct connection. */
  readonly lateMsMedian: number;
  readonly lateMsP99: number;
}

/** One way from a caller location to an endpoint. */
export interface LinkRecord {
  /** `{location}->{host}`. */
  readonly id: string;
  readonly location: string;
  readonly host: string;
  /** Region that serves what goes over this link: the leader's for the control plane. */
  readonly servingRegion: string;
  readonly partition: string;
  /** What answers under the host name; absent in journals of runs before worlds had a control plane: STS. */
  readonly service?: LinkService;
  readonly roundTripMs: number;
  /** True when the round trip is modelled rather than measured (see region-rtt.csv). */
  readonly modelled: boolean;
}

/** `issuer`: documents by which the tokens of an account's own issuer can be checked. */
export type LinkService = 'sts' | 'iam' | 'account' | 'issuer';

/** Those that callers of STS take: the control plane's are no way to credentials. */
export function stsLinks<Link extends Pick<LinkRecord, 'service'>>(links: readonly Link[]): readonly Link[] {
  return links.filter(({ service = 'sts' }) => service === 'sts');
}

export interface ProcessStarted {
  readonly kind: 'process.started';
  readonly name: string;
  readonly pid: number;
}

export interface ProcessExited {
  readonly kind: 'process.exited';
  readonly name: string;
  readonly pid: number;
  readonly code: number | null;
  readonly signal: string | null;
  readonly expected: boolean;
}

export interface LoadStarted {
  readonly kind: 'load.started';
  /** Absolute monotonic microseconds of the run's zero. */
  readonly originUs: number;
  readonly durationUs: number;
  readonly planned: number;
  readonly callers: readonly CallerRecord[];
}

/** A simulated client of the load: an instance of an application with its own connections and policy state. */
export interface CallerRecord {
  /** `{group}-{number}`, as in the `caller` column. */
  readonly name: string;
  readonly group: string;
  readonly location: string;
  /** Partition whose credentials it holds. */
  readonly partition: string;
  readonly credential: 'long-term' | 'session';
  readonly policy: string;
  /** Host names in order of preference. */
  readonly endpoints: readonly string[];
  /** What one attempt may take, in milliseconds; null: the caller waits for ever. */
  readonly attemptTimeLimitMs: number | null;
}

/** What the callers of each group are, where they are not of our own making. */
export interface CallersDescribed {
  readonly kind: 'callers.described';
  readonly clients: readonly {
    readonly group: string;
    /** With its version: `AWS SDK for JavaScript 3.1174.0`, `k6 1.1.0`, `python3 app.py`. */
    readonly client: string;
    /** As a phrase, what was set about it: `as it comes`, `time limit of 1 s for each attempt`. */
    readonly settings: string;
  }[];
}

/** What the generator itself adds, measured before the load: the same script at the same rate against a null server. */
export interface GeneratorMeasured {
  readonly kind: 'generator.measured';
  /** `k6`. */
  readonly engine: string;
  readonly ratePerSecond: number;
  readonly samples: number;
  /** Latencies below these are the generator's own. */
  readonly floorMsMedian: number;
  readonly floorMsP99: number;
}

/** What a generator that is not ours says of the load when it has ended. */
export interface GeneratorEnded {
  readonly kind: 'generator.ended';
  readonly engine: string;
  readonly version: string;
  /** Its own; null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Requests of our callers that it counted, and attempts that it told: they must agree. */
  readonly requests: number;
  readonly attempts: number;
  /** Requests that a script made past Regionfall's module: no sample knows of them. */
  readonly strangers: number;
  readonly iterations: { readonly complete: number; readonly dropped: number };
  /** How much its clock and the run's moved apart during the load, microseconds, and what is tolerable. */
  readonly clockDriftUs: number;
  readonly clockDriftUsMost: number;
}

/** What a program of a group asked its edge for in the course of the load, by name. */
export interface EdgeDialled {
  readonly kind: 'edge.dialled';
  readonly group: string;
  readonly location: string;
  /** As the program wrote it. */
  readonly host: string;
  readonly port: number;
  /** Among the endpoints of the group's policy. */
  readonly allowed: boolean;
  readonly times: number;
}

export interface ArrivalCounts {
  readonly planned: number;
  readonly ok: number;
  readonly failed: number;
  readonly indeterminate: number;
  readonly dropped: number;
}

/** Once a second while load runs. `planned` counts arrivals due so far. */
export interface LoadProgress {
  readonly kind: 'load.progress';
  readonly counts: ArrivalCounts;
  /** Arrivals that came to an end in the last second, by group. */
  readonly perGroup: Readonly<Record<string, GroupSecond>>;
  /** How late the generator itself was in the last second, worst case. */
  readonly lagMsMax: number;
  /** Attempts of the last second by link, `{location}->{host}`. */
  readonly perLink: Readonly<Record<string, { readonly ok: number; readonly failed: number }>>;
}

/** Arrivals of one group that ended within a second. */
export interface GroupSecond {
  readonly ok: number;
  /** Failed, unanswered or never sent. */
  readonly notOk: number;
  /**
   * Latencies from the planned moment, of all that ended, by eighth of a power of two: key k counts those from 2^(k/8)
   * to 2^((k+1)/8) microseconds.
   */
  readonly latencies: Readonly<Record<number, number>>;
}

export interface LoadEnded {
  readonly kind: 'load.ended';
  readonly counts: ArrivalCounts;
  /** Attempts that were sent; each is a row of the samples that names an endpoint. */
  readonly attempts: number;
  /** Ended early, by an abort. */
  readonly stoppedEarly: boolean;
  readonly lagMsMax: number;
}

/** Written before the fault touches anything. */
export interface FaultPlanned {
  readonly kind: 'fault.planned';
  readonly fault: string;
  readonly faultKind: string;
  readonly title: string;
  /** The fault of the scenario that this is a part of, where one name stands for several. */
  readonly group?: string;
  /** Planned, in microseconds of the run. */
  readonly fromUs: number;
  readonly toUs: number;
  /** When it is to have its full strength; absent: from the start. */
  readonly fullUs?: number;
  /** Ids of the links it should reach; empty for a pure settings fault. */
  readonly links: readonly string[];
  /** Serving Regions inside the blast radius. */
  readonly regions: readonly string[];
}

export interface FaultApplied {
  readonly kind: 'fault.applied';
  readonly fault: string;
  /**
   * When the order was given, absolute like `monoUs`, which is when it was confirmed. The difference is an
   * uncertainty.
   */
  readonly requestedUs: number;
}

export interface FaultProbed {
  readonly kind: 'fault.probed';
  readonly fault: string;
  readonly phase: 'before' | 'during' | 'after';
  /** Before and after: the path looked healthy. During: the fault was seen to bite. */
  readonly proved: boolean;
  readonly probes: readonly ProbeRecord[];
}

export interface ProbeRecord {
  readonly link: string;
  readonly operation: string;
  readonly expected: string;
  readonly observed: string;
  readonly elapsedMs: number;
}

export interface FaultLifted {
  readonly kind: 'fault.lifted';
  readonly fault: string;
  /** As in {@link FaultApplied}. */
  readonly requestedUs: number;
}

export interface FaultHealed {
  readonly kind: 'fault.healed';
  readonly fault: string;
  readonly healed: boolean;
}

/** What an administrator did, or tried, in the course of the run; `monoUs` is when the answer was there. */
export interface ActPerformed {
  readonly kind: 'act.performed';
  readonly act: string;
  readonly title: string;
  /** In microseconds of the run. */
  readonly plannedUs: number;
  /** When the call was sent, absolute like `monoUs`. */
  readonly requestedUs: number;
  /**
   * `refused`: an answer that says no. `unreachable`: the connection was refused, so nothing was sent. `unknown`: sent,
   * and nobody said what became of it.
   */
  readonly outcome: 'done' | 'refused' | 'unreachable' | 'unknown';
  /** HTTP status; 0 without an answer. */
  readonly status: number;
  /** Of the service, or of the network: `AccessDenied`, `ECONNRESET`. Empty when done. */
  readonly code: string;
}

export interface RunAborted {
  readonly kind: 'run.aborted';
  readonly by: 'person' | 'stop-condition' | 'failure';
  readonly reason: string;
}

/** Appended by the guardian when the conductor died. */
export interface GuardianHealed {
  readonly kind: 'guardian.healed';
  readonly killed: readonly { readonly name: string; readonly pid: number }[];
  readonly faults: readonly string[];
  readonly reason: string;
}

export interface Note {
  readonly kind: 'note';
  readonly level: 'info' | 'warning';
  readonly text: string;
}
