/** The ledger as people read it: a table for each section, reasons under what failed, the sum at the end. */

import type { Finding, SectionFindings, Totals } from './run-ledger.ts';

/** Of a group's failures the first so many are told. */
const FAILURES_SHOWN = 10;

export function sectionText({ title, findings }: SectionFindings, columns: number): string {
  const counts = findings.map(countText);
  const countWidth = Math.max(0, ...counts.map((text) => text.length));
  // Result, count and status stand in narrow columns; the two sentences share what is left.
  const left = Math.max(40, columns - INDENT.length - 4 - countWidth - STATUS_WIDTH - 4 * GAP.length);
  const behaviourWidth = Math.floor(left * 0.6);
  const widths = [4, countWidth, behaviourWidth, STATUS_WIDTH, left - behaviourWidth];
  const rows = findings.map((finding, index) => {
    const { result, behaviour, status, source } = finding;
    const word = result === 'fail' ? 'FAIL' : result;
    const count = (counts[index] ?? '').padStart(countWidth);
    return [...rowLines([word, count, behaviour, status, source], widths), ...reasonLines(finding)];
  });
  return `\n${title}\n\n${rows.flat().join('\n')}\n`;
}

/** Ends with the line that sums up, and says above it why anything was skipped. */
export function closingText(all: readonly SectionFindings[], { passed, failed, skipped }: Totals): string {
  const findings = all.flatMap((section) => section.findings);
  const idsByReason = Map.groupBy(
    findings.filter(({ result }) => result === 'skip'),
    ({ skipped: why }) => why,
  );
  const reasons = [...idsByReason].map(
    ([why, entries]) => `skipped ${entries.map(({ id }) => id).join(', ')}: ${why}\n`,
  );
  const behaviours = counted(findings.length, 'behaviour');
  return `\n${reasons.join('')}${behaviours} in ${counted(all.length, 'section')}\n${passed} passed, ${failed} failed, ${skipped} skipped\n`;
}

const INDENT = '  ';
const GAP = '  ';
const STATUS_WIDTH = 'documented'.length;

function countText({ checks }: Finding): string {
  return checks > 1 ? `${checks} checks` : '';
}

function reasonLines({ result, id, failures, skipped }: Finding): string[] {
  const under = `${INDENT}${' '.repeat(4)}${GAP}`;
  if (result === 'skip') return [`${under}${skipped}`];
  const lines = failures
    .slice(0, FAILURES_SHOWN)
    .map(({ check, reason }) => `${under}${check === id ? '' : `${check}: `}${reason}`);
  const rest = failures.length - lines.length;
  return rest > 0 ? [...lines, `${under}and ${rest} more`] : lines;
}

/** One row of cells, over as many lines as its longest cell takes. */
function rowLines(cells: readonly string[], widths: readonly number[]): string[] {
  // A section without groups has no column of counts.
  const columns = cells
    .map((cell, index) => ({ lines: wrap(cell, widths[index] ?? 0), width: widths[index] ?? 0 }))
    .filter(({ width }) => width > 0);
  const height = Math.max(...columns.map(({ lines }) => lines.length));
  return Array.from({ length: height }, (_, line) => {
    const texts = columns.map(({ lines, width }) => (lines[line] ?? '').padEnd(width));
    return `${INDENT}${texts.join(GAP)}`.trimEnd();
  });
}

/** Between words; a word longer than the column stands out of it. */
function wrap(text: string, width: number): string[] {
  if (text.length <= width) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
