/** Numbers as a careful reader wants them: significant digits, units, intervals; never NaN. */

/** U+202F, a narrow space that does not break. */
const THIN_SPACE = '\u202f';

/** A count: `12,480`. */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** Milliseconds, without the unit, from microseconds: three significant digits, whole above 100. */
export function milliseconds(us: number): string {
  const ms = us / 1_000;
  const magnitude = Math.abs(ms);
  if (magnitude >= 99.95) return count(ms);
  return ms.toFixed(magnitude >= 9.995 ? 1 : 2);
}

/** A duration for sentences: `840 µs`, `42.1 ms`, `1.42 s`. */
export function duration(us: number): string {
  const magnitude = Math.abs(us);
  if (magnitude < 1_000) return `${Math.round(us)} µs`;
  if (magnitude < 999_500) return `${milliseconds(us)} ms`;
  if (magnitude < 120_000_000) return `${(us / 1_000_000).toFixed(magnitude < 9_995_000 ? 2 : 1)} s`;
  return `${(us / 60_000_000).toFixed(1)} min`;
}

/** Seconds of the run, for marks on its time axis: `20.01 s`. */
export function runTime(us: number): string {
  const text = `${(Math.abs(us) / 1_000_000).toFixed(2)} s`;
  return us < 0 && text !== '0.00 s' ? `−${text}` : text;
}

/** A ratio as per cent. Never rounds up to 100 nor down to 0 what is not. */
export function percent(ratio: number): string {
  if (ratio < 0) return `−${percent(-ratio)}`;
  const value = ratio * 100;
  if (value === 0 || value === 100) return `${value} %`;
  const digits = value > 99 || value < 1 ? 2 : 1;
  const smallest = 10 ** -digits;
  if (value < smallest / 2) return `<${THIN_SPACE}${smallest.toFixed(digits)} %`;
  if (value > 100 - smallest / 2) return `>${THIN_SPACE}${(100 - smallest).toFixed(digits)} %`;
  return `${value.toFixed(digits)} %`;
}

/** A change of a ratio, in percentage points with its sign. */
export function percentagePoints(change: number): string {
  return `${signed(change * 100, (magnitude) => magnitude.toFixed(2))} pp`;
}

export function signedMilliseconds(us: number): string {
  return `${signed(us, milliseconds)} ms`;
}

/** `39.1–44.0 ms`, the unit once when both ends have it; `undefined` when the sample was too small for an interval. */
export function interval(
  low: number | null | undefined,
  high: number | null | undefined,
  format: (value: number) => string,
): string | undefined {
  if (low === null || low === undefined || high === null || high === undefined) return undefined;
  const [from, to] = [format(low), format(high)];
  if (from === to) return from;
  const unit = /\s\S+$/.exec(to)?.[0] ?? '';
  const start = unit !== '' && from.endsWith(unit) ? from.slice(0, -unit.length) : from;
  return /^[+−±]/.test(start) ? `${start} to ${to}` : `${start}–${to}`;
}

/** A figure of an expectation in its unit: seconds and milliseconds to three digits, ratios as per cent. */
export function inUnit(value: number, unit: string): string {
  switch (unit) {
    case 'ratio':
      return percent(value);
    case 'ms':
      return `${milliseconds(value * 1_000)} ms`;
    case 's':
      return duration(value * 1_000_000);
    case 'us':
      return duration(value);
    default: {
      const text = Number.isInteger(value) ? count(value) : String(Number(value.toPrecision(3)));
      return unit === '' ? text : `${text} ${unit}`;
    }
  }
}

/** A limit as it was written: `5 s`, `99 %`, without the zeros of a measured figure. */
export function limitInUnit(limit: number, unit: string): string {
  return inUnit(limit, unit)
    .replace(/(\.\d*?)0+(?=\D|$)/, '$1')
    .replace(/\.(?=\D|$)/, '');
}

/** `1 failure`, `2 failures`. */
export function plural(amount: number, one: string, many: string = `${one}s`): string {
  return `${count(amount)} ${amount === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listOf(items: readonly string[]): string {
  if (items.length <= 1) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

function signed(value: number, format: (magnitude: number) => string): string {
  const text = format(Math.abs(value));
  if (/^[0.]*$/.test(text)) return `±${text}`;
  return `${value < 0 ? '−' : '+'}${text}`;
}
