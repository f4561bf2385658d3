/** What the latency figures say, in sentences: each becomes the title of its figure. */
import { duration, interval, listOf, plural } from '../page/format.ts';
import type { EndpointOverTime, LatencyModel, PercentileCurve } from './model.ts';

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
    : `${told.join('; ')}.`.replace(/^./, (first) => first.toUpperCase());
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
  let worst: { text: string; us: number } | undefined;
  for (const { location, endpoint, phases } of routes) {
    for (const { label, quantilesUs } of phases) {
      const us = quantilesUs[2]?.value ?? 0;
      if (us > (worst?.us ?? 0))
        worst = { us, text: `Slowest p99: ${duration(us)}, from ${location} to ${endpoint}, ${label}` };
    }
  }
  return worst?.text ?? 'No way had enough successful requests for a p99';
}

function overTimeFinding(endpoints: readonly EndpointOverTime[]): string {
  const failing = endpoints.filter(({ failures }) => failures.length > 0).map(({ endpoint }) => endpoint);
  if (endpoints.length === 0) return 'No request was sent';
  if (failing.length === 0) return 'No attempt failed at any endpoint';
  const clean = endpoints.length - failing.length;
  return `Attempts failed at ${listOf(failing)}; ${clean === 0 ? 'at no endpoint did all succeed' : `none at the other ${clean === 1 ? 'endpoint' : `${clean} endpoints`}`}`;
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
  if (shaken.low > calm.high) return `The slowest requests got slower: ${change}`;
  if (shaken.high < calm.low) return `The slowest requests got faster: ${change}`;
  return `No change of p99 seen (${change}): the intervals overlap`;
}

function at({ table }: PercentileCurve, percentile: number) {
  return table.find((row) => row.percentile === percentile)?.estimate ?? null;
}
