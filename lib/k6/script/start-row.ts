/**
 * What an exported script tells before it calls anybody, as one point of a counter: which load it is of, which share of
 * it this k6 has, and when it is to begin. Parts are known by it when they are brought together.
 */

export const START_METRIC = 'regionfall_start';

export interface StartRow {
  /** SHA-256 of the scenario, hex. */
  readonly hash: string;
  readonly seed: number;
  /** Agreed; epoch milliseconds of k6's clock, as are those of its attempts. */
  readonly startMs: number;
  /** k6's clock when this was told, epoch milliseconds. */
  readonly nowMs: number;
  /** Execution segment, as k6 writes it: `1/4:1/2`. Empty: the whole. */
  readonly segment: string;
}

const BETWEEN = '|';
const FIELDS = 5;

export function encodeStart({ hash, seed, startMs, nowMs, segment }: StartRow): string {
  return [hash, seed, startMs, nowMs, segment].join(BETWEEN);
}

/** @throws SyntaxError for text that is no such row. */
export function decodeStart(encoded: string): StartRow {
  const [hash = '', seed, startMs, nowMs, segment = '', ...more] = encoded.split(BETWEEN);
  const numbers = [seed, startMs, nowMs].map(Number);
  if (more.length > 0 || encoded.split(BETWEEN).length !== FIELDS || !numbers.every(Number.isFinite))
    throw new SyntaxError(`no row of a start: ${encoded.slice(0, 80)}`);
  return { hash, seed: Number(seed), startMs: Number(startMs), nowMs: Number(nowMs), segment };
}
