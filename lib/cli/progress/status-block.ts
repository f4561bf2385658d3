/** Progress for a screen: a few lines that are drawn again in place, each cut to the width so that none wraps. Pure. */

import { activeFaults, type FaultStatus, type RunStatus, runTimeUs } from './run-status.ts';
import { wholeFaults } from './whole-faults.ts';

/** A piece of a line; `style` is a name that `node:util` styleText knows. */
export interface Span {
  readonly text: string;
  readonly style?: 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan';
}

export type Line = readonly Span[];

const BAR_CELLS = 20;
/** A fault that comes again twenty times must not push everything else off the screen. */
const MOST_FAULT_LINES = 8;

export function statusBlock(
  status: RunStatus,
  nowUs: number,
  size: { columns: number; rows: number },
): readonly Line[] {
  const rows = [...status.rates.keys()];
  const width = Math.max(0, ...rows.map((row) => row.length));
  const top = [headLine(status, nowUs), ...rows.map((row) => regionLine(status, row, width, nowUs))];
  const counts = countsLine(status);
  const room = Math.max(0, Math.min(MOST_FAULT_LINES, size.rows - 1 - top.length - 1));
  const lines = [...top, ...faultLines(status, nowUs, room), counts];
  // The last column stays free: a terminal may wrap as soon as it is written.
  return lines.slice(0, Math.max(1, size.rows - 1)).map((line) => cut(line, size.columns - 1));
}

/** The line, cut to a width with an ellipsis where something was lost. */
export function cut(line: Line, width: number): Line {
  const length = line.reduce((sum, span) => sum + [...span.text].length, 0);
  if (length <= width) return line;
  let left = Math.max(0, width - 1);
  const kept: Span[] = [];
  for (const span of line) {
    const text = [...span.text].slice(0, left).join('');
    left -= [...text].length;
    if (text !== '') kept.push({ ...span, text });
  }
  return width <= 0 ? [] : [...kept, { text: '…' }];
}

function headLine(status: RunStatus, nowUs: number): Line {
  const atUs = runTimeUs(status, nowUs);
  const head: Span[] = [
    { text: status.scenario, style: 'bold' },
    { text: `  seed ${status.seed}  `, style: 'dim' },
  ];
  if (atUs === undefined || status.stage !== 'load') return [...head, { text: status.stage }];
  const share = Math.min(1, atUs / Math.max(1, status.durationUs));
  const full = Math.round(share * BAR_CELLS);
  return [
    ...head,
    { text: `${seconds(atUs)} of ${seconds(status.durationUs)} ` },
    { text: '━'.repeat(full), style: 'cyan' },
    { text: '━'.repeat(BAR_CELLS - full), style: 'dim' },
  ];
}

function regionLine(status: RunStatus, row: string, width: number, nowUs: number): Line {
  const rate = status.rates.get(row) ?? { okPerSecond: 0, failedPerSecond: 0 };
  const failing = `${String(rate.failedPerSecond).padStart(5)} failing`;
  const line: Span[] = [
    { text: `  ${row.padEnd(width)} ${String(rate.okPerSecond).padStart(5)} ok/s` },
    rate.failedPerSecond > 0 ? { text: failing, style: 'red' } : { text: failing, style: 'dim' },
  ];
  for (const fault of activeFaults(status, row)) {
    line.push(
      { text: `  ▌${fault.name}`, style: 'yellow' },
      { text: ` ${leftText(status, fault.toUs, nowUs)}`, style: 'dim' },
    );
  }
  return line;
}

/** A line for each fault; where there is no room for all, those that are over share one. */
function faultLines(status: RunStatus, nowUs: number, room: number): readonly Line[] {
  const faults = wholeFaults(status.faults);
  const lineOf = (fault: FaultStatus): Line => faultLine(status, fault, nowUs);
  if (faults.length <= room) return faults.map(lineOf);
  const healed = faults.filter(({ state }) => state === 'healed').map(({ name }) => name);
  const others = faults.filter(({ state }) => state !== 'healed').map(lineOf);
  const lines: readonly Line[] =
    healed.length === 0 ? others : [[{ text: `  healed: ${healed.join(', ')}`, style: 'dim' }], ...others];
  if (lines.length <= room) return lines;
  const left = lines.length - room + 1;
  return room === 0 ? [] : [...lines.slice(0, room - 1), [{ text: `  and ${left} more`, style: 'dim' }]];
}

function faultLine(status: RunStatus, fault: FaultStatus, nowUs: number): Line {
  const state = {
    waiting: `in ${leftText(status, fault.fromUs, nowUs, '')}`,
    active: activeText(status, fault, nowUs),
    lifted: 'lifted, healing',
    healed: 'healed',
    'not healed': 'not healed',
  }[fault.state];
  const style =
    fault.state === 'not healed' || fault.proved === false
      ? 'red'
      : fault.state === 'active'
        ? 'yellow'
        : 'dim';
  return [
    { text: `  fault ${fault.name}: ` },
    { text: state, style },
    { text: `  ${fault.title}`, style: 'dim' },
  ];
}

function activeText(status: RunStatus, { proved, fullUs }: FaultStatus, nowUs: number): string {
  if (proved === false) return 'in force, but not seen to bite';
  if (proved === true) return 'in force, seen to bite';
  const grows = fullUs !== undefined && (runTimeUs(status, nowUs) ?? 0) < fullUs;
  return grows ? `growing, in full in ${leftText(status, fullUs, nowUs, '')}` : 'in force';
}

function countsLine({ counts, lagMsMax }: RunStatus): Line {
  return [
    { text: `  ${counts.ok} ok`, style: 'green' },
    counts.failed > 0 ? { text: `  ${counts.failed} failed`, style: 'red' } : { text: '  0 failed' },
    { text: `  ${counts.indeterminate} indeterminate  ${counts.dropped} dropped` },
    { text: `  generator late by ${lagMsMax.toFixed(1)} ms at worst`, style: 'dim' },
  ];
}

function leftText(status: RunStatus, untilUs: number, nowUs: number, suffix = ' left'): string {
  const atUs = runTimeUs(status, nowUs) ?? 0;
  return `${seconds(Math.max(0, untilUs - atUs))}${suffix}`;
}

function seconds(us: number): string {
  return `${Math.round(us / 1_000_000)} s`;
}
