/** The first thing on the page: the verdict in a word, a symbol and a colour, and one sentence that carries it. */
import type { ArrivalCounts } from '../../lib/journal/event.ts';
import {
  type ExpectationResult,
  type Judgement,
  NOTHING_TO_JUDGE,
  type Verdict,
} from '../../lib/measure/verdict.ts';
import { changeInUnit, count, interval, inUnit, limitInUnit, points } from '../../lib/measure/wording.ts';
import { measured, table } from './figure.ts';
import { type Html, html } from './html.ts';

export const VERDICT_WORDS: Readonly<Record<Verdict, { readonly symbol: string; readonly word: string }>> = {
  pass: { symbol: '✓', word: 'Pass' },
  fail: { symbol: '✗', word: 'Fail' },
  inconclusive: { symbol: '?', word: 'Inconclusive' },
  aborted: { symbol: '■', word: 'Aborted' },
};

export function verdictBar(judged: Judgement): Html {
  const { symbol, word } = VERDICT_WORDS[judged.verdict];
  const [sentence, ...others] = verdictSentences(judged);
  return html`<div class="verdict ${judged.verdict}"><span class="word"><span aria-hidden="true">${symbol}</span> ${word}</span><span class="sentence">${sentence}</span>${
    others.length > 0 && html`<ul>${others.map((reason) => html`<li>${reason}</li>`)}</ul>`
  }</div>
`;
}

/** Why the verdict is what it is, the weightiest first; of a pass, what it says in one sentence. */
export function verdictSentences({ reasons, headline }: Judgement): readonly [string, ...string[]] {
  const [reason, ...others] = reasons;
  return reason === undefined ? [headline] : [reason, ...others];
}

/** The figure, its interval and its limit as text, in the expectation's unit. */
export function expectationFigures({ kind, value, unit, low, high, limit, atLeast }: ExpectationResult): {
  readonly value: string | undefined;
  readonly between: string | undefined;
  readonly limit: string;
} {
  const isChange = kind === 'isolation';
  const show = (figure: number): string => (isChange ? changeInUnit(figure, unit) : inUnit(figure, unit));
  return {
    value: value === null ? undefined : show(value),
    between: interval(low, high, show),
    limit: `${atLeast === true ? '≥' : kind === 'latency' ? '<' : '≤'} ${isChange && unit === 'ratio' ? points(limit) : limitInUnit(limit, unit)}`,
  };
}

export function countsLine(counts: ArrivalCounts): Html {
  const pairs: [string, number][] = [
    ['arrivals planned', counts.planned],
    ['ok', counts.ok],
    ['failed', counts.failed],
    ['indeterminate', counts.indeterminate],
    ['dropped', counts.dropped],
  ];
  return html`<dl class="counts">${pairs.map(([name, value]) => html`<div><dt>${name}</dt><dd>${count(value)}</dd></div>`)}</dl>
`;
}

export function expectationsTable(results: readonly ExpectationResult[]): Html {
  if (results.length === 0) return html`<p class="note">${NOTHING_TO_JUDGE}</p>`;
  return table({
    caption: 'Expectations',
    columns: [
      { title: 'Expectation', prose: true },
      { title: 'Verdict' },
      { title: 'Measured, interval', number: true },
      { title: 'Limit', number: true },
      { title: 'n', number: true },
    ],
    rows: results.map((result) => ({ cells: expectationCells(result) })),
  });
}

function expectationCells(result: ExpectationResult): Html[] {
  const { symbol, word } = VERDICT_WORDS[result.verdict];
  const { value, between, limit } = expectationFigures(result);
  return [
    html`${result.name}<span class="said">${result.sentence}</span>`,
    html`<span class="tone ${result.verdict}">${symbol} ${word}</span>`,
    value === undefined ? html`<span class="thin">not measured</span>` : measured(value, between),
    html`${limit}`,
    html`${count(result.n)}`,
  ];
}
