/** The walls between partitions as a matrix: credentials of one, shown at endpoints of another. */

import { count, percent, plural, runTime } from '../../lib/measure/wording.ts';
import { table } from '../page/figure.ts';
import { type Html, html } from '../page/html.ts';
import type { Walls } from './model.ts';

/** The scenario that tries every ordered pair. */
const WALL_SCENARIO = 'partition-wall';

export function wallsFinding({ partitions, crossings }: Walls): string {
  if (partitions.length < 2) return 'Nothing was tried across partitions';
  const { answered, accepted, share } = crossings;
  if (share === null) return 'No attempt across partitions was answered, so nothing is known of the walls';
  const bound = accepted === 0 ? ` (upper bound ${percent(share.high)}, 95 %)` : '';
  return `${count(accepted)} of ${plural(answered, 'answered attempt')} crossed from one partition into another${bound}`;
}

export function wallsBlock(walls: Walls): Html {
  const { partitions, leaks } = walls;
  if (partitions.length < 2) {
    return html`<div class="block"><h3>${wallsFinding(walls)}</h3><p class="note">All credentials and endpoints of this run belong to ${partitions[0] ?? 'no partition'}, so it says nothing about the walls between partitions. The scenario <span class="code">${WALL_SCENARIO}</span> shows credentials of each partition to the others.</p></div>`;
  }
  return html`<div class="block"><h3>${wallsFinding(walls)}</h3>
<p class="note">Rows: whose credentials. Columns: whose endpoint was asked. At home (the diagonal) they should be accepted, everywhere else refused; a cell with a heavy border is not as it should be.</p>
${matrix(walls)}
${leaks.length > 0 && leaksTable(walls)}</div>`;
}

function matrix({ partitions, cells }: Walls): Html {
  const cellAt = (credentials: string, endpoint: string) =>
    cells.find((cell) => cell.credentials === credentials && cell.endpoint === endpoint);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Partitions: which credentials were accepted where"><table class="matrix">
<thead><tr><td></td>${partitions.map((endpoint) => html`<th scope="col">at ${endpoint}</th>`)}</tr></thead>
<tbody>${partitions.map(
    (
      credentials,
    ) => html`<tr><th scope="row">of ${credentials}</th>${partitions.map((endpoint) => matrixCell(cellAt(credentials, endpoint)))}</tr>
`,
  )}</tbody></table></div>`;
}

function matrixCell(cell: Walls['cells'][number] | undefined): Html {
  if (cell === undefined || cell.tried === 0) return html`<td class="soft">not tried</td>`;
  const { tried, accepted, answered, refused, verdict } = cell;
  if (answered === 0)
    return html`<td class="soft">⚠ no answer<span class="between">${plural(tried, 'attempt')}</span></td>`;
  const codes = Object.entries(refused).toSorted(([, one], [, other]) => other - one);
  return html`<td${verdict === 'unexpected' && html` class="unexpected"`}>${
    accepted > 0 && html`<div><span class="mark">✓</span> ${count(accepted)} accepted</div>`
  }${answered > accepted && html`<div><span class="mark">✗</span> ${count(answered - accepted)} refused</div>`}${
    verdict === 'unexpected' && html`<div class="tone fail">unexpected</div>`
  }${codes.map(([code, amount]) => html`<span class="between">${code} ${count(amount)}</span>`)}</td>`;
}

function leaksTable({ leaks }: Walls): Html {
  return table({
    caption: 'Attempts that crossed a wall, the first of each pair',
    captioned: true,
    columns: [
      { title: 'At' },
      { title: 'Credentials of' },
      { title: 'Endpoint' },
      { title: 'Caller' },
      { title: 'Operation' },
      { title: 'Request id' },
    ],
    rows: leaks.map(({ atUs, credentials, endpoint, caller, operation, requestId }) => ({
      cells: [
        runTime(atUs),
        credentials,
        endpoint,
        caller,
        operation,
        html`<span class="code">${requestId}</span>`,
      ],
    })),
  });
}
