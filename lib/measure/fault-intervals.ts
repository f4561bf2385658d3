/** The faults of a run as intervals, put together from the events of their lives; parts of a group become one fault. */

import type { FaultProbed, JournalEvent } from '../journal/event.ts';

/** When a fault was on. Times in microseconds of the run; null: it did not come to that. */
export interface FaultInterval {
  readonly name: string;
  readonly faultKind: string;
  readonly title: string;
  /** Ids of the links it reaches; empty for a fault of settings or of the service alone. */
  readonly links: readonly string[];
  /** Serving Regions inside the blast radius. */
  readonly regions: readonly string[];
  readonly plannedFromUs: number;
  readonly plannedToUs: number;
  readonly appliedRequestedUs: number | null;
  /** Confirmed. */
  readonly appliedUs: number | null;
  readonly liftedRequestedUs: number | null;
  /** Confirmed. */
  readonly liftedUs: number | null;
  /** A probe saw it bite while it was on. */
  readonly proved: boolean;
  /** Traffic went through again after it was lifted. */
  readonly healed: boolean;
  readonly probes: readonly FaultProbed[];
  /** When it was to have its full strength, for a fault that grows; null: from its start. */
  readonly plannedFullUs: number | null;
  /** The faults that this one is the name of, in the order of their start; empty for a fault of its own. */
  readonly parts: readonly FaultInterval[];
}

/** In order of planned start, each group as one fault. Times become those of the run. */
export function faultsOf(events: readonly JournalEvent[], originUs: number): readonly FaultInterval[] {
  const groups = new Map<string, FaultInterval[]>();
  for (const { group, fault } of appliedFaults(events, originUs)) {
    const name = group ?? fault.name;
    groups.set(name, [...(groups.get(name) ?? []), fault]);
  }
  return [...groups]
    .map(([name, parts]) => {
      const [only] = parts;
      return parts.length === 1 && only?.name === name ? only : groupOf(name, byStart(parts));
    })
    .sort((one, other) => one.plannedFromUs - other.plannedFromUs);
}

function byStart(faults: readonly FaultInterval[]): readonly FaultInterval[] {
  return faults.toSorted((one, other) => one.plannedFromUs - other.plannedFromUs);
}

/** On from the first part that was on until the last is lifted; seen to bite and to heal when every part was. */
function groupOf(name: string, parts: readonly FaultInterval[]): FaultInterval {
  const least = (of: (part: FaultInterval) => number | null): number | null =>
    parts.map(of).reduce((one, other) => (one === null ? other : Math.min(one, other ?? one)), null);
  const last = parts.reduce(
    (one, other) => (one.liftedUs === null || (other.liftedUs ?? Infinity) < one.liftedUs ? one : other),
    parts[0] as FaultInterval,
  );
  return {
    name,
    faultKind: 'group',
    title: parts.length === 1 ? (parts[0]?.title ?? name) : `${name}: ${parts.length} faults together`,
    links: [...new Set(parts.flatMap(({ links }) => links))],
    regions: [...new Set(parts.flatMap(({ regions }) => regions))],
    plannedFromUs: Math.min(...parts.map(({ plannedFromUs }) => plannedFromUs)),
    plannedToUs: Math.max(...parts.map(({ plannedToUs }) => plannedToUs)),
    appliedRequestedUs: least(({ appliedRequestedUs }) => appliedRequestedUs),
    appliedUs: least(({ appliedUs }) => appliedUs),
    liftedRequestedUs: last.liftedRequestedUs,
    liftedUs: last.liftedUs,
    proved: parts.every(({ proved }) => proved),
    healed: parts.every(({ healed }) => healed),
    probes: parts.flatMap(({ probes }) => probes),
    plannedFullUs: null,
    parts,
  };
}

interface AppliedFault {
  readonly group: string | undefined;
  readonly fault: FaultInterval;
}

function appliedFaults(events: readonly JournalEvent[], originUs: number): readonly AppliedFault[] {
  const groups = new Map<string, string | undefined>();
  const faults = new Map<string, Writable<FaultInterval>>();
  for (const event of events) {
    if (event.kind === 'fault.planned') {
      groups.set(event.fault, event.group);
      faults.set(event.fault, {
        name: event.fault,
        faultKind: event.faultKind,
        title: event.title,
        links: event.links,
        regions: event.regions,
        plannedFromUs: event.fromUs,
        plannedToUs: event.toUs,
        appliedRequestedUs: null,
        appliedUs: null,
        liftedRequestedUs: null,
        liftedUs: null,
        proved: false,
        healed: false,
        probes: [],
        plannedFullUs: event.fullUs ?? null,
        parts: [],
      });
      continue;
    }
    const fault = 'fault' in event ? faults.get(event.fault) : undefined;
    if (fault === undefined) continue;
    switch (event.kind) {
      case 'fault.applied':
        fault.appliedRequestedUs = event.requestedUs - originUs;
        fault.appliedUs = event.monoUs - originUs;
        break;
      case 'fault.probed':
        fault.probes = [...fault.probes, event];
        if (event.phase === 'during') fault.proved = event.proved;
        break;
      case 'fault.lifted':
        fault.liftedRequestedUs = event.requestedUs - originUs;
        fault.liftedUs = event.monoUs - originUs;
        break;
      case 'fault.healed':
        fault.healed = event.healed;
        break;
    }
  }
  return [...faults.values()].map((fault) => ({ group: groups.get(fault.name), fault }));
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
