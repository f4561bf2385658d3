/** How long requests took: per location and endpoint in each phase, over time, and as percentile curves. Pure. */
import { type Arrival, arrivalsOf } from '../../lib/measure/arrivals.ts';
import type { History } from '../../lib/measure/history.ts';
import { type Estimate, ordered, quantile, quantileEstimate, wilson } from '../../lib/measure/intervals.ts';
import { arrivalsOfPhase, type RunPhase, runPhasesOf } from '../page/run-phases.ts';
import { nines, percentileAt } from '../page/scales.ts';
import { bucketOf, type TimeAxis } from '../page/time-axis.ts';

export const QUANTILES = [0.5, 0.9, 0.99, 0.999] as const;

export interface LatencyModel {
  readonly routes: readonly RouteLatency[];
  /** The ways of `routes`, in their order. */
  readonly overTime: readonly RouteOverTime[];
  readonly curves: readonly PercentileCurve[];
}

/** One way from a location to the endpoint that ended the request. */
export interface RouteLatency {
  readonly location: string;
  readonly endpoint: string;
  readonly phases: readonly PhaseLatency[];
}

export interface PhaseLatency {
  readonly label: string;
  readonly phase: RunPhase['phase'];
  /** Arrivals whose last attempt went this way; dropped ones went nowhere. */
  readonly n: number;
  readonly okShare: Estimate | null;
  /** Attempts that failed on this way, last or not. */
  readonly failedAttempts: number;
  /** Of successes, from the planned moment, microseconds; null: too few for an interval. In the order of QUANTILES. */
  readonly quantilesUs: readonly (Estimate | null)[];
  readonly maxUs: number | null;
}

export interface RouteOverTime {
  readonly location: string;
  readonly endpoint: string;
  /** Successes in all. */
  readonly n: number;
  readonly buckets: readonly LatencyBucket[];
  readonly failures: readonly BucketFailures[];
}

export interface LatencyBucket {
  readonly n: number;
  readonly p50Us: number | null;
  readonly p99Us: number | null;
  readonly maxUs: number | null;
}

export type FailureFamily = 'network' | 'time-limit' | 'answer';

export interface BucketFailures {
  readonly bucket: number;
  readonly family: FailureFamily;
  readonly count: number;
}

export interface PercentileCurve {
  readonly label: string;
  readonly phase: RunPhase['phase'];
  readonly n: number;
  readonly points: readonly CurvePoint[];
  /** The percentile asked for, or null when there are too few requests for its interval. */
  readonly table: readonly { readonly percentile: number; readonly estimate: Estimate | null }[];
}

export interface CurvePoint extends Estimate {
  readonly percentile: number;
}

export function latencyModel(history: History, axis: TimeAxis): LatencyModel {
  const arrivals = arrivalsOf(history).filter(({ outcome }) => outcome !== 'dropped');
  const phases = runPhasesOf(history);
  const routes = routesOf(history, arrivals, phases);
  return {
    routes,
    overTime: overTimeOf(history, arrivals, routes, axis),
    curves: phases.map((phase) => curveOf(arrivals, phase)),
  };
}

function routesOf(
  history: History,
  arrivals: readonly Arrival[],
  phases: readonly RunPhase[],
): readonly RouteLatency[] {
  const keys = new Map<string, { location: string; endpoint: string }>();
  for (const { location, endpoints } of arrivals) {
    for (const endpoint of endpoints) keys.set(keyOf({ location, endpoint }), { location, endpoint });
  }
  const perPhase = phases.map((phase) => ({ phase, inPhase: arrivalsOfPhase(arrivals, phase) }));
  return [...keys.values()]
    .toSorted(
      (one, other) =>
        one.location.localeCompare(other.location) || one.endpoint.localeCompare(other.endpoint),
    )
    .map(({ location, endpoint }) => ({
      location,
      endpoint,
      phases: perPhase.map(({ phase, inPhase }) => {
        const here = inPhase.filter((arrival) => arrival.location === location);
        return phaseLatency(
          phase,
          here.filter((arrival) => arrival.endpoint === endpoint),
          failedAttempts(history, here, endpoint),
        );
      }),
    }));
}

