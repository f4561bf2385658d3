/** The percentile curve: how slow the slow ones are, on a scale where each further nine has equal room. */
import { areaY, axisX, axisY, gridX, gridY, lineY } from '@observablehq/plot';
import { count, interval, milliseconds } from '../../lib/measure/wording.ts';
import { drawing } from '../page/drawing.ts';
import { type Figure, legend, measured } from '../page/figure.ts';
import { phaseStyle } from '../page/phase-style.ts';
import {
  latencyLabel,
  latencyScale,
  nines,
  onLatencyScale,
  percentileAt,
  percentileLabel,
} from '../page/scales.ts';
import type { CurvePoint, PercentileCurve } from './model.ts';

const TICKS = [0.5, 0.9, 0.99, 0.999, 0.9999].map(nines);

export function percentileCurveFigure(curves: readonly PercentileCurve[], finding: string): Figure {
  const during = curves.filter(({ phase }) => phase === 'during');
  const drawn = curves
    .filter(isDrawn)
    .map((curve) => ({ ...curve, style: phaseStyle(curve.phase, during.indexOf(curve)) }));
  const scale = latencyScale(drawn.flatMap(({ points }) => points.flatMap(({ low, high }) => [low, high])));
  const right = Math.max(nines(0.99), ...drawn.map(({ points }) => nines(lastOf(points).percentile)));
  const ticks = TICKS.filter((tick) => tick <= right + 0.01);
  return {
    finding,
    note: 'Successful requests of all callers, from the planned moment. The shade is the 95 % interval; a curve ends where there are too few requests for one.',
    legend: legend(
      drawn.map(({ label, n, style }) => ({
        text: `${label} (n = ${count(n)})`,
        colour: style.colour,
        shape: style.shape,
      })),
    ),
    drawing: drawing(`Percentile curves by phase. ${drawn.map(heard).join(' ')}`, (canvas) => ({
      height: canvas.narrow ? 220 : 270,
      marginLeft: canvas.narrow ? 50 : 56,
      marginRight: canvas.narrow ? 10 : 16,
      marginTop: 8,
      marginBottom: 36,
      x: { type: 'linear', domain: [0, right] },
      y: { type: 'log', domain: [...scale.domain] },
      marks: [
        gridY({ ticks: [...scale.ticks], stroke: 'var(--hair)', strokeOpacity: 1 }),
        gridX({ ticks, stroke: 'var(--hair)', strokeOpacity: 1 }),
        axisY({
          ticks: [...scale.ticks],
          tickFormat: latencyLabel,
          tickSize: 0,
          label: null,
          fill: 'var(--soft)',
        }),
        axisX({
          ticks,
          tickFormat: (place: number) => percentileLabel(percentileAt(place)),
          tickSize: 4,
          label: 'percentile, each nine equally wide',
          labelArrow: 'none',
          labelAnchor: 'center',
          labelOffset: 32,
          color: 'var(--soft)',
        }),
        drawn.map(({ points, style }) =>
          areaY(points, {
            x: place,
            y1: ({ low }) => onLatencyScale(low),
            y2: ({ high }) => onLatencyScale(high),
            fill: style.colour,
            fillOpacity: 0.13,
          }),
        ),
        drawn.map(({ points, style }) =>
          lineY(points, {
            x: place,
            y: ({ value }) => onLatencyScale(value),
            stroke: style.colour,
            strokeWidth: 1.8,
            strokeDasharray: style.dash,
          }),
        ),
      ],
    })),
    numbers: {
      caption: 'Percentiles by phase',
      columns: [
        { title: 'Percentile' },
        ...drawn.map(({ label }) => ({ title: `${label}, ms`, number: true })),
      ],
      rows: (drawn[0]?.table ?? []).map(({ percentile }, row) => ({
        cells: [
          percentileLabel(percentile),
          ...drawn.map(({ table }) => {
            const estimate = table[row]?.estimate ?? null;
            if (estimate === null) return '–';
            return measured(
              milliseconds(estimate.value),
              interval(estimate.low, estimate.high, milliseconds),
            );
          }),
        ],
      })),
    },
  };
}

/** Whether there were enough requests for a curve. */
export function isDrawn({ points }: PercentileCurve): boolean {
  return points.length > 1;
}

function heard({ label, points }: PercentileCurve): string {
  const { value, percentile } = lastOf(points);
  return `${label}: ${milliseconds(value)} ms at ${percentileLabel(percentile)}, its last point.`;
}

function lastOf(points: readonly CurvePoint[]): CurvePoint {
  return points.at(-1) ?? { percentile: 0, value: 0, low: 0, high: 0 };
}

function place({ percentile }: CurvePoint): number {
  return nines(percentile);
}
