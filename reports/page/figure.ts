/** A figure as every section shows one: the finding for a title, the drawing, and the numbers behind it in a table. */
import { type Html, type HtmlValue, html } from './html.ts';

export interface Figure {
  /** What was found, as a sentence; not the name of a metric. */
  readonly finding: string;
  /** How to read it, in a sentence or two. */
  readonly note?: string;
  readonly legend?: Html;
  readonly drawing: HtmlValue;
  readonly numbers: Table;
}

export function figure({ finding, note, legend, drawing, numbers }: Figure): Html {
  return html`<figure class="block">
<figcaption><h3>${finding}</h3>${note === undefined ? '' : html`<p class="note">${note}</p>`}</figcaption>
${legend}${drawing}
<details><summary>Numbers</summary>${table(numbers)}</details>
</figure>
`;
}

export interface Table {
  /** Names the table, for readers who come to it by ear. */
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly TableRow[];
  /** Shows the caption; it is always there to be heard. */
  readonly captioned?: boolean;
  /** No wider than it needs to be. */
  readonly compact?: boolean;
}

export interface Column {
  readonly title: string;
  readonly number?: boolean;
  /** Whole sentences: gets room even on a telephone. */
  readonly prose?: boolean;
}

export interface TableRow {
  /** The first cell is the row's heading. A single cell is the heading of the rows below it. */
  readonly cells: readonly HtmlValue[];
  /** Draws a line above: a new group of rows. */
  readonly starts?: boolean;
}

export function table({ caption, columns, rows, captioned, compact }: Table): Html {
  const head = columns.map((column) => html`<th scope="col"${classOf(column)}>${column.title}</th>`);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table${compact === true ? html` class="compact"` : ''}>${
    captioned === true ? html`<caption>${caption}</caption>` : ''
  }<thead><tr>${head}</tr></thead><tbody>
${rows.map((row) => tableRow(row, columns))}</tbody></table></div>`;
}

function tableRow({ cells, starts }: TableRow, columns: readonly Column[]): Html {
  if (cells.length === 1 && columns.length > 1) {
    return html`<tr class="group"><th scope="rowgroup" colspan="${columns.length}">${cells[0]}</th></tr>
`;
  }
  const marked = cells.map((cell, index) => {
    const marks = classOf(columns[index]);
    return index === 0 ? html`<th scope="row"${marks}>${cell}</th>` : html`<td${marks}>${cell}</td>`;
  });
  return html`<tr${starts === true ? html` class="starts"` : ''}>${marked}</tr>
`;
}

function classOf(column: Column | undefined): Html | '' {
  if (column?.number === true) return html` class="number"`;
  return column?.prose === true ? html` class="prose"` : '';
}

/** A figure with its interval below, or the reason why there is none. */
export function measured(value: string, between: string | undefined): Html {
  return html`${value}${between === undefined ? '' : html`<span class="between">${between}</span>`}`;
}

export const TOO_SMALL: Html = html`<span class="thin">n too small</span>`;

export interface LegendItem {
  readonly text: string;
  /** A CSS colour, as a variable of the stylesheet: ours, never from data. */
  readonly colour: `var(--${string})`;
  readonly shape: 'line' | 'dashed' | 'dotted' | 'area' | 'hatched' | 'dot' | 'hollow' | 'tick';
}

export function legend(items: readonly LegendItem[]): Html {
  return html`<ul class="legend">${items.map(
    ({ text, colour, shape }) =>
      html`<li><svg width="22" height="12" aria-hidden="true">${swatch(shape, colour)}</svg>${text}</li>`,
  )}</ul>`;
}

const DASHES = { line: 'none', dashed: '5 3', dotted: '1.5 3' } as const;

function swatch(shape: LegendItem['shape'], colour: string): Html {
  switch (shape) {
    case 'line':
    case 'dashed':
    case 'dotted':
      return html`<path d="M0 6H22" stroke="${colour}" stroke-width="2" stroke-dasharray="${DASHES[shape]}"/>`;
    case 'area':
      return html`<rect width="22" height="12" fill="${colour}"/>`;
    case 'hatched':
      return html`<rect x=".5" y=".5" width="21" height="11" fill="url(#hatch)" stroke="${colour}"/>`;
    case 'dot':
      return html`<circle cx="11" cy="6" r="4" fill="${colour}"/>`;
    case 'hollow':
      return html`<circle cx="11" cy="6" r="3.5" fill="none" stroke="${colour}" stroke-width="1.5"/>`;
    case 'tick':
      return html`<path d="M5 1V11M11 1V11M17 1V11" stroke="${colour}" stroke-width="1.5"/>`;
    default:
      return shape satisfies never;
  }
}

/** Patterns that drawings refer to; placed once into the page. */
export const DEFINITIONS: Html = html`<svg class="definitions" aria-hidden="true"><defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V5" stroke="var(--fault)" stroke-width="2.4"/></pattern></defs></svg>`;
