/** The first thing on the page: the verdict in a word, a symbol and a colour, and one sentence that carries it. */
import type { ArrivalCounts } from '../../lib/journal/event.ts';
import type { ExpectationResult, Judgement, Verdict } from '../../lib/measure/verdict.ts';
import { measured, table } from './figure.ts';
import { count, interval, inUnit, limitInUnit } from './format.ts';
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

/**
 * Why the verdict is what it is; of a pass, how many expectations held and the one that the scenario names first,
 * with its figure, interval and limit.
 */
export function verdictSentences({ reasons, expectations }: Judgement): readonly [string, ...string[]] {
  const [reason, ...others] = reasons;
  if (reason !== undefined) return [reason, ...others];
  const [first, ...rest] = expectations;
  if (first === undefined) return ['Nothing was judged.'];
  return [
    rest.length === 0 ? first.sentence : `All ${expectations.length} expectations held. ${first.sentence}`,
  ];
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
  if (results.length === 0)
    return html`<p class="note">The scenario states no expectation, so nothing was judged.</p>`;
  return table({
    caption: 'Expectations',
    columns: [
      { title: 'Expectation', prose: true },
      { title: 'Verdict' },
      { title: 'Measured, 95 % interval', number: true },
      { title: 'Limit', number: true },
      { title: 'n', number: true },
    ],
    rows: results.map((result) => ({ cells: expectationCells(result) })),
  });
}

function expectationCells(result: ExpectationResult): Html[] {
  const { symbol, word } = VERDICT_WORDS[result.verdict];
  const show = (value: number): string => inUnit(value, result.unit);
  return [
    html`${result.name}<span class="said">${result.sentence}</span>`,
    html`<span class="tone ${result.verdict}">${symbol} ${word}</span>`,
    result.value === null
      ? html`<span class="thin">not measured</span>`
      : measured(show(result.value), interval(result.low, result.high, show)),
    html`${limitInUnit(result.limit, result.unit)}`,
    html`${count(result.n)}`,
  ];
}
