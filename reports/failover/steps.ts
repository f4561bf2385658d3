/** How long each step took, on a logarithmic axis: from the fault in force, and from its lift; a tick per caller. */
import { axisX, dot, gridX, link, ruleX, ruleY, text } from '@observablehq/plot';
import { duration } from '../../lib/measure/wording.ts';
import { drawing } from '../page/drawing.ts';
import { type Html, html } from '../page/html.ts';
import { type LatencyScale, latencyLabel, latencyScale, onLatencyScale } from '../page/scales.ts';
import type { Journey, Step } from './model.ts';
import { MILESTONE_WORDS } from './names.ts';

const ROW = 22;

interface Row {
  readonly row: number;
  readonly heading?: string;
  readonly step?: Step;
}

/** A step that has a place on the axis. */
interface Placed {
  readonly row: number;
  readonly step: Step;
  readonly afterUs: number;
}

/** One axis for all journeys, so that groups compare; an uncertainty that reaches below zero runs to its left end. */
export function stepsScale(journeys: readonly Journey[]): LatencyScale {
  const steps = journeys.flatMap((journey) => journey.steps.filter(isDrawn));
  const valuesUs = steps.flatMap((step) => [
    step.afterUs ?? 0,
    ...ends(step, step.afterUs ?? 0),
    ...step.callersAfterUs,
  ]);
  return latencyScale(valuesUs.filter((us) => us > 0));
}

export function stepsDrawing(journey: Journey, scale: LatencyScale, faultNamed: boolean): Html {
  const rows = rowsOf(journey.steps);
  const steps = rows.flatMap(({ row, step }): Placed[] =>
    step?.afterUs == null ? [] : [{ row, step, afterUs: step.afterUs }],
  );
  if (steps.length === 0) return html``;
  const title = faultNamed ? `${journey.group}, fault ${journey.fault}` : journey.group;
  return html`<p class="panel-title">${title} <span>how long each step took; logarithmic axis</span></p>${drawing(
    `Steps of ${journey.group} through the fault ${journey.fault}. ${steps.map(({ step }) => `${MILESTONE_WORDS[step.milestone.name]}: ${figureOf(step)} since ${SINCE[step.since]}.`).join(' ')}`,
    (canvas) => ({
      height: rows.length * ROW + 42,
      marginLeft: canvas.narrow ? 110 : 116,
      marginRight: canvas.narrow ? 62 : 130,
      marginTop: 4,
      marginBottom: 38,
      x: { type: 'log', domain: [...scale.domain], clamp: true, axis: null },
      y: { type: 'linear', domain: [rows.length, 0], axis: null },
      marks: [
        gridX({ ticks: [...scale.ticks], stroke: 'var(--hair)', strokeOpacity: 1 }),
        ruleY(steps, { y: ({ row }) => row + 0.5, stroke: 'var(--hair)' }),
        axisX({
          ticks: canvas.narrow ? fewer(scale.ticks) : [...scale.ticks],
          tickFormat: latencyLabel,
          tickSize: 4,
          label: null,
          color: 'var(--soft)',
        }),
        ruleX(
          steps.flatMap(({ row, step }) => step.callersAfterUs.map((us) => ({ row, us }))),
          {
            x: ({ us }) => onLatencyScale(us),
            y1: ({ row }) => row + 0.25,
            y2: ({ row }) => row + 0.75,
            stroke: 'var(--soft)',
          },
        ),
        link(steps, {
          x1: ({ step, afterUs }) => onLatencyScale(ends(step, afterUs)[0]),
          x2: ({ step, afterUs }) => onLatencyScale(ends(step, afterUs)[1]),
          y1: ({ row }) => row + 0.5,
          y2: ({ row }) => row + 0.5,
          stroke: 'var(--s1)',
          strokeWidth: 3,
          strokeOpacity: 0.45,
        }),
        dot(steps, {
          x: ({ afterUs }) => onLatencyScale(afterUs),
          y: ({ row }) => row + 0.5,
          r: 4,
          fill: 'var(--s1)',
        }),
        text(steps, {
          y: ({ row }) => row + 0.5,
          frameAnchor: 'left',
          dx: -8,
          textAnchor: 'end',
          text: ({ step }: Placed) => MILESTONE_WORDS[step.milestone.name],
        }),
        text(steps, {
          y: ({ row }) => row + 0.5,
          frameAnchor: 'right',
          dx: 8,
          textAnchor: 'start',
          text: ({ step, afterUs }: Placed) => (canvas.narrow ? duration(afterUs) : figureOf(step)),
        }),
        text(
          rows.filter(({ heading }) => heading !== undefined),
          {
            y: ({ row }) => row + 0.6,
            frameAnchor: 'left',
            dx: canvas.narrow ? -108 : -112,
            textAnchor: 'start',
            text: 'heading',
            fill: 'var(--soft)',
          },
        ),
      ],
    }),
  )}`;
}

export const SINCE: Readonly<Record<Step['since'], string>> = {
  applied: 'the fault was in force',
  lifted: 'it was lifted',
};

/** `1.42 s ± 6.10 ms`. */
export function figureOf({ afterUs, milestone }: Step): string {
  return afterUs === null ? '–' : `${duration(afterUs)} ± ${duration(milestone.uncertaintyMs * 1_000)}`;
}

/** Every other mark, so that their labels stay apart on a telephone. */
function fewer(ticks: readonly number[]): number[] {
  return ticks.filter((_, index) => ticks.length <= 3 || index % 2 === 0);
}

function ends(step: Step, afterUs: number): readonly [number, number] {
  const uncertaintyUs = step.milestone.uncertaintyMs * 1_000;
  return [afterUs - uncertaintyUs, afterUs + uncertaintyUs];
}

/** The lift is an end of the fault's strip, not a step of the callers. */
function isDrawn({ milestone, afterUs }: Step): boolean {
  return milestone.name !== 'lifted' && afterUs !== null;
}

function rowsOf(steps: readonly Step[]): readonly Row[] {
  const rows: Row[] = [];
  for (const since of ['applied', 'lifted'] as const) {
    const own = steps.filter((step) => step.since === since && isDrawn(step));
    if (own.length === 0) continue;
    rows.push({ row: rows.length, heading: `since ${SINCE[since]}` });
    for (const step of own) rows.push({ row: rows.length, step });
  }
  return rows;
}
