/**
 * A mergeable histogram of microseconds: log-linear buckets that keep three significant digits from 1 µs to 60 s.
 * Counts of several processes add exactly; percentiles never do, so merge first and ask afterwards.
 */
import type { Ordered } from './intervals.ts';

/** Values above are counted in the last bucket and in {@link Histogram.over}. */
export const HISTOGRAM_MAX_US = 60_000_000;

/**
 * Values below 2048 have a bucket each; from there every doubling has 1024 buckets, so a bucket is at most
 * 1/1024 of its values wide.
 */
const HALF_BITS = 10;
const HALF = 1 << HALF_BITS;
const SIZE = indexOf(HISTOGRAM_MAX_US) + 1;

export class Histogram implements Ordered {
  readonly #counts = new Uint32Array(SIZE);
  #n = 0;
  #over = 0;

  /** Counts a value in microseconds; fractions are cut off and negative values count as 0. */
  record(valueUs: number): void {
    let value = valueUs > 0 ? Math.trunc(valueUs) : 0;
    if (value > HISTOGRAM_MAX_US) {
      this.#over += 1;
      value = HISTOGRAM_MAX_US;
    }
    const index = indexOf(value);
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#n += 1;
  }

  /** Adds the counts of another histogram to this one. */
  merge(other: Histogram): void {
    for (let index = 0; index < SIZE; index += 1) {
      const count = other.#counts[index] ?? 0;
      if (count > 0) this.#counts[index] = (this.#counts[index] ?? 0) + count;
    }
    this.#n += other.#n;
    this.#over += other.#over;
  }

  get n(): number {
    return this.#n;
  }

  /** How many values were above the range. */
  get over(): number {
    return this.#over;
  }

  /**
   * The value of the given rank, 1 being the smallest: the upper edge of its bucket, so never under the true
   * value and at most 0.1 % over it. Throws a RangeError outside 1..n.
   */
  valueAtRank(rank: number): number {
    if (!(rank >= 1 && rank <= this.#n)) throw new RangeError(`rank ${rank} of ${this.#n} values`);
    let seen = 0;
    for (let index = 0; index < SIZE; index += 1) {
      seen += this.#counts[index] ?? 0;
      if (seen >= rank) return Math.min(upperEdge(index), HISTOGRAM_MAX_US);
    }
    throw new Error('a histogram lost count of its values');
  }
}

function indexOf(value: number): number {
  // Bits above the eleven that a bucket distinguishes.
  const shift = Math.max(0, 32 - Math.clz32(value) - (HALF_BITS + 1));
  return shift * HALF + (value >>> shift);
}

function upperEdge(index: number): number {
  if (index < 2 * HALF) return index;
  const shift = (index >>> HALF_BITS) - 1;
  return (((index & (HALF - 1)) + HALF + 1) << shift) - 1;
}
