/** Scales that figures share, so that one look compares them: one latency axis, nines of a percentile. */

export interface LatencyScale {
  /** Milliseconds. */
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
}

/**
 * A logarithmic axis around the values: ends at 1, 2 or 5 of a decade, spans one at least, marks whole decades, and 2 and 5 as well
 * where there would be few marks. Values below 0.1 ms count as 0.1 ms.
 */
export function latencyScale(valuesUs: Iterable<number>): LatencyScale {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const us of valuesUs) {
    low = Math.min(low, atLeastTenth(us));
    high = Math.max(high, atLeastTenth(us));
  }
  if (high === 0) [low, high] = [1, 100];
  const from = STEPS.findLast((step) => step <= low * CLOSE) ?? 0.1;
  const to = STEPS.find((step) => step >= high / CLOSE && step >= from * 10 * (1 - 1e-9)) ?? high;
  const inside = STEPS.filter((step) => step >= from && step <= to);
  const decades = inside.filter((step) => Number.isInteger(Math.log10(step)));
  return { domain: [from, to], ticks: decades.length >= 3 ? decades : inside };
}

function atLeastTenth(us: number): number {
  return Math.max(us / 1_000, 0.1);
}

const CLOSE = 1 + 1e-9;
const STEPS: readonly number[] = [0.1, 1, 10, 100, 1_000, 10_000, 100_000, 1_000_000].flatMap((decade) => [
  decade,
  decade * 2,
  decade * 5,
]);

/** Microseconds as the axis places them, in milliseconds; NaN leaves a gap. */
export function onLatencyScale(us: number | null): number {
  return us === null ? Number.NaN : atLeastTenth(us);
}

/** `0.1 ms`, `20 ms`, `1 s`: the label of a mark. */
export function latencyLabel(ms: number): string {
  return ms >= 1_000 ? `${ms / 1_000} s` : `${ms} ms`;
}

/** Marks at even steps around 0 as far as `reach`, about `perSide` on each side. */
export function marksAroundZero(reach: number, perSide: number): readonly number[] {
  const rough = reach / (perSide + 0.5);
  const decade = 10 ** Math.floor(Math.log10(rough));
  const steps = [1, 2, 5, 10].map((factor) => factor * decade);
  const step =
    steps.find((size) => size >= rough && size <= reach) ?? steps.findLast((size) => size <= reach) ?? reach;
  const each = Math.floor(reach / step);
  return Array.from({ length: each * 2 + 1 }, (_, index) => (index - each) * step);
}

/** Place of a percentile (0 to 1, below 1) on the scale of nines: 0.9 is 1, 0.99 is 2. */
export function nines(percentile: number): number {
  return -Math.log10(1 - percentile);
}

/** Inverse of {@link nines}. */
export function percentileAt(place: number): number {
  return 1 - 10 ** -place;
}

export function percentileLabel(percentile: number): string {
  return `p${Number((percentile * 100).toFixed(4))}`;
}
