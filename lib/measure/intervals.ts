/**
 * 95 % confidence intervals that assume no distribution: Wilson for a share, Newcombe for the difference of two,
 * order statistics for a quantile. They treat samples as independent; within one run neighbours are not quite
 * (a pause hits several at once), so read them as the least uncertainty rather than all of it.
 */

/** Values of which the smallest, second smallest and so on can be asked for. */
export interface Ordered {
  readonly n: number;
  /** 1 is the smallest. */
  valueAtRank(rank: number): number;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface Estimate extends Interval {
  readonly value: number;
}

const Z_95 = 1.959963984540054;
const TAIL = 0.025;

/** Values sorted once, exactly. */
export function ordered(values: Iterable<number>): Ordered {
  const sorted = Float64Array.from(values).sort();
  return {
    n: sorted.length,
    valueAtRank(rank) {
      const value = sorted[rank - 1];
      if (value === undefined) throw new RangeError(`rank ${rank} of ${sorted.length} values`);
      return value;
    },
  };
}

/** The smallest value that at least the share `p` (0 < p ≤ 1) of all values do not exceed; null without values. */
export function quantile(values: Ordered, p: number): number | null {
  return values.n === 0 ? null : values.valueAtRank(rankOf(values.n, p));
}

/**
 * Interval of the quantile by order statistics: how many values lie below the true quantile is binomial, so two
 * ranks bracket it whatever the distribution (Hahn and Meeker, Statistical Intervals, 5.2). Null when there are
 * too few values for such ranks to exist: p99 needs 368, p99.9 needs 3,688.
 */
export function quantileInterval(values: Ordered, p: number): Interval | null {
  const ranks = quantileRanks(values.n, p);
  return ranks === null ? null : { low: values.valueAtRank(ranks.low), high: values.valueAtRank(ranks.high) };
}

/** Quantile and interval together; null when the interval does not exist. */
export function quantileEstimate(values: Ordered, p: number): Estimate | null {
  const interval = quantileInterval(values, p);
  return interval === null ? null : { value: values.valueAtRank(rankOf(values.n, p)), ...interval };
}

/** Fewest values for which {@link quantileInterval} exists. */
export function fewestForQuantile(p: number): number {
  const rarer = Math.max(p, 1 - p);
  return Math.ceil(Math.log(TAIL) / Math.log(rarer));
}

/** Share of `k` in `n` with Wilson's score interval; null when n is 0. */
export function wilson(k: number, n: number): Estimate | null {
  if (n === 0) return null;
  const share = k / n;
  const z2 = Z_95 * Z_95;
  const centre = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z_95 / (1 + z2 / n)) * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n));
  // At the ends the formula gives 0 and 1 up to rounding; say so exactly.
  return {
    value: share,
    low: k === 0 ? 0 : Math.max(0, centre - half),
    high: k === n ? 1 : Math.min(1, centre + half),
  };
}

/**
 * Share of `after` minus share of `before`, with Newcombe's interval (Statistics in Medicine 17, 1998, method
 * 10): the two Wilson intervals joined by square and add. Null when either side is empty.
 */
export function shareChange(
  before: { readonly k: number; readonly n: number },
  after: { readonly k: number; readonly n: number },
): Estimate | null {
  return change(wilson(before.k, before.n), wilson(after.k, after.n));
}

/** Quantile after minus quantile before, by the same square and add; null when either lacks values. */
export function quantileChange(before: Ordered, after: Ordered, p: number): Estimate | null {
  return change(quantileEstimate(before, p), quantileEstimate(after, p));
}

function change(before: Estimate | null, after: Estimate | null): Estimate | null {
  if (before === null || after === null) return null;
  const value = after.value - before.value;
  return {
    value,
    low: value - Math.hypot(after.value - after.low, before.high - before.value),
    high: value + Math.hypot(after.high - after.value, before.value - before.low),
  };
}

/** The product may land a rounding error above a whole number: 0.07 · 100 must stay rank 7. */
function rankOf(n: number, p: number): number {
  return Math.min(n, Math.max(1, Math.ceil(p * n - 1e-9)));
}

/** The largest low and smallest high rank whose tails hold at most 2.5 % each. */
function quantileRanks(n: number, p: number): { readonly low: number; readonly high: number } | null {
  if (n < 1 || p <= 0 || p >= 1) return null;
  // Ten standard deviations either side hold all but 1e-20 of the binomial.
  const spread = Math.ceil(10 * Math.sqrt(n * p * (1 - p)) + 10);
  const from = Math.max(0, Math.floor(n * p) - spread);
  const to = Math.min(n, Math.ceil(n * p) + spread);
  let below = 0;
  let low = 0;
  let high: number | null = null;
  for (let count = from; count <= to && high === null; count += 1) {
    below += binomialMass(n, p, count);
    // `below` is now P(B ≤ count): rank count + 1 is low enough while at most 2.5 % lies under it.
    if (below <= TAIL) low = count + 1;
    if (below >= 1 - TAIL) high = count + 1;
  }
  return low < 1 || high === null || high > n ? null : { low, high };
}

function binomialMass(n: number, p: number, count: number): number {
  return Math.exp(
    logFactorial(n) -
      logFactorial(count) -
      logFactorial(n - count) +
      count * Math.log(p) +
      (n - count) * Math.log1p(-p),
  );
}

const SMALL_FACTORIALS = Float64Array.from({ length: 32 }, (_, n) => {
  let sum = 0;
  for (let factor = 2; factor <= n; factor += 1) sum += Math.log(factor);
  return sum;
});

/** Stirling's series; the first term left out is under 1e-13 from n = 32. */
function logFactorial(n: number): number {
  const small = SMALL_FACTORIALS[n];
  if (small !== undefined) return small;
  const inverse = 1 / n;
  const correction = inverse / 12 - inverse ** 3 / 360 + inverse ** 5 / 1260;
  return (n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + correction;
}
