/**
 * Rows per second of a run, per whatever key a reader chooses: how many arrivals, how they ended, who served
 * them, how long they took.
 */
import type { Arrival } from './arrivals.ts';
import { Histogram } from './histogram.ts';

export interface WindowRow {
  readonly key: string;
  readonly fromUs: number;
  readonly toUs: number;
  readonly planned: number;
  readonly ok: number;
  readonly failed: number;
  readonly indeterminate: number;
  readonly dropped: number;
  /** Successes by the Region that served them. */
  readonly byServingRegion: Readonly<Record<string, number>>;
  /** Latency of the successes from their planned moment, microseconds; merge these to get longer windows. */
  readonly latency: Histogram | null;
}

export interface WindowOptions {
  readonly durationUs: number;
  /** Default 1 s. */
  readonly widthUs?: number;
  /** Rows are made for each key by itself; arrivals whose key is undefined are left out. Default: one key, ''. */
  readonly key?: (arrival: Arrival) => string | undefined;
}

/**
 * Every window from 0 to the end for every key that occurs, empty ones included, sorted by key in order of
 * appearance and then by time. Arrivals belong to the window they were planned in.
 */
export function windowsOf(arrivals: readonly Arrival[], options: WindowOptions): readonly WindowRow[] {
  const widthUs = options.widthUs ?? 1_000_000;
  const count = Math.ceil(options.durationUs / widthUs);
  const rows = new Map<string, MutableRow[]>();
  for (const arrival of arrivals) {
    const key = options.key === undefined ? '' : options.key(arrival);
    if (key === undefined) continue;
    let list = rows.get(key);
    if (list === undefined) {
      list = Array.from({ length: count }, (_, index) => emptyRow(key, index * widthUs, widthUs));
      rows.set(key, list);
    }
    const row = list[Math.floor(arrival.plannedUs / widthUs)];
    if (row !== undefined) add(row, arrival);
  }
  return [...rows.values()].flat();
}

interface MutableRow extends WindowRow {
  planned: number;
  ok: number;
  failed: number;
  indeterminate: number;
  dropped: number;
  byServingRegion: Record<string, number>;
  latency: Histogram | null;
}

function emptyRow(key: string, fromUs: number, widthUs: number): MutableRow {
  const counts = { planned: 0, ok: 0, failed: 0, indeterminate: 0, dropped: 0 };
  return { key, fromUs, toUs: fromUs + widthUs, ...counts, byServingRegion: {}, latency: null };
}

function add(row: MutableRow, arrival: Arrival): void {
  row.planned += 1;
  row[arrival.outcome] += 1;
  if (arrival.outcome !== 'ok') return;
  row.byServingRegion[arrival.servingRegion] = (row.byServingRegion[arrival.servingRegion] ?? 0) + 1;
  row.latency ??= new Histogram();
  row.latency.record(arrival.latencyUs);
}
