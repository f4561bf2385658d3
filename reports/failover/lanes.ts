/** The faults and what the groups they hit were doing, on the run's time axis: one lane per group. */
import { rect, text } from '@observablehq/plot';
import { duration } from '../../lib/measure/wording.ts';
import { drawing } from '../page/drawing.ts';
import { type LegendItem, legend } from '../page/figure.ts';
import { type Html, html } from '../page/html.ts';
import { faultStrips, type TimeAxis, textFits, timePanel } from '../page/time-axis.ts';
import type { Journey, LaneSegment, LaneState } from './model.ts';
import { STATE_WORDS } from './names.ts';

const LOOKS: Readonly<Record<LaneState, { fill: string; item: LegendItem }>> = {
  home: {
    fill: 'var(--lane-home)',
    item: { text: STATE_WORDS.home, colour: 'var(--lane-home)', shape: 'area' },
  },
  waiting: {
    fill: 'var(--lane-wait)',
    item: { text: STATE_WORDS.waiting, colour: 'var(--lane-wait)', shape: 'area' },
  },
  failing: {
    fill: 'url(#hatch)',
    item: { text: STATE_WORDS.failing, colour: 'var(--fault)', shape: 'hatched' },
  },
  elsewhere: {
    fill: 'var(--lane-away)',
    item: { text: STATE_WORDS.elsewhere, colour: 'var(--lane-away)', shape: 'area' },
  },
};
const ROW = 44;
/** A state of a few milliseconds must still be seen. */
const NARROWEST_PX = 2;

/** Only the states that someone was in. */
export function lanesLegend(journeys: readonly Journey[]): Html {
  const seen = new Set(journeys.flatMap(({ lane }) => lane.map(({ state }) => state)));
  const states = Object.entries(LOOKS).filter(([state]) => seen.has(state as LaneState));
  return legend(states.map(([, { item }]) => item));
}

export function lanesDrawing(journeys: readonly Journey[], axis: TimeAxis): Html {
  const rows = journeys.map((journey, row) => ({ journey, row }));
  const segments = rows.flatMap(({ journey, row }) => journey.lane.map((segment) => ({ ...segment, row })));
  return html`${faultStrips(axis)}${drawing(heard(journeys), (canvas) => {
    const leastUs = (NARROWEST_PX / canvas.width) * axis.durationUs;
    const toS = ({ fromUs, toUs }: LaneSegment): number => Math.max(toUs, fromUs + leastUs) / 1e6;
    return timePanel({
      canvas,
      axis,
      height: rows.length * ROW,
      xAxis: true,
      y: { type: 'linear', domain: [rows.length, 0] },
      yFormat: String,
      marks: [
        // The short failing states last, so that their neighbours do not cover them.
        rect(
          segments.toSorted((one) => (one.state === 'failing' ? 1 : -1)),
          {
            x1: (segment) => segment.fromUs / 1e6,
            x2: toS,
            y1: (segment) => segment.row + 0.45,
            y2: (segment) => segment.row + 0.9,
            fill: (segment: LaneSegment) => LOOKS[segment.state].fill,
            stroke: (segment: LaneSegment) => (segment.state === 'failing' ? 'var(--fault)' : 'none'),
          },
        ),
        text(rows, {
          x: 0,
          y: ({ row }) => row + 0.25,
          text: ({ journey }) => `${journey.group}, ${journey.policy}, in ${journey.location}`,
          textAnchor: 'start',
          dx: 4,
          fontWeight: 600,
        }),
        text(
          segments.filter((segment) =>
            textFits(STATE_WORDS[segment.state], segment.toUs - segment.fromUs, axis, canvas),
          ),
          {
            x: (segment) => (segment.fromUs + segment.toUs) / 2e6,
            y: (segment) => segment.row + 0.675,
            text: (segment: LaneSegment) => STATE_WORDS[segment.state],
            stroke: (segment: LaneSegment) => (segment.state === 'failing' ? 'var(--ground)' : 'none'),
            strokeWidth: 6,
            fill: 'var(--ink)',
          },
        ),
      ],
    });
  })}`;
}

function heard(journeys: readonly Journey[]): string {
  const lanes = journeys.map(
    ({ group, lane }) =>
      `${group}: ${lane.map(({ state, fromUs, toUs }) => `${STATE_WORDS[state]} for ${duration(toUs - fromUs)}`).join(', ')}.`,
  );
  return `What the callers that a fault hit went through. ${lanes.join(' ')}`;
}
