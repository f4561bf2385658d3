/** A verdict for people: what was expected, what was seen, and last of all where the report is. Pure but for colour. */

import type { RunJson } from '../run/run-json.ts';
import { countsText } from './progress/plain-lines.ts';
import type { Style, Terminal } from './terminal.ts';
import { wrap } from './wrap.ts';

const MARKS: Readonly<Record<RunJson['verdict'], { readonly symbol: string; readonly style: Style }>> = {
  pass: { symbol: '✓', style: 'green' },
  fail: { symbol: '✗', style: 'red' },
  inconclusive: { symbol: '?', style: 'yellow' },
  aborted: { symbol: '■', style: 'yellow' },
};

/** The last line is the path of the report: scripts may take it with `tail -n 1`. */
export function verdictLines(
  run: RunJson,
  terminal: Pick<Terminal, 'paint' | 'resultColumns'>,
): readonly string[] {
  const mark = (verdict: RunJson['verdict'], text: string): string =>
    terminal.paint(MARKS[verdict].style, `${MARKS[verdict].symbol} ${text}`, 'out');
  const wrapped = (line: string): string => wrap(line, terminal.resultColumns, 4);
  // A reason that is the sentence of an expectation stands there already.
  const said = new Set(run.expectations.map(({ sentence }) => sentence));
  const doubts = run.reasons.filter((reason) => !said.has(reason));
  return [
    '',
    `${mark(run.verdict, run.verdict.toUpperCase())}  ${run.scenario}, seed ${run.seed}`,
    ...run.expectations.map(({ verdict, name, sentence }) =>
      wrapped(`  ${mark(verdict, name)}: ${sentence}`),
    ),
    ...doubts.map((reason) => wrapped(`  because: ${reason}`)),
    `  ${run.counts.planned} arrivals: ${countsText(run.counts)}`,
    '',
    run.reports.html,
  ];
}
