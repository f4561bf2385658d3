/**
 * How figures read inside the sentences of verdicts. Plain text: the same words go to the terminal, to JSON and
 * to the page.
 */
import { formatDurationUs } from '../time/duration.ts';
import type { Interval } from './intervals.ts';
import type { PhaseName } from './phases.ts';

/** `12,480`. */
export function wholeNumber(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A share from 0 to 1 as per cent with up to two decimals; never rounds to 0 or 100 what is not. */
export function percentage(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.01) return 'under 0.01 %';
  if (value < 100 && value > 99.99) return 'over 99.99 %';
  return `${Number(value.toFixed(2))} %`;
}

/** A difference of two shares in percentage points, without its sign. */
export function points(difference: number): string {
  const value = Math.abs(difference) * 100;
  if (value > 0 && value < 0.01) return 'under 0.01 points';
  return `${Number(value.toFixed(2))} points`;
}

/** `412 ms`; the length of a time, in its natural unit. */
export function time(us: number): string {
  return us === 0 ? '0 ms' : formatDurationUs(Math.round(us));
}

/** A limit as people write it: `5 s`, `300 ms`, `1.5 s`. */
export function limitTime(us: number): string {
  return us < 1_000_000 ? `${us / 1_000} ms` : us < 60_000_000 ? `${us / 1_000_000} s` : formatDurationUs(us);
}

/** `95 % interval 398–431, n = 1,203`: bounds share the unit of the figure they follow when both have it. */
export function spread(interval: Interval, n: number, figure: (value: number) => string): string {
  const [low, high] = [figure(interval.low), figure(interval.high)];
  const unit = /\s\S+$/.exec(high)?.[0] ?? '';
  const bounds =
    unit !== '' && low.endsWith(unit) ? `${low.slice(0, -unit.length)}–${high}` : `${low}–${high}`;
  return `95 % interval ${bounds}, n = ${wholeNumber(n)}`;
}

/** For a limit that was kept: admits that the interval does not keep it. */
export function caveat(intervalKeepsIt: boolean): string {
  return intervalKeepsIt ? '' : ', though the interval reaches past it';
}

/** `1 attempt`, `2 attempts`. */
export function amount(count: number, noun: string): string {
  return `${wholeNumber(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** ` during the outage`, ready to be put behind a noun; empty for the whole run. */
export function when(phase: PhaseName | 'all', fault: string | undefined): string {
  if (phase === 'all') return '';
  return fault === undefined ? ` ${phase} the faults` : ` ${phase} the ${fault}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function enumeration(items: readonly string[]): string {
  if (items.length <= 1) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
