/** What the callers of a run give away about themselves, which nobody asked them: pure, and silent without an occasion. */

import { arrivalsOf } from './arrivals.ts';
import type { ClientRow } from './client-by-fault.ts';
import type { History } from './history.ts';
import { phasesOf } from './phases.ts';

/** More attempts in a fault than without one. */
export interface Amplification {
  readonly group: string;
  readonly fault: string;
  readonly attemptsEach: number;
  readonly without: number;
  /** As the service saw it; null where it could not. */
  readonly requestsEach: number | null;
}

export interface HiddenDependency {
  readonly group: string;
  readonly host: string;
  readonly times: number;
}

export interface WrongSignatures {
  readonly group: string;
  readonly endpoint: string;
  readonly times: number;
}

/** Refreshes of credentials that come together. */
export interface RefreshHerd {
  readonly group: string;
  /** Attempts of the busiest second outside faults, against the mean. */
  readonly busiest: number;
  readonly mean: number;
  readonly seconds: number;
}

/** Credentials that went on being used while their Region was lost. */
export interface OutlivedRegion {
  readonly group: string;
  readonly fault: string;
  readonly uses: number;
  /** Calls in the same time that found none, and were not served. */
  readonly without: number;
}

export interface Revelations {
  readonly amplifications: readonly Amplification[];
  readonly hidden: readonly HiddenDependency[];
  readonly wrongSignatures: readonly WrongSignatures[];
  readonly herds: readonly RefreshHerd[];
  readonly outlived: readonly OutlivedRegion[];
}

/** A failover costs an attempt now and then; what is told is what multiplies the traffic. */
const AMPLIFIED = 1.25;

export function revelationsOf(history: History, clients: readonly ClientRow[]): Revelations {
  return {
    amplifications: clients.flatMap(amplificationsOf),
    hidden: hiddenDependencies(history),
    wrongSignatures: wrongSignatures(history),
    herds: herdsOf(history),
    outlived: clients.flatMap(({ group, cells }) =>
      cells.flatMap(({ fault, cached, arrivals, served }) =>
        fault === null || cached === 0
          ? []
          : [{ group, fault, uses: cached, without: Math.round(arrivals * (1 - (served?.value ?? 0))) }],
      ),
    ),
  };
}

/** In the fault in which it was worst. */
function amplificationsOf({ group, cells }: ClientRow): readonly Amplification[] {
  const [calm, ...faults] = cells;
  const without = calm?.attemptsEach ?? null;
  if (without === null) return [];
  return faults
    .flatMap(({ fault, attemptsEach, requestsEach }) =>
      fault === null || attemptsEach === null || attemptsEach < without * AMPLIFIED
        ? []
        : [{ group, fault, attemptsEach, without, requestsEach }],
    )
    .sort((one, other) => other.attemptsEach - one.attemptsEach)
    .slice(0, 1);
}

/** Names that the scenario does not give the group: dialled through an edge, or asked by a client that decides itself. */
function hiddenDependencies({ events, samples, callers }: History): readonly HiddenDependency[] {
  const found = new Map<string, HiddenDependency>();
  const add = (group: string, host: string, times: number): void => {
    const key = `${group} ${host}`;
    found.set(key, { group, host, times: (found.get(key)?.times ?? 0) + times });
  };
  for (const event of events) {
    if (event.kind === 'edge.dialled' && !event.allowed) add(event.group, event.host, event.times);
  }
  for (let row = 0; row < samples.length; row += 1) {
    const caller = callers.get(samples.caller.at(row));
    const host = samples.endpoint.at(row);
    if (caller !== undefined && host !== '' && !caller.endpoints.includes(host)) add(caller.group, host, 1);
  }
  return [...found.values()];
}

/** A signature for another Region than the one that was asked is refused: the mark of a failover that changed the name alone. */
function wrongSignatures({ samples, callers }: History): readonly WrongSignatures[] {
  const found = new Map<string, WrongSignatures>();
  for (let row = 0; row < samples.length; row += 1) {
    if (samples.errorCode.at(row) !== 'SignatureDoesNotMatch') continue;
    const group = callers.get(samples.caller.at(row))?.group ?? '';
    const endpoint = samples.endpoint.at(row);
    const key = `${group} ${endpoint}`;
    found.set(key, { group, endpoint, times: (found.get(key)?.times ?? 0) + 1 });
  }
  return [...found.values()];
}

function herdsOf(history: History): readonly RefreshHerd[] {
  const cached = new Set(
    [...history.callers.values()].filter(({ policy }) => policy === 'cached').map(({ group }) => group),
  );
  if (cached.size === 0) return [];
  const spans = phasesOf(history).flatMap(({ during }) => (during === null ? [] : [during]));
  const seconds = Math.floor(history.durationUs / SECOND_US);
  const isCalm = (second: number): boolean =>
    !spans.some(({ fromUs, toUs }) => fromUs < (second + 1) * SECOND_US && toUs > second * SECOND_US);
  // The first second fetches what everybody needs to begin with.
  const calm = Array.from({ length: seconds }, (_, second) => second).filter(
    (second) => second > 0 && isCalm(second),
  );
  return [...cached].flatMap((group) => {
    const perSecond = new Map<number, number>();
    for (const { caller, endpoints, startedUs } of arrivalsOf(history)) {
      if (history.callers.get(caller)?.group !== group || endpoints.length === 0) continue;
      const second = Math.floor(startedUs / SECOND_US);
      perSecond.set(second, (perSecond.get(second) ?? 0) + endpoints.length);
    }
    const counts = calm.map((second) => perSecond.get(second) ?? 0);
    const total = counts.reduce((sum, one) => sum + one, 0);
    if (total === 0) return [];
    return [{ group, busiest: Math.max(...counts), mean: total / counts.length, seconds: counts.length }];
  });
}

const SECOND_US = 1_000_000;
