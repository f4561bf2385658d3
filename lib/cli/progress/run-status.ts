/** What a run is doing, folded from its events: the one thing that every kind of progress shows. Pure. */

import {
  type ArrivalCounts,
  type FaultPlanned,
  type JournalEvent,
  type LinkRecord,
  type LoadProgress,
  stsLinks,
} from '../../journal/event.ts';
import { wholeFaults } from './whole-faults.ts';

export type Stage = 'opening the world' | 'load' | 'draining' | 'measuring' | 'aborting';

export interface RegionRate {
  readonly okPerSecond: number;
  readonly failedPerSecond: number;
}

export interface FaultStatus {
  /** `outage`; the second time `outage/2`; a part of a group `outage/names`. */
  readonly name: string;
  /** The fault that this is a part of. */
  readonly group?: string;
  readonly title: string;
  readonly regions: readonly string[];
  readonly hosts: readonly string[];
  readonly state: 'waiting' | 'active' | 'lifted' | 'healed' | 'not healed';
  /** Microseconds of the run. */
  readonly fromUs: number;
  readonly toUs: number;
  /** When it has its full strength, for a fault that grows. */
  readonly fullUs?: number;
  /** Whether a probe saw it bite; undefined before the probe. */
  readonly proved: boolean | undefined;
}

export interface RunStatus {
  readonly scenario: string;
  readonly seed: number;
  readonly stage: Stage;
  /** Absolute monotonic microseconds of the run's zero; undefined before the load. */
  readonly originUs: number | undefined;
  readonly durationUs: number;
  readonly counts: ArrivalCounts;
  readonly lagMsMax: number;
  /** By row title: a Region, or the global endpoint; in the order of the world. */
  readonly rates: ReadonlyMap<string, RegionRate>;
  readonly faults: readonly FaultStatus[];
  /** Host name → title of its row. */
  readonly rowOfHost: ReadonlyMap<string, string>;
}

export const GLOBAL_ROW = 'global';

const NO_ARRIVALS: ArrivalCounts = { planned: 0, ok: 0, failed: 0, indeterminate: 0, dropped: 0 };

export const INITIAL_STATUS: RunStatus = {
  scenario: '',
  seed: 0,
  stage: 'opening the world',
  originUs: undefined,
  durationUs: 0,
  counts: NO_ARRIVALS,
  lagMsMax: 0,
  rates: new Map(),
  faults: [],
  rowOfHost: new Map(),
};

export function advance(status: RunStatus, event: JournalEvent): RunStatus {
  switch (event.kind) {
    case 'run.opened':
      return { ...INITIAL_STATUS, scenario: event.scenario, seed: event.seed };
    case 'world.ready':
      return withRows(status, event.links);
    case 'load.started':
      return {
        ...status,
        stage: 'load',
        originUs: event.originUs,
        durationUs: event.durationUs,
        counts: { ...NO_ARRIVALS, planned: event.planned },
      };
    case 'load.progress': {
      const over = status.originUs !== undefined && event.monoUs - status.originUs > status.durationUs;
      return {
        ...status,
        stage: status.stage === 'load' && over ? 'draining' : status.stage,
        counts: event.counts,
        lagMsMax: Math.max(status.lagMsMax, event.lagMsMax),
        rates: ratesOf(status, event.perLink),
      };
    }
    case 'load.ended':
      return {
        ...status,
        stage: status.stage === 'aborting' ? 'aborting' : 'measuring',
        counts: event.counts,
        rates: ratesOf(status, {}),
      };
    case 'run.aborted':
      return { ...status, stage: 'aborting' };
    case 'fault.planned':
      return { ...status, faults: [...status.faults, plannedFault(event)] };
    case 'fault.applied':
      return withFault(status, event.fault, { state: 'active' });
    case 'fault.probed':
      return event.phase === 'during' ? withFault(status, event.fault, { proved: event.proved }) : status;
    case 'fault.lifted':
      return withFault(status, event.fault, { state: 'lifted' });
    case 'fault.healed':
      return withFault(status, event.fault, { state: event.healed ? 'healed' : 'not healed' });
    case 'act.performed':
    case 'callers.described':
    case 'edge.dialled':
    case 'generator.ended':
    case 'generator.measured':
    case 'leftovers.healed':
    case 'process.started':
    case 'process.exited':
    case 'guardian.healed':
    case 'note':
      return status;
    default:
      return event satisfies never;
  }
}

/** The faults in force on a row; parts of one group as one. */
export function activeFaults(status: RunStatus, row: string): readonly FaultStatus[] {
  return wholeFaults(
    status.faults.filter(
      (fault) =>
        fault.state === 'active' &&
        (fault.hosts.length > 0
          ? fault.hosts.some((host) => status.rowOfHost.get(host) === row)
          : fault.regions.includes(row)),
    ),
  );
}

/** Microseconds of the run at an absolute instant; undefined before the load. */
export function runTimeUs(status: RunStatus, monoUs: number): number | undefined {
  return status.originUs === undefined ? undefined : monoUs - status.originUs;
}

function withRows(status: RunStatus, links: readonly LinkRecord[]): RunStatus {
  const rowOfHost = new Map(
    stsLinks(links).map((link) => [
      link.host,
      link.host === 'sts.amazonaws.com' ? GLOBAL_ROW : link.servingRegion,
    ]),
  );
  const idle = { okPerSecond: 0, failedPerSecond: 0 };
  return { ...status, rowOfHost, rates: new Map([...rowOfHost.values()].map((row) => [row, idle])) };
}

/** Attempts of a second by the name that was asked, wherever the callers stand. */
function ratesOf(status: RunStatus, perLink: LoadProgress['perLink']): ReadonlyMap<string, RegionRate> {
  const rates = new Map([...status.rates.keys()].map((row) => [row, { okPerSecond: 0, failedPerSecond: 0 }]));
  for (const [link, { ok, failed }] of Object.entries(perLink)) {
    const host = hostOf(link);
    const row = status.rowOfHost.get(host) ?? host;
    const sum = rates.get(row) ?? { okPerSecond: 0, failedPerSecond: 0 };
    rates.set(row, { okPerSecond: sum.okPerSecond + ok, failedPerSecond: sum.failedPerSecond + failed });
  }
  return rates;
}

function plannedFault(event: FaultPlanned): FaultStatus {
  return {
    name: event.fault,
    ...(event.group === undefined ? {} : { group: event.group }),
    title: event.title,
    regions: event.regions,
    hosts: event.links.map(hostOf),
    state: 'waiting',
    fromUs: event.fromUs,
    toUs: event.toUs,
    ...(event.fullUs === undefined ? {} : { fullUs: event.fullUs }),
    proved: undefined,
  };
}

/** Of a link's id, `{location}->{host}`. */
function hostOf(link: string): string {
  return link.slice(link.indexOf('->') + 2);
}

function withFault(status: RunStatus, name: string, change: Partial<FaultStatus>): RunStatus {
  return {
    ...status,
    faults: status.faults.map((fault) => (fault.name === name ? { ...fault, ...change } : fault)),
  };
}