function phaseLatency({ label, phase }: RunPhase, ended: readonly Arrival[], failed: number): PhaseLatency {
  const latencies = ordered(successes(ended).map(({ latencyUs }) => latencyUs));
  return {
    label,
    phase,
    n: ended.length,
    okShare: wilson(latencies.n, ended.length),
    failedAttempts: failed,
    quantilesUs: QUANTILES.map((p) => quantileEstimate(latencies, p)),
    maxUs: quantile(latencies, 1),
  };
}

function failedAttempts(history: History, arrivals: readonly Arrival[], endpoint: string): number {
  const { samples } = history;
  let failed = 0;
  for (const { rows } of arrivals) {
    for (const row of rows) {
      if (samples.endpoint.at(row) === endpoint && samples.outcome.at(row) !== 'ok') failed += 1;
    }
  }
  return failed;
}

function overTimeOf(
  history: History,
  arrivals: readonly Arrival[],
  routes: readonly RouteLatency[],
  axis: TimeAxis,
): readonly RouteOverTime[] {
  const { samples } = history;
  const latencies = new Map(routes.map((route) => [keyOf(route), emptyBuckets(axis)]));
  const failures = new Map(routes.map((route) => [keyOf(route), new Map<string, BucketFailures>()]));
  for (const arrival of arrivals) {
    if (arrival.outcome === 'ok') {
      latencies.get(keyOf(arrival))?.[bucketOf(axis, arrival.plannedUs)]?.push(arrival.latencyUs);
    }
    for (const row of arrival.rows) {
      if (samples.outcome.at(row) === 'ok') continue;
      const bucket = bucketOf(axis, samples.startedUs[row] ?? 0);
      const family = familyOf(samples.status[row] ?? 0, samples.errorCode.at(row));
      const seen = failures.get(keyOf({ location: arrival.location, endpoint: samples.endpoint.at(row) }));
      const key = `${family} ${bucket}`;
      seen?.set(key, { bucket, family, count: (seen.get(key)?.count ?? 0) + 1 });
    }
  }
  return routes.map(({ location, endpoint }) => {
    const key = keyOf({ location, endpoint });
    const buckets = (latencies.get(key) ?? []).map(latencyBucket);
    return {
      location,
      endpoint,
      n: buckets.reduce((sum, { n }) => sum + n, 0),
      buckets,
      failures: [...(failures.get(key)?.values() ?? [])],
    };
  });
}

function keyOf({ location, endpoint }: { readonly location: string; readonly endpoint: string }): string {
  return `${location} ${endpoint}`;
}

/** As figures and sentences name a way: `eu-west-1 → sts.eu-central-1.amazonaws.com`. */
export function routeName({
  location,
  endpoint,
}: {
  readonly location: string;
  readonly endpoint: string;
}): string {
  return `${location} → ${endpoint}`;
}

function emptyBuckets(axis: TimeAxis): number[][] {
  return Array.from({ length: axis.buckets }, () => []);
}

function latencyBucket(valuesUs: readonly number[]): LatencyBucket {
  const values = ordered(valuesUs);
  return {
    n: values.n,
    p50Us: quantile(values, 0.5),
    p99Us: quantile(values, 0.99),
    maxUs: quantile(values, 1),
  };
}

export function familyOf(status: number, errorCode: string): FailureFamily {
  if (status > 0) return 'answer';
  return errorCode === 'ETIMEDOUT' || errorCode === 'UNANSWERED' ? 'time-limit' : 'network';
}

const CURVE_STEP = 0.05;
const TABLE_PERCENTILES = [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9999];

/** The curve ends where the interval does: beyond it, a request more or less would move it anywhere. */
function curveOf(arrivals: readonly Arrival[], phase: RunPhase): PercentileCurve {
  const latencies = ordered(successes(arrivalsOfPhase(arrivals, phase)).map(({ latencyUs }) => latencyUs));
  const points: CurvePoint[] = [];
  for (let step = 1; step <= nines(0.99999) / CURVE_STEP; step += 1) {
    const percentile = percentileAt(step * CURVE_STEP);
    const estimate = quantileEstimate(latencies, percentile);
    if (estimate !== null) points.push({ percentile, ...estimate });
  }
  const table = TABLE_PERCENTILES.map((percentile) => ({
    percentile,
    estimate: quantileEstimate(latencies, percentile),
  }));
  return { label: phase.label, phase: phase.phase, n: latencies.n, points, table };
}

function successes(arrivals: readonly Arrival[]): readonly Arrival[] {
  return arrivals.filter(({ outcome }) => outcome === 'ok');
}
