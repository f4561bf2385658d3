/**
 * What each kind of client did in each fault: the table that says of an SDK, a program or a policy what a way of failing
 * means for it. Times without a fault stand beside it as the measure. Pure.
 */

import type { CallersDescribed } from '../journal/event.ts';
import type { ServiceTable } from '../journal/sample-table.ts';
import { type Arrival, arrivalsOf } from './arrivals.ts';
import type { History } from './history.ts';
import { type Estimate, ordered, quantile, wilson } from './intervals.ts';
import { arrivalsIn, phasesOf, type Span } from './phases.ts';

export interface ClientRow {
  readonly group: string;
  /** What calls, with its version; the failover policy of callers of our own making. */
  readonly client: string;
  readonly settings: string;
  /** First the time without a fault, then each fault that was on, in order. */
  readonly cells: readonly ClientCell[];
}

export interface ClientCell {
  /** Null: the times in which no fault was on. */
  readonly fault: string | null;
  readonly arrivals: number;
  /** Ended ok. */
  readonly served: Estimate | null;
  /** Served by what the caller still held, without asking anybody. */
  readonly cached: number;
  /** Attempts for each arrival that made any, as the callers tell; null where nobody asked. */
  readonly attemptsEach: number | null;
  /** Requests for each arrival, as the service saw them; null where it cannot tell whose they are. */
  readonly requestsEach: number | null;
  /** How long arrivals took that were not served, from their planned moment, microseconds. */
  readonly giveUpUsMedian: number | null;
  readonly giveUpUsMost: number | null;
  /** The longest that an arrival took that was served. */
  readonly servedUsMost: number | null;
  /** Not served, and given up by nobody: the load, or the fault, ended first. */
  readonly held: number;
  /** Of failed attempts, the two most frequent. */
  readonly codes: readonly { readonly code: string; readonly amount: number }[];
}

/** What has no time limit, lasted so long, and ended only after the fault was lifted had been waiting for that. */
const HELD_US = 1_000_000;

export function clientsByFault(history: History, requests: ServiceTable | undefined): readonly ClientRow[] {
  const described = new Map(clientsOf(history).map((client) => [client.group, client]));
  const arrivals = Map.groupBy(arrivalsOf(history), ({ caller }) => history.callers.get(caller)?.group ?? '');
  const groups = [...new Set([...history.callers.values()].map(({ group }) => group))];
  const served = requests === undefined ? undefined : requestsByGroup(history, requests);
  const times = timesOf(history);
  return groups.map((group) => {
    const own = arrivals.get(group) ?? [];
    const caller = [...history.callers.values()].find((candidate) => candidate.group === group);
    const { policy = '', attemptTimeLimitMs = null } = caller ?? {};
    const client = described.get(group);
    return {
      group,
      client: client?.client ?? `Regionfall, ${policy}`,
      settings: client?.settings ?? '',
      cells: times.map(({ fault, spans, liftedUs }) =>
        cellOf(history, fault, arrivalsIn(own, spans), {
          liftedUs: attemptTimeLimitMs === null ? liftedUs : Number.POSITIVE_INFINITY,
          requests: requestsIn(served?.get(group), spans),
        }),
      ),
    };
  });
}

export function clientsOf({ events }: Pick<History, 'events'>): CallersDescribed['clients'] {
  return events.flatMap((event) => (event.kind === 'callers.described' ? event.clients : []));
}

interface Time {
  readonly fault: string | null;
  readonly spans: readonly Span[];
  readonly liftedUs: number;
}

function timesOf(history: History): readonly Time[] {
  const phases = phasesOf(history);
  const calm = phases.flatMap(({ before, after }) => [before, after].filter((span) => span !== null));
  const whole = { fromUs: 0, toUs: history.durationUs };
  return [
    { fault: null, spans: phases.length === 0 ? [whole] : calm, liftedUs: Number.POSITIVE_INFINITY },
    ...phases.flatMap(({ fault, during }) =>
      during === null ? [] : [{ fault, spans: [during], liftedUs: during.toUs }],
    ),
  ];
}

function cellOf(
  { samples }: History,
  fault: string | null,
  arrivals: readonly Arrival[],
  { liftedUs, requests }: { readonly liftedUs: number; readonly requests: number | null },
): ClientCell {
  const made = arrivals.filter(({ outcome }) => outcome !== 'dropped');
  const ok = made.filter(({ outcome }) => outcome === 'ok');
  const not = made.filter(({ outcome }) => outcome !== 'ok');
  const isHeld = ({ errorCode, endedUs, latencyUs, outcome }: Arrival): boolean =>
    errorCode === 'UNANSWERED' || (outcome !== 'dropped' && endedUs >= liftedUs && latencyUs >= HELD_US);
  const held = made.filter(isHeld).length;
  const gaveUp = ordered(not.filter((arrival) => !isHeld(arrival)).map(({ latencyUs }) => latencyUs));
  const asking = made.filter(({ endpoints }) => endpoints.length > 0);
  const attempts = asking.reduce((sum, { endpoints }) => sum + endpoints.length, 0);
  const codes = new Map<string, number>();
  for (const row of made.flatMap(({ rows }) => rows)) {
    const code = samples.errorCode.at(row);
    if (samples.outcome.at(row) !== 'ok' && code !== '') codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  return {
    fault,
    arrivals: made.length,
    served: wilson(ok.length, made.length),
    cached: ok.filter(({ endpoint }) => endpoint === '').length,
    attemptsEach: asking.length === 0 ? null : attempts / asking.length,
    requestsEach: requests === null || made.length === 0 ? null : requests / made.length,
    giveUpUsMedian: quantile(gaveUp, 0.5),
    giveUpUsMost: quantile(gaveUp, 1),
    servedUsMost: ok.length === 0 ? null : Math.max(...ok.map(({ latencyUs }) => latencyUs)),
    held,
    codes: [...codes]
      .map(([code, amount]) => ({ code, amount }))
      .sort((one, other) => other.amount - one.amount)
      .slice(0, 2),
  };
}

/** When the service received each group's requests. */
function requestsByGroup(history: History, requests: ServiceTable): ReadonlyMap<string, readonly number[]> {
  const groups = requests.caller.values.map((caller) => history.callers.get(caller)?.group);
  const found = new Map<string, number[]>();
  for (let row = 0; row < requests.length; row += 1) {
    const group = groups[requests.caller.codes[row] ?? 0];
    if (group === undefined) continue;
    const times = found.get(group);
    if (times === undefined) found.set(group, [requests.receivedUs[row] ?? 0]);
    else times.push(requests.receivedUs[row] ?? 0);
  }
  return found;
}

function requestsIn(times: readonly number[] | undefined, spans: readonly Span[]): number | null {
  if (times === undefined) return null;
  return times.filter((us) => spans.some(({ fromUs, toUs }) => us >= fromUs && us < toUs)).length;
}
