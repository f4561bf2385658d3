/**
 * A run as measure and reports see it: events and samples put together, every time in microseconds of the run
 * (0 is the start of load). Pure: no file, no clock.
 */
import {
  type ArrivalCounts,
  type CallerRecord,
  type EventBody,
  type GeneratorMeasured,
  type JournalEvent,
  type LinkRecord,
  type LoadEnded,
  type LoadStarted,
  type RunOpened,
  stsLinks,
  type WorldReady,
} from '../journal/event.ts';
import type { SampleTable } from '../journal/sample-table.ts';
import { arrivalsOfSamples, countsOfArrivals } from './arrivals.ts';
import { type FaultInterval, faultsOf } from './fault-intervals.ts';

export interface History {
  readonly runId: string;
  readonly scenario: string;
  readonly seed: number;
  readonly engine: string;
  readonly network: string;
  readonly era: string;
  /** Regions of the world, in the scenario's order. */
  readonly regions: readonly string[];
  /** Absolute monotonic microseconds of the run's zero. */
  readonly originUs: number;
  /** How long load was sent: as planned, or shorter when it was stopped or broke off. */
  readonly durationUs: number;
  readonly plannedDurationUs: number;
  /** By name. */
  readonly callers: ReadonlyMap<string, CallerRecord>;
  /** Those to STS. */
  readonly links: readonly LinkRecord[];
  /** In order of planned start. */
  readonly faults: readonly FaultInterval[];
  readonly samples: SampleTable;
  readonly events: readonly JournalEvent[];
  /** What the generator says it did; counted from the samples when it died before it could say. */
  readonly counts: ArrivalCounts;
  readonly generator: GeneratorState;
  /** What the generator itself adds to latencies, where that was measured. */
  readonly floor?: GeneratorMeasured;
  /** Sentences: what the chosen network cannot do. */
  readonly networkLimits: readonly string[];
  /** Why the run was ended early; absent when it was not. */
  readonly aborted?: string;
  /** What of our own broke and ended the run; absent when nothing did. */
  readonly failure?: string;
  /** Load ended in order and its samples were written to the last row. */
  readonly complete: boolean;
}

export interface GeneratorState {
  /** Attempts the generator says it sent, dropped arrivals apart; null when it died before it could say. */
  readonly attempts: number | null;
  /** Worst lateness of the generator itself, in milliseconds. */
  readonly lagMsMax: number;
}

/** Never throws: what is missing from the journal is empty, zero or null, and `complete` is false. */
export function historyOf(events: readonly JournalEvent[], samples: SampleTable): History {
  const opened = first(events, 'run.opened') as RunOpened | undefined;
  const world = first(events, 'world.ready') as WorldReady | undefined;
  const started = first(events, 'load.started') as LoadStarted | undefined;
  const ended = first(events, 'load.ended') as (JournalEvent & LoadEnded) | undefined;
  const originUs = started?.originUs ?? 0;
  const aborted = abortReason(events);
  const failure = failureReason(events);
  return {
    runId: opened?.runId ?? '',
    scenario: opened?.scenario ?? '',
    seed: opened?.seed ?? 0,
    engine: opened?.engine ?? '',
    network: opened?.network ?? '',
    era: world?.era ?? '',
    regions: world?.regions ?? [],
    originUs,
    durationUs: sentUs(started, ended, originUs, samples),
    plannedDurationUs: started?.durationUs ?? 0,
    callers: new Map((started?.callers ?? []).map((caller) => [caller.name, caller])),
    links: stsLinks(world?.links ?? []),
    faults: faultsOf(events, originUs),
    samples,
    events,
    counts: ended?.counts ?? countsOfArrivals(arrivalsOfSamples(samples)),
    generator: { attempts: ended?.attempts ?? null, lagMsMax: worstLag(events) },
    ...floorOf(events),
    networkLimits: world?.networkLimits ?? [],
    ...(aborted === undefined ? {} : { aborted }),
    ...(failure === undefined ? {} : { failure }),
    complete: ended !== undefined && samples.complete,
  };
}

function floorOf(events: readonly JournalEvent[]): Pick<History, 'floor'> {
  const floor = events.find((event) => event.kind === 'generator.measured');
  return floor === undefined ? {} : { floor };
}

/** The link a caller's request to this host takes; undefined for a host outside the world. */
export function linkOf(history: History, location: string, host: string): LinkRecord | undefined {
  let index = linkIndexes.get(history.links);
  if (index === undefined) {
    index = new Map(history.links.map((link) => [`${link.location} ${link.host}`, link]));
    linkIndexes.set(history.links, index);
  }
  return index.get(`${location} ${host}`);
}

/** Asked for every attempt of a run, so looked up rather than searched. */
const linkIndexes = new WeakMap<readonly LinkRecord[], ReadonlyMap<string, LinkRecord>>();

/** The links a fault reaches: those it names, or every link into its Regions when it acts on the service alone. */
export function faultedLinks(history: History, fault: FaultInterval): ReadonlySet<string> {
  if (fault.links.length > 0) return new Set(fault.links);
  const regions = new Set(fault.regions);
  return new Set(history.links.filter((link) => regions.has(link.servingRegion)).map((link) => link.id));
}

/** The way to a caller's first choice: the link that a fault takes from it, and that it comes home to. */
export function homeLink(history: History, caller: CallerRecord): LinkRecord | undefined {
  const [preferred] = caller.endpoints;
  return preferred === undefined ? undefined : linkOf(history, caller.location, preferred);
}

/** Names of groups, in the order of the load. */
export function groupsOf(history: History): readonly string[] {
  return [...new Set([...history.callers.values()].map((caller) => caller.group))];
}

function first(events: readonly JournalEvent[], kind: EventBody['kind']): JournalEvent | undefined {
  return events.find((event) => event.kind === kind);
}

/** Without a word from the generator the samples tell how far it came. */
function sentUs(
  started: LoadStarted | undefined,
  ended: (JournalEvent & LoadEnded) | undefined,
  originUs: number,
  samples: SampleTable,
): number {
  const plannedUs = started?.durationUs ?? 0;
  if (ended !== undefined)
    return ended.stoppedEarly ? Math.max(0, Math.min(plannedUs, ended.monoUs - originUs)) : plannedUs;
  let lastUs = 0;
  for (const us of samples.plannedUs) lastUs = Math.max(lastUs, us);
  for (const us of samples.endedUs) lastUs = Math.max(lastUs, us);
  return Math.min(plannedUs, lastUs);
}

function abortReason(events: readonly JournalEvent[]): string | undefined {
  for (const event of events) {
    if (event.kind === 'run.aborted' && event.by !== 'failure') return event.reason;
    if (event.kind === 'guardian.healed') return event.reason;
  }
  return undefined;
}

/** A part of ours that broke: neither a person's wish nor a stop condition, and nothing that STS did. */
function failureReason(events: readonly JournalEvent[]): string | undefined {
  const failure = events.find((event) => event.kind === 'run.aborted' && event.by === 'failure');
  return failure?.kind === 'run.aborted' ? failure.reason : undefined;
}

function worstLag(events: readonly JournalEvent[]): number {
  let worst = 0;
  for (const event of events) {
    if (event.kind === 'load.progress' || event.kind === 'load.ended')
      worst = Math.max(worst, event.lagMsMax);
  }
  return worst;
}
