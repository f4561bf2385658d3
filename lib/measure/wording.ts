/**
 * How figures read wherever Regionfall writes them: in the sentences of verdicts, on the page, in Markdown and in the
 * terminal. Significant digits, units, intervals and a true minus; never NaN. Plain text, not yet escaped.
 */
import type { Interval } from './intervals.ts';
import type { PhaseName } from './phases.ts';

/** `12,480`. */
export function count(value: number): string {
  return negated(value, (magnitude) => String(Math.round(magnitude)).replace(/\B(?=(\d{3})+$)/g, ','));
}

/** Milliseconds, without the unit, from microseconds: three significant digits, whole above 100. */
export function milliseconds(us: number): string {
  return negated(us / 1_000, (ms) => (ms >= 99.95 ? count(ms) : ms.toFixed(ms >= 9.995 ? 1 : 2)));
}

/** A length of time in its natural unit: `840 µs`, `42.1 ms`, `1.42 s`. */
export function duration(us: number): string {
  const magnitude = Math.abs(us);
  if (magnitude < 1_000) return magnitude === 0 ? '0 ms' : `${count(us)} µs`;
  if (magnitude < 999_500) return `${milliseconds(us)} ms`;
  return negated(us / 1_000_000, (seconds) =>
    seconds < 120 ? `${seconds.toFixed(seconds < 9.995 ? 2 : 1)} s` : `${(seconds / 60).toFixed(1)} min`,
  );
}

/** Seconds of the run, for marks on its time axis: `20.01 s`. */
export function runTime(us: number): string {
  return `${negated(us / 1_000_000, (seconds) => seconds.toFixed(2))} s`;
}

/** A ratio as per cent. Never rounds up to 100 nor down to 0 what is not. */
export function percent(ratio: number): string {
  return negated(ratio * 100, percentOf);
}

/** A difference of two ratios in percentage points, without its sign: `1 point`, `0.25 points`. */
export function points(difference: number): string {
  const value = Math.abs(difference) * 100;
  if (value > 0 && value < 0.01) return 'under 0.01 points';
  const rounded = exact(value, value < 10 ? 2 : 1);
  return `${rounded} ${rounded === '1' ? 'point' : 'points'}`;
}

/** A change of a ratio in percentage points: `+1.23 points`. */
export function signedPoints(change: number): string {
  return `${signed(change * 100, (magnitude) => magnitude.toFixed(magnitude < 9.995 ? 2 : 1))} points`;
}

/** A change of a time given in microseconds: `−12.8 ms`. */
export function signedMilliseconds(us: number): string {
  return `${signed(us, milliseconds)} ms`;
}

/**
 * `39.1–44.0 ms`, or `−12.8 to +5.80 ms` where the ends have signs; the unit once when both have it. `undefined` when
 * the sample was too small for an interval.
 */
export function interval(
  low: number | null | undefined,
  high: number | null | undefined,
  figure: (value: number) => string,
): string | undefined {
  if (low === null || low === undefined || high === null || high === undefined) return undefined;
  const [from, to] = [figure(low), figure(high)];
  if (from === to) return from;
  const unit = /\s\S+$/.exec(to)?.[0] ?? '';
  const start = unit !== '' && from.endsWith(unit) ? from.slice(0, -unit.length) : from;
  return /^[+−±]/.test(start) ? `${start} to ${to}` : `${start}–${to}`;
}

/** `95 % interval 398–431 ms, n = 1,203`. */
export function spread({ low, high }: Interval, n: number, figure: (value: number) => string): string {
  return `95 % interval ${interval(low, high, figure)}, n = ${count(n)}`;
}

/** A figure of an expectation in its unit. */
export function inUnit(value: number, unit: string): string {
  switch (unit) {
    case 'ratio':
      return percent(value);
    case 'ms':
      return duration(value * 1_000);
    case 's':
      return duration(value * 1_000_000);
    default:
      return withNoun(value, unit);
  }
}

/** A figure of an expectation that is a change, with its sign. */
export function changeInUnit(change: number, unit: string): string {
  return unit === 'ratio' ? signedPoints(change) : signedMilliseconds(change * 1_000);
}

/** A limit as it was written, without the zeros of a measured figure: `5 s`, `99 %`. */
export function limitInUnit(limit: number, unit: string): string {
  switch (unit) {
    case 'ratio':
      return limitShare(limit);
    case 'ms':
      return limitTime(limit * 1_000);
    case 's':
      return limitTime(limit * 1_000_000);
    default:
      return withNoun(limit, unit);
  }
}

/** `99.5 %`. */
export function limitShare(ratio: number): string {
  return `${exact(ratio * 100, 6)} %`;
}

/** `300 ms`, `1.5 s`, `2 min`. */
export function limitTime(us: number): string {
  if (us < 1_000_000) return `${exact(us / 1_000, 3)} ms`;
  return us < 120_000_000 ? `${exact(us / 1_000_000, 6)} s` : `${exact(us / 60_000_000, 3)} min`;
}

/** For a limit that was kept: admits that the interval does not keep it. */
export function caveat(intervalKeepsIt: boolean): string {
  return intervalKeepsIt ? '' : ', though the interval reaches past it';
}

/** `1 attempt`, `2 attempts`. */
export function plural(amount: number, one: string, many: string = `${one}s`): string {
  return `${count(amount)} ${amount === 1 ? one : many}`;
}

/** ` during the outage`, ready to be put behind a noun; empty for the whole run. */
export function when(phase: PhaseName | 'all', fault: string | undefined): string {
  if (phase === 'all') return '';
  return fault === undefined ? ` ${phase} the faults` : ` ${phase} the ${fault}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listOf(items: readonly string[]): string {
  if (items.length <= 1) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

function percentOf(value: number): string {
  if (value === 0 || value === 100) return `${value} %`;
  const digits = value > 99 || value < 1 ? 2 : 1;
  const smallest = 10 ** -digits;
  if (value < smallest / 2) return `<${smallest.toFixed(digits)} %`;
  if (value > 100 - smallest / 2 && value < 100) return `>${(100 - smallest).toFixed(digits)} %`;
  return `${value.toFixed(digits)} %`;
}

/** `1 request`, `20 requests` of a unit that is a noun in the plural. */
function withNoun(value: number, noun: string): string {
  const text = Number.isInteger(value) ? count(value) : String(Number(value.toPrecision(3)));
  if (noun === '') return text;
  return `${text} ${value === 1 ? noun.replace(/s$/, '') : noun}`;
}

/** At most so many decimals, without zeros behind: free of what binary fractions add. */
function exact(value: number, decimals: number): string {
  return String(Number(value.toFixed(decimals)));
}

/** A negative figure with a true minus, U+2212; none where it rounds to nothing. */
function negated(value: number, format: (magnitude: number) => string): string {
  const text = format(Math.abs(value));
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

function signed(value: number, format: (magnitude: number) => string): string {
  const text = format(Math.abs(value));
  if (!/[1-9]/.test(text)) return `±${text}`;
  return `${value < 0 ? '−' : '+'}${text}`;
}
