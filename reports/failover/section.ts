/** The section Failover: when callers noticed, who served them then, what was lost, when they came home. */

import { count, duration, interval, percent, runTime } from '../../lib/measure/wording.ts';
import { figure, measured, type Table, table } from '../page/figure.ts';
import { type Html, html } from '../page/html.ts';
import type { RegionColours } from '../page/region-colours.ts';
import type { TimeAxis } from '../page/time-axis.ts';
import {
  failoverHeadline,
  journeyFinding,
  lostSentence,
  retriesFinding,
  severalFaults,
  shareFinding,
  wasHit,
} from './findings.ts';
import { lanesDrawing, lanesLegend } from './lanes.ts';
import type { FailoverModel, GroupLosses, Journey, Step } from './model.ts';
import { MILESTONE_WORDS } from './names.ts';
import { shareFigure } from './share-figure.ts';
import { figureOf, SINCE, stepsDrawing, stepsScale } from './steps.ts';
import { successFigure } from './success-figure.ts';

export function failoverSection(model: FailoverModel, axis: TimeAxis, colours: RegionColours): Html {
  const { journeys, losses } = model;
  return html`<section id="failover" aria-labelledby="failover-title"><h2 id="failover-title">Failover</h2>
<p class="finding">${failoverHeadline(model)}</p>
${journeys.length > 0 && journeyFigure(journeys, axis)}
${model.shares.length > 0 && figure(shareFigure(model.shares, axis, colours, shareFinding(model.shares)))}
${losses.length > 0 && figure(successFigure(model.success, axis))}
${
  losses.length > 0 &&
  html`<div class="block"><h3>${lostSentence(model).replace(/\.$/, '')}</h3>${table(lossesTable(losses))}</div>
<div class="block"><h3>${retriesFinding(losses)}</h3>${losses.some(({ byAttempts }) => byAttempts.length > 1) && table(attemptsTable(losses))}</div>`
}</section>
`;
}

function journeyFigure(journeys: readonly Journey[], axis: TimeAxis): Html {
  const hit = journeys.filter(wasHit);
  const scale = stepsScale(hit);
  const faultNamed = severalFaults(journeys);
  return html`<figure class="block"><figcaption><h3>${journeyFinding(journeys)}</h3>
<p class="note">States follow the milestones of the group: the first of its callers. Below, a dot is that first caller with its uncertainty, a tick each caller that got there.</p></figcaption>
${lanesLegend(journeys)}${lanesDrawing(journeys, axis)}
${hit.map((journey) => stepsDrawing(journey, scale, faultNamed))}
${hit.length > 0 && table(milestonesTable(hit))}</figure>
`;
}

function milestonesTable(journeys: readonly Journey[]): Table {
  return {
    caption: 'Milestones',
    columns: [
      { title: 'Milestone' },
      { title: 'at, of the run', number: true },
      { title: 'after, ± uncertainty', number: true },
      { title: 'since' },
      { title: 'last caller', number: true },
      { title: 'callers', number: true },
      { title: 'uncertainty: order, arrivals, timers, round trip', number: true },
    ],
    rows: journeys.flatMap((journey) => [
      { cells: [severalFaults(journeys) ? `${journey.group}, fault ${journey.fault}` : journey.group] },
      ...journey.steps.map((step) => ({ cells: milestoneCells(journey, step) })),
    ]),
  };
}

function milestoneCells(journey: Journey, step: Step): (Html | string)[] {
  const { milestone, callersAfterUs } = step;
  const { orderMs, arrivalMs, timerMs, roundTripMs } = milestone.parts;
  const last = callersAfterUs.at(-1);
  const perCaller = callersAfterUs.length > 0;
  return [
    MILESTONE_WORDS[milestone.name],
    runTime(milestone.atMs * 1_000),
    figureOf(step),
    html`<span class="soft nowrap">${SINCE[step.since]}</span>`,
    last === undefined ? '–' : duration(last),
    perCaller ? `${callersAfterUs.length} of ${journey.callers}` : '–',
    html`<span class="soft">${[orderMs, arrivalMs, timerMs, roundTripMs].map((ms) => ms.toFixed(1)).join(' + ')} ms</span>`,
  ];
}

function lossesTable(losses: readonly GroupLosses[]): Table {
  return {
    caption: 'Requests lost by group and code',
    columns: [
      { title: 'Group' },
      { title: 'planned', number: true },
      { title: 'ok', number: true },
      { title: 'failed', number: true },
      { title: 'indeterminate', number: true },
      { title: 'dropped', number: true },
      { title: 'lost, of those sent', number: true },
      { title: 'codes of the lost' },
    ],
    rows: losses.map(({ group, planned, ok, failed, indeterminate, dropped, lostShare, codes }) => ({
      cells: [
        group,
        count(planned),
        count(ok),
        count(failed),
        count(indeterminate),
        count(dropped),
        lostShare === null
          ? '–'
          : measured(percent(lostShare.value), interval(lostShare.low, lostShare.high, percent)),
        codes.length === 0
          ? '–'
          : codes.map(
              ({ code, count: amount }, index) =>
                html`${index > 0 && ', '}<span class="code">${code === '' ? 'no code' : code}</span> ${count(amount)}`,
            ),
      ],
    })),
  };
}

function attemptsTable(losses: readonly GroupLosses[]): Table {
  const most = Math.max(1, ...losses.map(({ byAttempts }) => byAttempts.length));
  return {
    caption: 'Requests by the number of attempts they needed',
    compact: true,
    columns: [
      { title: 'Group' },
      ...Array.from({ length: most }, (_, index) => ({
        title: `${index + 1} ${index === 0 ? 'attempt' : 'attempts'}`,
        number: true,
      })),
    ],
    rows: losses.map(({ group, byAttempts }) => ({
      cells: [group, ...Array.from({ length: most }, (_, index) => count(byAttempts[index] ?? 0))],
    })),
  };
}
