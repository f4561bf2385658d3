/** Latency over time, one panel per link (a location and an endpoint) on one logarithmic axis, with failed attempts as a rug below. */
import { areaY, dot, lineY, ruleX } from '@observablehq/plot';
import { count, milliseconds, plural } from '../../lib/measure/wording.ts';
import { drawing } from '../page/drawing.ts';
import { type Figure, legend } from '../page/figure.ts';
import { type Html, html } from '../page/html.ts';
import { type LatencyScale, latencyLabel, latencyScale, onLatencyScale } from '../page/scales.ts';
import { bucketName, faultStrips, type TimeAxis, timePanel } from '../page/time-axis.ts';
import {
  type BucketFailures,
  type FailureFamily,
  type LatencyBucket,
  type RouteOverTime,
  routeName,
} from './model.ts';

/** Fewer successes than this make a point unsure: it is drawn hollow. */
export const POINT_N_LEAST = 20;

const FAMILIES: readonly { family: FailureFamily; text: string; colour: `var(--${string})` }[] = [
  { family: 'network', text: 'failed: connection', colour: 'var(--fail)' },
  { family: 'time-limit', text: 'failed: time limit, no answer', colour: 'var(--s4)' },
  { family: 'answer', text: 'failed: answered with an error', colour: 'var(--s2)' },
];
const RUG_ROW = 6;
/** More would make the page heavy. */
const PANELS_MOST = 16;

export function overTimeFigure(all: readonly RouteOverTime[], axis: TimeAxis, finding: string): Figure {
  const routes = all.slice(0, PANELS_MOST);
  const scale = latencyScale(
    routes.flatMap(({ buckets }) =>
      buckets.flatMap(({ p50Us, maxUs }) => [p50Us, maxUs].filter((us) => us !== null)),
    ),
  );
  const families = FAMILIES.filter(({ family }) =>
    routes.some(({ failures }) => failures.some((failure) => failure.family === family)),
  );
  return {
    finding,
    note: `Successful requests by where their caller stands and which endpoint answered, from the moment a request was planned, so time lost at another endpoint first is part of it. One point per ${bucketName(axis)} of planned time; the axis is logarithmic and the same in every panel. Marks below a panel are attempts that failed there, the stronger the larger their share.${all.length > routes.length ? ` The first ${routes.length} of ${all.length} links; report.json has all.` : ''}`,
    legend: legend([
      { text: 'p50', colour: 'var(--s1)', shape: 'line' },
      { text: 'p99', colour: 'var(--s2)', shape: 'dashed' },
      { text: 'slowest', colour: 'var(--soft)', shape: 'dotted' },
      { text: `fewer than ${POINT_N_LEAST} requests`, colour: 'var(--s1)', shape: 'hollow' },
      ...families.map(({ text, colour }) => ({ text, colour, shape: 'tick' as const })),
    ]),
    drawing: [
      faultStrips(axis),
      routes.map((route, index) => panel(route, axis, scale, families, index === routes.length - 1)),
    ],
    numbers: {
      caption: `Latency by link and ${bucketName(axis)}`,
      columns: [
        { title: 'Location → endpoint' },
        { title: 'From, s', number: true },
        { title: 'n', number: true },
        { title: 'p50, ms', number: true },
        { title: 'p99, ms', number: true },
        { title: 'slowest, ms', number: true },
        { title: 'failed attempts', number: true },
      ],
      rows: routes.flatMap((route) => numbers(route, axis)),
    },
  };
}

