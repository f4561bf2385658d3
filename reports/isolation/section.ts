/** The section Isolation: did the Regions outside the fault feel it, and did the walls between partitions hold. */
import type { Estimate } from '../../lib/measure/intervals.ts';
import type { IsolationRow, IsolationSide } from '../../lib/measure/isolation.ts';
import { measured, type Table, TOO_SMALL, table } from '../page/figure.ts';
import {
  count,
  interval,
  listOf,
  milliseconds,
  percent,
  percentagePoints,
  plural,
  signedMilliseconds,
} from '../page/format.ts';
import { type Html, html } from '../page/html.ts';
import { changesDrawing } from './changes-figure.ts';
import { changeOf, type IsolationModel } from './model.ts';
import { wallsBlock, wallsFinding } from './walls-table.ts';

export function isolationSection(model: IsolationModel): Html {
  return html`<section id="isolation" aria-labelledby="isolation-title"><h2 id="isolation-title">Isolation</h2>
<p class="finding">${regionsFinding(model)}. ${wallsFinding(model.walls)}.</p>
${regionsFigure(model)}
${wallsBlock(model.walls)}</section>
`;
}

/** The worst that was seen, in a sentence; never more than the intervals allow. */
export function regionsFinding({ regions, unwatched }: IsolationModel): string {
  if (regions.length === 0 && unwatched.length === 0)
    return 'No fault was planned, so there is nothing to be isolated from';
  if (regions.length === 0) return 'No caller had its home in a Region outside the fault, so nobody watched';
  const worse = regions.filter((row) => changeOf(row.errorChange) === 'more');
  const slower = regions.filter((row) => changeOf(row.p99ChangeUs) === 'more');
  const seen = [
    ...(worse.length > 0 ? [`more errors in ${listOf(worse.map(({ region }) => region))}`] : []),
    ...(slower.length > 0 ? [`a higher p99 in ${listOf(slower.map(({ region }) => region))}`] : []),
  ];
  if (seen.length > 0) return `Regions outside the fault were touched: ${listOf(seen)}`;
  const unknown = regions.filter(
    (row) => changeOf(row.errorChange) === 'unknown' || changeOf(row.p99ChangeUs) === 'unknown',
  );
  if (unknown.length === regions.length)
    return 'Too few requests to say whether the Regions outside the fault felt it';
  return `No change for the worse seen in ${plural(regions.length, 'Region')} outside the fault, in errors or in p99`;
}

/** How many of the intervals contain no change. */
function changesFinding(regions: readonly IsolationRow[]): string {
  const changes = regions.flatMap((row) => [changeOf(row.errorChange), changeOf(row.p99ChangeUs)]);
  const known = changes.filter((change) => change !== 'unknown').length;
  const none = changes.filter((change) => change === 'none').length;
  if (known === 0) return 'Too few requests for any interval of a change';
  if (none === known) return `All ${known} intervals of the change contain 0`;
  const above = changes.filter((change) => change === 'more').length;
  const sides = [
    ...(above > 0 ? [`${above} above it`] : []),
    ...(known - none - above > 0 ? [`${known - none - above} below it`] : []),
  ];
  return `${none} of ${known} intervals of the change contain 0, ${listOf(sides)}`;
}

function regionsFigure(model: IsolationModel): Html {
  const { regions, unwatched } = model;
  if (regions.length === 0) return html``;
  const several = new Set(regions.map(({ fault }) => fault)).size > 1;
  const comparisons = regions.length * 2;
  return html`<figure class="block"><figcaption><h3>${changesFinding(regions)}</h3>
<p class="note">Callers whose home is that Region, during the fault against themselves before it; callers that the fault drove there are left out. ${plural(comparisons, 'comparison')} at 95 %: of twenty, about one excludes no change by chance.${
    unwatched.length > 0 && ` Nobody watched ${listOf([...new Set(unwatched.map(({ region }) => region))])}.`
  }</p></figcaption>
${changesDrawing(regions, several, { title: 'Change of the error rate, percentage points', of: (row) => row.errorChange, format: percentagePoints })}
${changesDrawing(regions, several, { title: 'Change of p99', of: (row) => row.p99ChangeUs, format: signedMilliseconds })}
${table(regionsTable(regions, several))}</figure>
`;
}

function regionsTable(regions: readonly IsolationRow[], several: boolean): Table {
  return {
    caption: 'Regions outside the fault, during against before',
    columns: [
      { title: 'Region' },
      ...(several ? [{ title: 'Fault' }] : []),
      { title: 'Watched by' },
      { title: 'errors before', number: true },
      { title: 'during', number: true },
      { title: 'change', number: true },
      { title: 'p99 before, ms', number: true },
      { title: 'during, ms', number: true },
      { title: 'change', number: true },
      { title: 'In words', prose: true },
    ],
    rows: regions.map((row) => ({
      cells: [
        html`<span class="nowrap">${row.region}</span>`,
        ...(several ? [row.fault] : []),
        listOf(row.groups),
        errors(row.before),
        errors(row.during),
        change(row.errorChange, percentagePoints),
        p99(row.before),
        p99(row.during),
        change(row.p99ChangeUs, signedMilliseconds),
        inWords(row),
      ],
    })),
  };
}

function errors({ n, errors: amount, errorShare }: IsolationSide): Html {
  return measured(errorShare === null ? '–' : percent(errorShare.value), `${count(amount)} of ${count(n)}`);
}

function p99({ p99Us }: IsolationSide): Html {
  return p99Us === null
    ? TOO_SMALL
    : measured(milliseconds(p99Us.value), interval(p99Us.low, p99Us.high, milliseconds));
}

function change(estimate: Estimate | null, format: (value: number) => string): Html {
  return estimate === null
    ? TOO_SMALL
    : measured(format(estimate.value), interval(estimate.low, estimate.high, format));
}

function inWords({ errorChange, p99ChangeUs }: IsolationRow): string {
  const sentences = {
    none: (what: string) => `${what}: no change seen, the interval contains 0`,
    more: (what: string) => `${what}: went up, the interval is above 0`,
    less: (what: string) => `${what}: went down, the interval is below 0`,
    unknown: (what: string) => `${what}: n too small to say`,
  };
  if (changeOf(errorChange) === 'none' && changeOf(p99ChangeUs) === 'none')
    return 'No change seen: both intervals contain 0';
  return `${sentences[changeOf(errorChange)]('Errors')}. ${sentences[changeOf(p99ChangeUs)]('p99')}.`;
}
