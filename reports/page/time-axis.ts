/**
 * The x axis that every chart over time shares: seconds since the load began, with the faults on it. The faults
 * stand as strips above a chart (one row each) and as faint bands with thin lines behind its marks.
 */

import type { Markish, PlotOptions, ScaleOptions } from '@observablehq/plot';
import { axisX, axisY, gridY, rect, ruleX, text } from '@observablehq/plot';
import type { FaultInterval } from '../../lib/measure/fault-intervals.ts';
import type { History } from '../../lib/measure/history.ts';
import { type Canvas, decoration } from './drawing.ts';
import { type Html, html } from './html.ts';

export interface TimeAxis {
  readonly durationUs: number;
  /** Width of one bucket of the charts over time. */
  readonly bucketUs: number;
  readonly buckets: number;
  readonly strips: readonly FaultStrip[];
}

/** A fault as drawn, in microseconds of the run. */
export interface FaultStrip {
  readonly name: string;
  readonly title: string;
  readonly fromUs: number;
  readonly toUs: number;
  /** False when it was planned and never confirmed: drawn as an empty outline. */
  readonly applied: boolean;
  /** No end is known: it runs to the edge. */
  readonly open: boolean;
}

const BUCKETS_US = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600].map((seconds) => seconds * 1_000_000);
const BUCKETS_MOST = 120;

/** One second a bucket, or the next round width that keeps a long run's charts small. */
export function timeAxisOf(history: Pick<History, 'durationUs' | 'faults'>): TimeAxis {
  const durationUs = Math.max(history.durationUs, 1_000_000);
  const bucketUs =
    BUCKETS_US.find((width) => durationUs / width <= BUCKETS_MOST) ?? durationUs / BUCKETS_MOST;
  return {
    durationUs,
    bucketUs,
    buckets: Math.ceil(durationUs / bucketUs),
    strips: history.faults.map((fault) => stripOf(fault, durationUs)),
  };
}

function stripOf(fault: FaultInterval, durationUs: number): FaultStrip {
  const applied = fault.appliedUs !== null;
  const toUs = applied ? (fault.liftedUs ?? durationUs) : fault.plannedToUs;
  return {
    name: fault.name,
    title: fault.title,
    fromUs: fault.appliedUs ?? fault.plannedFromUs,
    toUs: Math.min(toUs, durationUs),
    applied,
    open: applied && fault.liftedUs === null,
  };
}

/** Index of the bucket that holds a moment; clamped, since a retry may start after the last arrival. */
export function bucketOf(axis: TimeAxis, us: number): number {
  return Math.min(axis.buckets - 1, Math.max(0, Math.floor(us / axis.bucketUs)));
}

/** `second`, or `10 seconds`: what one point of a chart over time covers. */
export function bucketName(axis: TimeAxis): string {
  const seconds = axis.bucketUs / 1_000_000;
  return seconds === 1 ? 'second' : `${Number(seconds.toFixed(1))} seconds`;
}

export interface TimePanel {
  readonly canvas: Canvas;
  readonly axis: TimeAxis;
  /** Of the plotting area, in pixels. */
  readonly height: number;
  readonly y: ScaleOptions;
  readonly yTicks?: readonly number[];
  readonly yFormat: (value: number) => string;
  /** With numbers and label below; of stacked panels only the last has them. */
  readonly xAxis: boolean;
  readonly marks: readonly Markish[];
  /** More room in the frame below the plotting area, for a rug. Pixels. */
  readonly below?: number;
}

/** Plot options of a chart over time. Marks give x in seconds; a rug has its room inside the frame, below y. */
export function timePanel(panel: TimePanel): PlotOptions {
  const { canvas, axis, xAxis, height } = panel;
  const below = panel.below ?? 0;
  const yTicks = [...(panel.yTicks ?? [])];
  const marginTop = 8;
  const marginBottom = xAxis ? 36 : 8;
  return {
    ...margins(canvas),
    marginTop,
    marginBottom,
    height: marginTop + height + below + marginBottom,
    x: xScale(axis),
    y: { axis: null, ...panel.y, range: [marginTop + height, marginTop] },
    marks: [
      gridY({ ticks: yTicks, stroke: 'var(--hair)', strokeOpacity: 1 }),
      faultBands(axis),
      axisY({ ticks: yTicks, tickFormat: panel.yFormat, tickSize: 0, label: null, fill: 'var(--soft)' }),
      ruleX([0], { stroke: 'var(--line)' }),
      xAxis ? secondsAxis(canvas) : null,
      ...panel.marks,
      faultEdges(axis),
    ],
  };
}