function panel(
  route: RouteOverTime,
  axis: TimeAxis,
  scale: LatencyScale,
  families: typeof FAMILIES,
  last: boolean,
): Html {
  const { buckets, failures, n } = route;
  // Without a success there is only the rug to show.
  const height = n === 0 ? 8 : 92;
  const below = families.length === 0 ? 0 : families.length * RUG_ROW + 4;
  const middleS = (index: number): number => ((index + 0.5) * axis.bucketUs) / 1e6;
  const points = buckets.map((bucket, index) => ({ ...bucket, atS: middleS(index) }));
  const measured = points.filter((point) => point.p50Us !== null);
  const failed = failures.reduce((sum, failure) => sum + failure.count, 0);
  const label = `Latency of ${routeName(route)} over time: ${plural(n, 'successful request')}, ${plural(failed, 'failed attempt')}. The table below has the numbers.`;
  return html`<p class="panel-title">${routeName(route)} <span>${plural(n, 'success', 'successes')}, ${plural(failed, 'failed attempt')}</span></p>${drawing(
    label,
    (canvas) =>
      timePanel({
        canvas,
        axis,
        height,
        below,
        xAxis: last,
        y: { type: 'log', domain: [...scale.domain] },
        yTicks: n === 0 ? [] : scale.ticks,
        yFormat: latencyLabel,
        marks: [
          areaY(points, {
            x: 'atS',
            y1: (point) => onLatencyScale(point.p50Us),
            y2: (point) => onLatencyScale(point.p99Us),
            fill: 'var(--s2)',
            fillOpacity: 0.1,
          }),
          lineY(points, {
            x: 'atS',
            y: (point) => onLatencyScale(point.maxUs),
            stroke: 'var(--soft)',
            strokeWidth: 0.8,
            strokeDasharray: '1.5 2.5',
          }),
          lineY(points, {
            x: 'atS',
            y: (point) => onLatencyScale(point.p99Us),
            stroke: 'var(--s2)',
            strokeWidth: 1.5,
            strokeDasharray: '5 3',
          }),
          lineY(points, {
            x: 'atS',
            y: (point) => onLatencyScale(point.p50Us),
            stroke: 'var(--s1)',
            strokeWidth: 1.8,
          }),
          dot(measured.filter(isThin), {
            x: 'atS',
            y: (point) => onLatencyScale(point.p50Us),
            r: 2,
            stroke: 'var(--s1)',
            fill: 'var(--ground)',
          }),
          dot(
            measured.filter((point) => isThin(point) && point.p99Us !== null),
            {
              x: 'atS',
              y: (point) => onLatencyScale(point.p99Us),
              r: 2,
              stroke: 'var(--s2)',
              fill: 'var(--ground)',
            },
          ),
          families.map(({ family, colour }, row) =>
            ruleX(
              failures.filter((failure) => failure.family === family),
              {
                x: (failure) => middleS(failure.bucket),
                stroke: colour,
                strokeWidth: Math.max(1.2, (canvas.width / axis.buckets) * 0.6),
                strokeOpacity: (failure) => 0.35 + 0.65 * shareOfAttempts(failure, buckets, failures),
                insetTop: height + 4 + row * RUG_ROW,
                insetBottom: (families.length - 1 - row) * RUG_ROW,
              },
            ),
          ),
        ],
      }),
  )}`;
}

/** Of a bucket's attempts over this link, those that failed in this way. */
function shareOfAttempts(
  failure: BucketFailures,
  buckets: readonly LatencyBucket[],
  failures: readonly BucketFailures[],
): number {
  const failed = failures
    .filter(({ bucket }) => bucket === failure.bucket)
    .reduce((sum, { count: n }) => sum + n, 0);
  return failure.count / (failed + (buckets[failure.bucket]?.n ?? 0));
}

function isThin({ n }: LatencyBucket): boolean {
  return n < POINT_N_LEAST;
}

function numbers(route: RouteOverTime, axis: TimeAxis) {
  const { buckets, failures } = route;
  const failedIn = new Map<number, number>();
  for (const { bucket, count: amount } of failures)
    failedIn.set(bucket, (failedIn.get(bucket) ?? 0) + amount);
  const cell = (us: number | null): string => (us === null ? '–' : milliseconds(us));
  return buckets.flatMap((bucket, index) => {
    const failed = failedIn.get(index) ?? 0;
    if (bucket.n === 0 && failed === 0) return [];
    const cells = [
      routeName(route),
      count((index * axis.bucketUs) / 1e6),
      count(bucket.n),
      cell(bucket.p50Us),
      cell(bucket.p99Us),
      cell(bucket.maxUs),
      count(failed),
    ];
    return [{ cells, starts: index === 0 }];
  });
}
