/** Successful requests among those sent, second by second, with the interval each second allows. */
import { areaY, lineY } from '@observablehq/plot';
import { count, interval, percent } from '../../lib/measure/wording.ts';
import { drawing } from '../page/drawing.ts';
import { type Figure, legend } from '../page/figure.ts';
import { bucketName, faultStrips, type TimeAxis, timePanel } from '../page/time-axis.ts';
import type { SuccessBucket } from './model.ts';

export function successFigure(buckets: readonly SuccessBucket[], axis: TimeAxis): Figure {
  const every = bucketName(axis);
  const worst = worstOf(buckets);
  const finding =
    worst?.share == null
      ? 'No request was sent'
      : worst.ok === worst.n
        ? `In every ${every} all requests on record succeeded in the end`
        : `In its worst ${every}, ${percent(worst.share.value)} of the requests succeeded`;
  const points = buckets.flatMap(({ share }, index) => {
    const at = {
      value: share?.value ?? Number.NaN,
      low: share?.low ?? Number.NaN,
      high: share?.high ?? Number.NaN,
    };
    return [{ ...at, atS: (index * axis.bucketUs) / 1e6 }];
  });
  const last = points.at(-1);
  const held = last === undefined ? [] : [...points, { ...last, atS: axis.durationUs / 1e6 }];
  return {
    finding,
    note: `All callers, every attempt of a request allowed for: a request that failed over and was served is a success. One step per ${every}; the shade is the 95 % Wilson interval, wide because a ${every} holds few requests.`,
    legend: legend([{ text: 'success ratio', colour: 'var(--s3)', shape: 'line' }]),
    drawing: [
      faultStrips(axis),
      drawing(`Success ratio over time. ${finding}.`, (canvas) =>
        timePanel({
          canvas,
          axis,
          height: 96,
          xAxis: true,
          y: { type: 'linear', domain: [0, 1] },
          yTicks: [0, 0.25, 0.5, 0.75, 1],
          yFormat: (share) => `${share * 100} %`,
          marks: [
            areaY(held, {
              x: 'atS',
              y1: 'low',
              y2: 'high',
              fill: 'var(--s3)',
              fillOpacity: 0.18,
              curve: 'step-after',
            }),
            lineY(held, { x: 'atS', y: 'value', stroke: 'var(--s3)', strokeWidth: 1.8, curve: 'step-after' }),
          ],
        }),
      ),
    ],
    numbers: {
      caption: `Success ratio by ${every}`,
      columns: [
        { title: 'From, s' },
        { title: 'sent', number: true },
        { title: 'ok', number: true },
        { title: 'success ratio', number: true },
        { title: '95 % interval', number: true },
      ],
      rows: buckets.map(({ n, ok, share }, index) => ({
        cells: [
          count((index * axis.bucketUs) / 1e6),
          count(n),
          count(ok),
          share === null ? '–' : percent(share.value),
          interval(share?.low, share?.high, percent) ?? '–',
        ],
      })),
    },
  };
}

function worstOf(buckets: readonly SuccessBucket[]): SuccessBucket | undefined {
  return buckets.filter(({ n }) => n > 0).toSorted((one, other) => one.ok / one.n - other.ok / other.n)[0];
}
