/** The section Latency: what callers waited, by the way their request went. */

import { count, interval, milliseconds, percent } from '../../lib/measure/wording.ts';
import { figure, measured, type TableRow, TOO_SMALL, table } from '../page/figure.ts';
import { type Html, html } from '../page/html.ts';
import { percentileLabel } from '../page/scales.ts';
import type { TimeAxis } from '../page/time-axis.ts';
import { type LatencyFindings, latencyFindings } from './findings.ts';
import type { LatencyModel, PhaseLatency, RouteLatency } from './model.ts';
import { QUANTILES, routeName } from './model.ts';
import { overTimeFigure } from './over-time.ts';
import { isDrawn, percentileCurveFigure } from './percentile-curve.ts';

export function latencySection(model: LatencyModel, axis: TimeAxis): Html {
  const findings = latencyFindings(model);
  return html`<section id="latency" aria-labelledby="latency-title"><h2 id="latency-title">Latency</h2>
<p class="finding">${findings.headline}</p>
${model.routes.length > 0 && figures(model, axis, findings)}</section>
`;
}

function figures(model: LatencyModel, axis: TimeAxis, findings: LatencyFindings): Html {
  return html`<div class="block"><h3>${findings.table}</h3>
<p class="note">Milliseconds of successful requests from the planned moment, by the endpoint that ended them; small type is the 95 % interval. n counts requests that ended there, failed attempts also those that went on elsewhere.</p>
${table({
  caption: 'Latency by location, endpoint and phase',
  columns: [
    { title: 'Location → endpoint, phase' },
    { title: 'n', number: true },
    { title: 'ok', number: true },
    ...QUANTILES.map((percentile) => ({ title: percentileLabel(percentile), number: true })),
    { title: 'slowest', number: true },
    { title: 'failed attempts', number: true },
  ],
  rows: model.routes.flatMap(routeRows),
})}</div>
${figure(overTimeFigure(model.overTime, axis, findings.overTime))}
${model.curves.some(isDrawn) && figure(percentileCurveFigure(model.curves, findings.curve))}`;
}

function routeRows(route: RouteLatency): TableRow[] {
  const told = route.phases.filter(({ n, failedAttempts }) => n > 0 || failedAttempts > 0);
  const rows = told.map((phase) => ({
    cells: [
      html`<span class="nowrap">${phase.label}</span>`,
      count(phase.n),
      okCell(phase),
      ...phase.quantilesUs.map((estimate) => {
        if (estimate !== null)
          return measured(milliseconds(estimate.value), interval(estimate.low, estimate.high, milliseconds));
        return phase.maxUs === null ? '–' : TOO_SMALL;
      }),
      phase.maxUs === null ? '–' : milliseconds(phase.maxUs),
      count(phase.failedAttempts),
    ],
  }));
  return [{ cells: [routeName(route)] }, ...rows];
}

function okCell({ okShare }: PhaseLatency): Html | string {
  return okShare === null
    ? '–'
    : measured(percent(okShare.value), interval(okShare.low, okShare.high, percent));
}
