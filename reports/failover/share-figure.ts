/** Who served whom: each group's requests by serving Region, second by second, as shares of what was planned. */
import { areaY } from '@observablehq/plot';
import { count, listOf, percent, plural } from '../../lib/measure/wording.ts';
import { drawing } from '../page/drawing.ts';
import { type Figure, type LegendItem, legend } from '../page/figure.ts';
import { type Html, html } from '../page/html.ts';
import type { RegionColours } from '../page/region-colours.ts';
import { bucketName, faultStrips, type TimeAxis, timePanel } from '../page/time-axis.ts';
import type { GroupShares, ShareBucket } from './model.ts';

/** More would make the page heavy. */
const PANELS_MOST = 16;

/** What a share can be: a Region that served, or one of the ways not to be served. */
interface Band {
  readonly name: string;
  readonly of: (bucket: ShareBucket) => number;
  readonly fill: string;
  readonly item: LegendItem;
}

export function shareFigure(
  groups: readonly GroupShares[],
  axis: TimeAxis,
  colours: RegionColours,
  finding: string,
): Figure {
  const bands = bandsOf(groups, colours);
  const shown = groups.slice(0, PANELS_MOST);
  return {
    finding,
    note: `Share of the requests planned in each ${bucketName(axis)}, by the Region that served them in the end (the one that the answer names). A gap is a ${bucketName(axis)} in which nothing was planned.${leftOut(groups.length, shown.length)}`,
    legend: legend(bands.map(({ item }) => item)),
    drawing: [
      faultStrips(axis),
      shown.map((group, index) => panel(group, bands, axis, index === shown.length - 1)),
    ],
    numbers: {
      caption: `Requests by serving Region and ${bucketName(axis)}`,
      columns: [
        { title: 'Group' },
        { title: 'From, s', number: true },
        { title: 'planned', number: true },
        ...bands.map(({ name }) => ({ title: name, number: true })),
      ],
      rows: shown.flatMap(({ group, buckets }) =>
        buckets.map((bucket, index) => ({
          starts: index === 0,
          cells: [
            group,
            count((index * axis.bucketUs) / 1e6),
            count(bucket.planned),
            ...bands.map((band) => count(band.of(bucket))),
          ],
        })),
      ),
    },
  };
}

function leftOut(groups: number, shown: number): string {
  return groups > shown ? ` The first ${shown} of ${groups} groups; report.json has all.` : '';
}

function bandsOf(groups: readonly GroupShares[], colours: RegionColours): readonly Band[] {
  const buckets = groups.flatMap((group) => group.buckets);
  const served = [...new Set(buckets.flatMap(({ byRegion }) => Object.keys(byRegion)))]
    .toSorted((one, other) => colours.place(one) - colours.place(other))
    .map(
      (region): Band => ({
        name: region === '' ? 'unnamed Region' : region,
        of: (bucket) => bucket.byRegion[region] ?? 0,
        fill: colours.of(region),
        item: {
          text: `served by ${region === '' ? 'an unnamed Region' : region}`,
          colour: colours.of(region),
          shape: 'area',
        },
      }),
    );
  const lost: Band = {
    name: 'lost',
    of: (bucket) => bucket.lost,
    fill: 'url(#hatch)',
    item: { text: 'not served: failed or never answered', colour: 'var(--fault)', shape: 'hatched' },
  };
  const dropped: Band = {
    name: 'dropped',
    of: (bucket) => bucket.dropped,
    fill: 'var(--line)',
    item: { text: 'dropped by the generator', colour: 'var(--line)', shape: 'area' },
  };
  return [...served, ...[lost, dropped].filter((band) => buckets.some((bucket) => band.of(bucket) > 0))];
}

function panel(
  { group, location, buckets }: GroupShares,
  bands: readonly Band[],
  axis: TimeAxis,
  last: boolean,
): Html {
  const planned = buckets.reduce((sum, bucket) => sum + bucket.planned, 0);
  const label = `Share of traffic of ${group} by serving Region over time. ${totals(buckets, bands, planned)}`;
  return html`<p class="panel-title">${group} <span>in ${location}, ${plural(planned, 'request')}</span></p>${drawing(
    label,
    (canvas) =>
      timePanel({
        canvas,
        axis,
        height: 44,
        xAxis: last,
        y: { type: 'linear', domain: [0, 1] },
        yTicks: [0, 0.5, 1],
        yFormat: (share) => `${share * 100} %`,
        marks: bands.map((_, index) =>
          areaY(steps(buckets, bands, index, axis), {
            x: 'atS',
            y1: 'from',
            y2: 'to',
            fill: bands[index]?.fill ?? 'none',
            fillOpacity: 0.7,
            curve: 'step-after',
          }),
        ),
      }),
  )}`;
}

/** The stacked band as steps; one further point holds the last step to the end of its bucket. */
function steps(buckets: readonly ShareBucket[], bands: readonly Band[], index: number, axis: TimeAxis) {
  const below = bands.slice(0, index);
  const band = bands[index];
  const points = buckets.map((bucket, at) => {
    const from = below.reduce((sum, other) => sum + other.of(bucket), 0) / bucket.planned;
    return { atS: (at * axis.bucketUs) / 1e6, from, to: from + (band?.of(bucket) ?? 0) / bucket.planned };
  });
  const end = points.at(-1);
  return end === undefined ? [] : [...points, { ...end, atS: axis.durationUs / 1e6 }];
}

function totals(buckets: readonly ShareBucket[], bands: readonly Band[], planned: number): string {
  const parts = bands
    .map((band) => ({
      name: band.name,
      share: buckets.reduce((sum, bucket) => sum + band.of(bucket), 0) / Math.max(1, planned),
    }))
    .filter(({ share }) => share > 0)
    .map(({ name, share }) => `${name} ${percent(share)}`);
  return `Over the whole run: ${listOf(parts) || 'nothing was planned'}.`;
}
