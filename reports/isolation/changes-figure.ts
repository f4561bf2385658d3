/** The change in each Region outside a fault, as dot and interval around no change: errors, then p99. */
import { axisX, dot, gridX, link, ruleX, ruleY, text } from '@observablehq/plot';
import type { Estimate } from '../../lib/measure/intervals.ts';
import type { IsolationRow } from '../../lib/measure/isolation.ts';
import { interval } from '../../lib/measure/wording.ts';
import { drawing } from '../page/drawing.ts';
import { type Html, html } from '../page/html.ts';
import { marksAroundZero } from '../page/scales.ts';

const ROW = 22;
/** Pixels of one character of the drawings' type. */
const CHARACTER_WIDTH = 6;

export interface ChangePanel {
  readonly title: string;
  readonly of: (row: IsolationRow) => Estimate | null;
  readonly format: (value: number) => string;
}

export function changesDrawing(rows: readonly IsolationRow[], several: boolean, panel: ChangePanel): Html {
  const placed = rows.map((row, index) => ({
    row,
    index,
    label: several ? `${row.region}, ${row.fault}` : row.region,
    estimate: panel.of(row),
  }));
  const drawn = placed.flatMap(({ estimate, index }) => (estimate === null ? [] : [{ ...estimate, index }]));
  if (drawn.length === 0) {
    return html`<p class="panel-title">${panel.title}</p><p class="note">Not drawn: in every Region too few requests for an interval.</p>`;
  }
  const longest = Math.max(...placed.map(({ label }) => label.length));
  const reach = Math.max(...drawn.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)]), 1e-9) * 1.08;
  const heard = placed.map(
    ({ label, estimate }) =>
      `${label}: ${estimate === null ? 'not known' : `${panel.format(estimate.value)}, interval ${interval(estimate.low, estimate.high, panel.format)}`}.`,
  );
  return html`<p class="panel-title">${panel.title}</p>${drawing(
    `${panel.title}. ${heard.join(' ')}`,
    (canvas) => ({
      height: rows.length * ROW + 34,
      marginLeft: Math.min(canvas.narrow ? 150 : 260, longest * CHARACTER_WIDTH + 16),
      marginRight: canvas.narrow ? 14 : 30,
      marginTop: 4,
      marginBottom: 30,
      x: { type: 'linear', domain: [-reach, reach], axis: null },
      y: { type: 'linear', domain: [rows.length, 0], axis: null },
      marks: [
        gridX({
          ticks: [...marksAroundZero(reach, canvas.narrow ? 1 : 4)],
          stroke: 'var(--hair)',
          strokeOpacity: 1,
        }),
        ruleY(placed, { y: ({ index }) => index + 0.5, stroke: 'var(--hair)' }),
        ruleX([0], { stroke: 'var(--ink)', strokeWidth: 1.2 }),
        axisX({
          ticks: [...marksAroundZero(reach, canvas.narrow ? 1 : 4)],
          tickSize: 4,
          // The title has the unit: on a telephone the marks have no room for it.
          tickFormat: (value: number) => panel.format(value).replace(/ \w+$/, ''),
          label: null,
          color: 'var(--soft)',
        }),
        link(drawn, {
          x1: 'low',
          x2: 'high',
          y1: ({ index }) => index + 0.5,
          y2: ({ index }) => index + 0.5,
          stroke: 'var(--s1)',
          strokeWidth: 3,
          strokeOpacity: 0.5,
        }),
        dot(drawn, { x: 'value', y: ({ index }) => index + 0.5, r: 4, fill: 'var(--s1)' }),
        text(placed, {
          y: ({ index }) => index + 0.5,
          frameAnchor: 'left',
          dx: -8,
          textAnchor: 'end',
          text: 'label',
        }),
        text(
          placed.filter(({ estimate }) => estimate === null),
          {
            y: ({ index }) => index + 0.5,
            frameAnchor: 'left',
            dx: 8,
            textAnchor: 'start',
            text: () => 'n too small',
            fill: 'var(--soft)',
            fontStyle: 'italic',
          },
        ),
      ],
    }),
  )}`;
}
