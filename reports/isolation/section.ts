/** The section Isolation: did the Regions outside the fault feel it, and did the walls between partitions hold. */
import type { Estimate } from '../../lib/measure/intervals.ts';
import type { IsolationRow, IsolationSide } from '../../lib/measure/isolation.ts';
import {
  count,
  duration,
  interval,
  listOf,
  milliseconds,
  percent,
  plural,
  points,
  signedMilliseconds,
  signedPoints,
} from '../../lib/measure/wording.ts';
import { measured, type Table, TOO_SMALL, table } from '../page/figure.ts';
import { type Html, html } from '../page/html.ts';
import { changesDrawing } from './changes-figure.ts';
import { changeOf, type IsolationModel } from './model.ts';
import { wallsBlock, wallsFinding } from './walls-table.ts';

const LEVEL = '95 %';

export function isolationSection(model: IsolationModel): Html {
  return html`<section id="isolation" aria-labelledby="isolation-title"><h2 id="isolation-title">Isolation</h2>
<p class="finding">${regionsFinding(model)}. ${wallsFinding(model.walls)}.</p>
${regionsFigure(model)}
${wallsBlock(model.walls)}</section>
`;
}

/** The worst that was seen, in a sentence; never more than the intervals allow. */
export function regionsFinding({ regions, unwatched, faults }: IsolationModel): string {
  if (faults === 0) return 'No fault was planned, so there is nothing to be isolated from';
  if (regions.length === 0 && unwatched.length === 0)
    return 'This world has no Region outside the fault that could have felt it';
  if (regions.length === 0) return 'No caller had its home in a Region outside the fault, so nobody watched';
  const worse = regions.filter((row) => changeOf(row.errorChange) === 'more');
  const slower = regions.filter((row) => changeOf(row.p99ChangeUs) === 'more');
  const seen = [
    ...(worse.length > 0 ? [`more errors in ${listOf(worse.map(({ region }) => region))}`] : []),
    ...(slower.length > 0 ? [`a higher p99 in ${listOf(slower.map(({ region }) => region))}`] : []),
  ];
  if (seen.length > 0) return `Regions outside the fault were touched: ${listOf(seen)}`;
  const told = [
    ...kept(regions, 'No more errors', 'errors', (row) => row.errorChange, points),
    ...kept(regions, 'No higher p99', 'p99', (row) => row.p99ChangeUs, duration),
  ];
  return told.join('. ');
}

/** What was not seen, how large it may have been all the same, and where nothing can be said. */
function kept(
  rows: readonly IsolationRow[],
  unseen: string,
  measure: string,
  of: (row: IsolationRow) => Estimate | null,
  figure: (value: number) => string,
): readonly string[] {
  const several = new Set(rows.map(({ fault }) => fault)).size > 1;
  const names = (some: readonly IsolationRow[]): string =>
    listOf(some.map(({ region, fault }) => (several ? `${region} (during ${fault})` : region)));
  const known = rows.filter((row) => of(row) !== null);
  const unknown = rows.filter((row) => of(row) === null);
  return [
    ...(known.length === 0
      ? []
      : [
          `${unseen} seen in ${names(known)}, outside the fault; up to ${figure(mostOf(known, of))} may have gone unseen (${LEVEL})`,
        ]),
    ...(unknown.length === 0 ? [] : [`Too few requests to judge the ${measure} of ${names(unknown)}`]),
  ];
}

/** The largest change for the worse that the intervals leave possible. */
function mostOf(rows: readonly IsolationRow[], of: (row: IsolationRow) => Estimate | null): number {
  return Math.max(0, ...rows.map((row) => of(row)?.high ?? 0));
}

/** How many of the intervals contain no change. */
function changesFinding(regions: readonly IsolationRow[]): string {
  const changes = regions.flatMap((row) => [changeOf(row.errorChange), changeOf(row.p99ChangeUs)]);
  const known = changes.filter((change) => change !== 'unknown').length;
  const none = changes.filter((change) => change === 'none').length;
  if (known === 0) return 'Too few requests for any interval of a change';
  if (none === known) {
    return known === 1
      ? 'The one interval of a change contains 0'
      : `${known === 2 ? 'Both' : `All ${known}`} intervals of the change contain 0`;
  }
  const above = changes.filter((change) => change === 'more').length;
  const below = known - none - above;
  const sides = [
    ...(above > 0 ? [`${above} ${above === 1 ? 'lies' : 'lie'} above it`] : []),
    ...(below > 0 ? [`${below} ${below === 1 ? 'lies' : 'lie'} below it`] : []),
  ];
  return `Of ${known} intervals of the change, ${none === 0 ? 'none contains' : none === 1 ? '1 contains' : `${none} contain`} 0, ${listOf(sides)}`;
}

function regionsFigure(model: IsolationModel): Html {
  const { regions, unwatched } = model;
  if (regions.length === 0) return html``;
  const several = new Set(regions.map(({ fault }) => fault)).size > 1;
  const comparisons = regions.length * 2;
  return html`<figure class="block"><figcaption><h3>${changesFinding(regions)}</h3>
<p class="note">Callers whose home is that Region, during the fault against themselves before it; callers that the fault drove there are left out, and so is the time when the Region had a fault of its own. ${plural(comparisons, 'comparison')} at ${LEVEL}: of twenty, about one excludes no change by chance.${
    unwatched.length > 0 && ` Nobody watched ${listOf([...new Set(unwatched.map(({ region }) => region))])}.`
  }</p></figcaption>
${changesDrawing(regions, several, { title: 'Change of the error rate, percentage points', of: (row) => row.errorChange, format: signedPoints })}
${changesDrawing(regions, several, { title: 'Change of p99, milliseconds', of: (row) => row.p99ChangeUs, format: signedMilliseconds })}
${table(regionsTable(regions, several))}</figure>
`;
}

function regionsTable(regions: readonly IsolationRow[], several: boolean): Table {
  return {
    caption: 'Regions outside the fault, during against before',
    columns: [
      { title: 'Region, watched by' },
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
        measured(several ? `${row.region}, ${row.fault}` : row.region, listOf(row.groups)),
        errors(row.before),
        errors(row.during),
        change(row.errorChange, signedPoints),
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

function inWords(row: IsolationRow): string {
  const { errorChange, p99ChangeUs } = row;
  const sentences = {
    none: (what: string) => `${what}: no change seen`,
    more: (what: string) => `${what}: up`,
    less: (what: string) => `${what}: down`,
    unknown: (what: string) => `${what}: too few to say`,
  };
  if (changeOf(errorChange) === 'none' && changeOf(p99ChangeUs) === 'none')
    return 'No change seen: both intervals contain 0';
  return `${sentences[changeOf(errorChange)]('Errors')}. ${sentences[changeOf(p99ChangeUs)]('p99')}.`;
}
