/**
 * Folds attempts into arrivals: what the workload asked for once, whatever it took to serve it. Latency counts
 * from the planned moment, so a generator or caller held up by a slow service cannot hide the wait
 * (no coordinated omission).
 */
import type { ArrivalCounts } from '../journal/event.ts';
import type { Outcome } from '../journal/sample.ts';
import type { SampleTable } from '../journal/sample-table.ts';
import type { History } from './history.ts';

export interface Arrival {
  /** Number in the plan. */
  readonly arrival: number;
  readonly caller: string;
  readonly location: string;
  readonly operation: string;
  /** Of the last attempt. */
  readonly outcome: Outcome;
  readonly plannedUs: number;
  /** Start of the first attempt. */
  readonly startedUs: number;
  /** End of the last attempt. */
  readonly endedUs: number;
  /** From planned to the end of the last attempt, microseconds. */
  readonly latencyUs: number;
  /** Endpoints asked, in order, one for each attempt; empty for an arrival that asked nobody. */
  readonly endpoints: readonly string[];
  /** Endpoint of the last row; empty when that asked nobody. */
  readonly endpoint: string;
  /** Region that served the success; empty otherwise. */
  readonly servingRegion: string;
  /** Of the last attempt; empty after a success. */
  readonly errorCode: string;
  /** Rows in the sample table, by attempt. */
  readonly rows: readonly number[];
}

/** One entry per arrival, sorted by planned time. Computed once per sample table. */
export function arrivalsOf(history: History): readonly Arrival[] {
  return arrivalsOfSamples(history.samples);
}

const remembered = new WeakMap<SampleTable, readonly Arrival[]>();

/** As {@link arrivalsOf}. */
export function arrivalsOfSamples(samples: SampleTable): readonly Arrival[] {
  const known = remembered.get(samples);
  if (known !== undefined) return known;
  const rowsByArrival = new Map<number, number[]>();
  for (let row = 0; row < samples.length; row += 1) {
    const arrival = samples.arrival[row] ?? 0;
    const rows = rowsByArrival.get(arrival);
    if (rows === undefined) rowsByArrival.set(arrival, [row]);
    else rows.push(row);
  }
  const arrivals = [...rowsByArrival.values()]
    .map((rows) => fold(samples, rows))
    .sort((one, other) => one.plannedUs - other.plannedUs || one.arrival - other.arrival);
  remembered.set(samples, arrivals);
  return arrivals;
}

/** Recounted from the samples; `planned` is the number of arrivals that left a row. */
export function countsOfArrivals(arrivals: readonly Arrival[]): ArrivalCounts {
  const counts = { planned: arrivals.length, ok: 0, failed: 0, indeterminate: 0, dropped: 0 };
  for (const arrival of arrivals) counts[arrival.outcome] += 1;
  return counts;
}

function fold(samples: SampleTable, unsorted: readonly number[]): Arrival {
  const rows = unsorted.toSorted((one, other) => (samples.attempt[one] ?? 0) - (samples.attempt[other] ?? 0));
  const first = rows[0] ?? 0;
  const last = rows[rows.length - 1] ?? 0;
  const outcome = samples.outcome.at(last) as Outcome;
  const plannedUs = samples.plannedUs[first] ?? 0;
  const endedUs = samples.endedUs[last] ?? 0;
  return {
    arrival: samples.arrival[first] ?? 0,
    caller: samples.caller.at(first),
    location: samples.location.at(first),
    operation: samples.operation.at(first),
    outcome,
    plannedUs,
    startedUs: samples.startedUs[first] ?? 0,
    endedUs,
    latencyUs: endedUs - plannedUs,
    endpoints: rows.map((row) => samples.endpoint.at(row)).filter((endpoint) => endpoint !== ''),
    endpoint: samples.endpoint.at(last),
    servingRegion: outcome === 'ok' ? samples.servingRegion.at(last) : '',
    errorCode: outcome === 'ok' ? '' : samples.errorCode.at(last),
    rows,
  };
}
