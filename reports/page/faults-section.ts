/** The faults of a run: planned and actual times, and whether probes saw them bite and heal. */
import type { FaultInterval } from '../../lib/measure/fault-intervals.ts';

import { duration, interval, runTime } from '../../lib/measure/wording.ts';
import { decoration } from './drawing.ts';
import { table } from './figure.ts';
import { type Html, html } from './html.ts';
import { faultStrips, type TimeAxis, timePanel } from './time-axis.ts';

export function faultsFigure(faults: readonly FaultInterval[], axis: TimeAxis): Html {
  if (faults.length === 0)
    return html`<p class="note block">No fault was planned: nothing was broken in this run.</p>`;
  return html`<figure class="block"><figcaption><h3>${finding(faults)}</h3></figcaption>
${faultStrips(axis)}${decoration((canvas) => timePanel({ canvas, axis, height: 1, xAxis: true, y: { domain: [0, 1] }, yFormat: String, marks: [] }))}
${table({
  caption: 'Faults',
  columns: [
    { title: 'Fault', prose: true },
    { title: 'Regions' },
    { title: 'planned', number: true },
    { title: 'in force', number: true },
    { title: 'lifted', number: true },
    { title: 'lasted', number: true },
    { title: 'Proof' },
  ],
  rows: faults.map((fault) => ({ cells: cells(fault) })),
})}</figure>
`;
}

function finding(faults: readonly FaultInterval[]): string {
  const proved = faults.filter((fault) => fault.proved).length;
  const healed = faults.filter((fault) => fault.healed).length;
  if (faults.length === 1) {
    const [fault] = faults;
    const title = fault?.title ?? '';
    if (proved === 0) return `${title}: not proved to have bitten`;
    return healed === 0 ? `${title}: seen to bite, not seen to heal` : `${title}: seen to bite and to heal`;
  }
  return `${faults.length} faults: ${proved} seen to bite, ${healed} seen to heal`;
}

/** A group's faults, each with when it was in force: one name stands for them everywhere else. */
function parts(fault: FaultInterval): Html {
  return html`${fault.parts.map(
    ({ title, appliedUs, liftedUs, proved, healed }) =>
      html`<span class="between">${title}: ${appliedUs === null ? 'never in force' : `${runTime(appliedUs)} to ${liftedUs === null ? '?' : runTime(liftedUs)}`}, ${proved ? '✓ bit' : '⚠ not seen to bite'}, ${healed ? '✓ healed' : '⚠ not seen to heal'}</span>`,
  )}`;
}

function fullUs({ plannedFullUs }: FaultInterval): string {
  return plannedFullUs === null ? '' : `, grows until ${runTime(plannedFullUs)}`;
}

function cells(fault: FaultInterval): (Html | string)[] {
  const { name, faultKind, title, regions, plannedFromUs, plannedToUs, appliedUs, liftedUs, proved, healed } =
    fault;
  return [
    html`${title}<span class="between">${name === faultKind ? name : `${name}, ${faultKind}`}${fullUs(fault)}</span>${parts(fault)}`,
    html`${regions.map((region, index) => html`${index > 0 && ', '}<span class="nowrap">${region}</span>`)}`,
    interval(plannedFromUs, plannedToUs, runTime) ?? '',
    appliedUs === null ? 'never' : runTime(appliedUs),
    liftedUs === null ? 'not seen' : runTime(liftedUs),
    appliedUs === null || liftedUs === null ? '–' : duration(liftedUs - appliedUs),
    html`<span class="nowrap">${proved ? '✓ bit' : '⚠ not seen to bite'}</span>, <span class="nowrap">${healed ? '✓ healed' : '⚠ not seen to heal'}</span>`,
  ];
}
