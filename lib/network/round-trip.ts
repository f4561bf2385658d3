/**
 * How long light and routers take between two Regions: the table of `data/region-rtt.csv`, whose header says
 * where each row comes from. Links are built on it; nothing else in the project guesses a distance.
 */

import { readFileSync } from 'node:fs';
import { region } from '../aws/regions.ts';

export interface RoundTrip {
  /** Median of a year of six-hourly TCP connects, in milliseconds. */
  readonly medianMs: number;
  /** 90th percentile of the means of five connects, which is not the p90 of single connects. */
  readonly p90Ms: number;
  /** True where the pair was not measured but estimated from geography. */
  readonly modelled: boolean;
}

/**
 * The round trip from a caller in `from` to an endpoint in `to`. Directed: the two ways differ by 1 % in the
 * median. Regions that nobody has measured or said the place of (the isolated ones, and the newest) are taken to be as
 * far away as most are. Throws for what is no Region.
 */
export function roundTrip(from: string, to: string): RoundTrip {
  table ??= parseRoundTrips(readFileSync(new URL('data/region-rtt.csv', import.meta.url), 'utf8'));
  const found = table.get(key(from, to));
  if (found !== undefined) return found;
  if (region(from) === undefined || region(to) === undefined) {
    throw new RangeError(`no round trip is known from '${from}' to '${to}'`);
  }
  return from === to ? UNPLACED.within : UNPLACED.between;
}

/** Reads the table's text: comment lines, one header line, then `from,to,p50_ms,p90_ms,kind`. */
export function parseRoundTrips(text: string): ReadonlyMap<string, RoundTrip> {
  const rows = new Map<string, RoundTrip>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#') || line.startsWith('from,')) continue;
    const [from, to, p50, p90, kind] = line.split(',');
    const medianMs = Number(p50);
    const p90Ms = Number(p90);
    if (from === undefined || to === undefined || !(medianMs > 0) || !(p90Ms > 0)) {
      throw new Error(`region-rtt.csv holds a line that is no round trip: '${line}'`);
    }
    rows.set(key(from, to), { medianMs, p90Ms, modelled: kind !== 'measured' });
  }
  return rows;
}

/** Medians over the table's rows, within a Region and between two; a guess for any one pair. */
const UNPLACED = {
  within: { medianMs: 3.2, p90Ms: 5.4, modelled: true },
  between: { medianMs: 156, p90Ms: 163, modelled: true },
} as const;

let table: ReadonlyMap<string, RoundTrip> | undefined;

function key(from: string, to: string): string {
  return `${from},${to}`;
}