function secondsAxis(canvas: Canvas): Markish {
  return axisX({
    ticks: canvas.narrow ? 5 : 12,
    tickSize: 4,
    label: 'seconds since the load began',
    labelArrow: 'none',
    labelAnchor: 'center',
    labelOffset: 34,
    color: 'var(--soft)',
  });
}

/** The faults, one row each, on the same axis: goes above the panels of a figure. Empty without faults. */
export function faultStrips(axis: TimeAxis): Html {
  if (axis.strips.length === 0) return html``;
  return decoration((canvas) => {
    const rowHeight = 26;
    const rows = axis.strips.map((strip, row) => ({ ...strip, row, ...labelOf(strip, axis, canvas) }));
    return {
      ...margins(canvas),
      marginTop: 0,
      marginBottom: 2,
      height: rows.length * rowHeight + 2,
      x: xScale(axis),
      y: { domain: [0, rows.length], range: [0, rows.length * rowHeight], axis: null },
      marks: [
        rect(rows, {
          x1: (row) => row.fromUs / 1e6,
          x2: (row) => row.toUs / 1e6,
          y1: (row) => row.row + 0.55,
          y2: (row) => row.row + 0.95,
          fill: (row) => (row.applied ? 'url(#hatch)' : 'none'),
          stroke: 'var(--fault)',
        }),
        text(rows, {
          x: (row) => row.labelX,
          y: (row) => row.row + 0.28,
          text: (row) => row.label,
          textAnchor: 'start',
          fill: 'var(--ink)',
        }),
      ],
    };
  });
}

/** The time of each fault, to go behind a chart's marks. */
function faultBands(axis: TimeAxis): Markish {
  const applied = axis.strips.filter((strip) => strip.applied);
  return rect(applied, {
    x1: (strip) => strip.fromUs / 1e6,
    x2: (strip) => strip.toUs / 1e6,
    fill: 'var(--fault-area)',
  });
}

/** Start and end of each fault as thin lines, above the marks so that nothing covers them. */
function faultEdges(axis: TimeAxis): Markish {
  const applied = axis.strips.filter((strip) => strip.applied);
  const edges = applied.flatMap((strip) => (strip.open ? [strip.fromUs] : [strip.fromUs, strip.toUs]));
  return ruleX(edges, { x: (us) => us / 1e6, stroke: 'var(--fault)', strokeWidth: 1, strokeOpacity: 0.7 });
}

function xScale(axis: TimeAxis): ScaleOptions {
  return { type: 'linear', domain: [0, axis.durationUs / 1e6], axis: null };
}

function margins(canvas: Canvas): { marginLeft: number; marginRight: number } {
  return canvas.narrow ? { marginLeft: 50, marginRight: 8 } : { marginLeft: 56, marginRight: 16 };
}

/** Whether a text has room inside a span of the axis. */
export function textFits(label: string, spanUs: number, axis: TimeAxis, canvas: Canvas): boolean {
  const { marginLeft, marginRight } = margins(canvas);
  const spanPx = (spanUs / axis.durationUs) * (canvas.width - marginLeft - marginRight);
  return spanPx >= label.length * CHARACTER_WIDTH + 6;
}

/** Pixels of one character of the drawings' type, a little too wide: a label is cut rather than run over the edge. */
const CHARACTER_WIDTH = 6.2;

/** The label starts where the strip does, moves left when it would leave the drawing, and is cut as a last resort. */
function labelOf(strip: FaultStrip, axis: TimeAxis, canvas: Canvas): { label: string; labelX: number } {
  const { marginLeft, marginRight } = margins(canvas);
  const width = canvas.width - marginLeft - marginRight;
  const most = Math.floor(width / CHARACTER_WIDTH);
  const label = strip.title.length > most ? `${strip.title.slice(0, most - 1)}…` : strip.title;
  const latest = width - label.length * CHARACTER_WIDTH;
  const start = Math.min((strip.fromUs / axis.durationUs) * width, Math.max(0, latest));
  return { label, labelX: (start / width) * (axis.durationUs / 1e6) };
}
