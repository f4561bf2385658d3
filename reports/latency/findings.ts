/** What the latency figures say, in sentences: each becomes the title of its figure. */
import type { Estimate } from '../../lib/measure/intervals.ts';
import { duration, interval, listOf, plural } from '../../lib/measure/wording.ts';
import { type LatencyModel, type PercentileCurve, type RouteOverTime, routeName } from './model.ts';

export interface LatencyFindings {
  readonly headline: string;
  readonly table: string;
  readonly overTime: string;
  readonly curve: string;
}

export function latencyFindings(model: LatencyModel): LatencyFindings {
  return {
    headline: headline(model.curves),
    table: tableFinding(model),
    overTime: overTimeFinding(model.overTime),
    curve: curveFinding(model.curves),
  };
}

function headline(curves: readonly PercentileCurve[]): string {
  const told = curves.filter(({ n }) => n > 0).map((curve) => `${curve.label}: ${told99(curve)}`);
  return told.length === 0
    ? 'No request succeeded, so there is no latency to report.'
    : `Of the requests that succeeded, ${told.join('; ')}.`;
}

function told99(curve: PercentileCurve): string {
  const median = at(curve, 0.5);
  const tail = at(curve, 0.99);
  if (median === null) return `only ${plural(curve.n, 'success', 'successes')}`;
  if (tail === null) return `median ${duration(median.value)}, too few requests for p99`;
  return `median ${duration(median.value)}, p99 ${duration(tail.value)} (95 % interval ${interval(tail.low, tail.high, duration)})`;
}

/** The slowest route of each phase is what a reader looks for first. */
function tableFinding({ routes }: LatencyModel): string {
  const rows = routes.flatMap(({ phases }) => phases).filter(({ maxUs }) => maxUs !== null);
  const known = rows.filter(({ quantilesUs }) => quantilesUs[2] != null).length;
  let worst: { text: string; us: number } | undefined;
  for (const route of routes) {
    for (const { label, quantilesUs } of route.phases) {
      const us = quantilesUs[2]?.value ?? 0;
      if (us > (worst?.us ?? 0)) worst = { us, text: `${duration(us)}, ${routeName(route)}, ${label}` };
    }
  }
  if (worst === undefined) return 'Too few successful requests for a p99 over any link';
  return known === rows.length
    ? `Slowest p99: ${worst.text}`
    : `Slowest p99 that can be told: ${worst.text}; ${rows.length - known} of ${rows.length} rows have too few requests`;
}

/** So many links are named; more would be a list and no sentence. */
const LINKS_NAMED = 2;

function overTimeFinding(routes: readonly RouteOverTime[]): string {
  const failing = routes.filter(({ failures }) => failures.length > 0);
  if (routes.length === 0) return 'No request was sent';
  if (failing.length === 0) return 'No attempt failed over any link';
  const clean = routes.length - failing.length;
  if (clean === 0)
    return routes.length === 1 ? 'Attempts failed over the only link' : 'Attempts failed over every link';
  if (failing.length > LINKS_NAMED) return `Attempts failed over ${failing.length} of ${routes.length} links`;
  return `Attempts failed over ${listOf(failing.map(routeName))}; none over the other ${clean === 1 ? 'link' : `${clean} links`}`;
}

/** Compares the tails before and during by their intervals, and claims a difference only when they part. */
function curveFinding(curves: readonly PercentileCurve[]): string {
  const before = curves.find(({ phase }) => phase === 'before');
  const during = curves.find(({ phase }) => phase === 'during');
  if (before === undefined || during === undefined) return 'How slow the slowest requests were';
  const [calm, shaken] = [at(before, 0.99), at(during, 0.99)];
  if (calm === null || shaken === null)
    return 'Too few requests to compare the p99 before and during the fault';
  const change = `p99 ${duration(calm.value)} before, ${duration(shaken.value)} ${during.label}`;
  const between = (estimate: Estimate) => interval(estimate.low, estimate.high, duration);
  if (shaken.low > calm.high) return `The slowest of the requests that succeeded got slower: ${change}`;
  if (shaken.high < calm.low) return `The slowest of the requests that succeeded got faster: ${change}`;
  return `Too close to tell apart: ${change} (95 % intervals ${between(calm)} and ${between(shaken)})`;
}

function at({ table }: PercentileCurve, percentile: number) {
  return table.find((row) => row.percentile === percentile)?.estimate ?? null;
}
