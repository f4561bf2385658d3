/** Durations as people write them in scenarios: `'250ms'`, `'30s'`, `'5m'`, `'1h'`. */

export type DurationText = `${number}ms` | `${number}s` | `${number}m` | `${number}h`;

const MICROSECONDS_PER_UNIT = { ms: 1_000, s: 1_000_000, m: 60_000_000, h: 3_600_000_000 } as const;

const PATTERN = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/;

/** Integer microseconds, or `undefined` when the text is not a duration. */
export function parseDurationUs(text: string): number | undefined {
  const match = PATTERN.exec(text);
  if (match === null) return undefined;
  const [, amount, unit] = match;
  return Math.round(Number(amount) * MICROSECONDS_PER_UNIT[unit as keyof typeof MICROSECONDS_PER_UNIT]);
}

/** As {@link parseDurationUs}, for text that validation has already accepted. */
export function durationUs(text: DurationText): number {
  const value = parseDurationUs(text);
  if (value === undefined) throw new RangeError(`not a duration: '${text}' (write 250ms, 30s, 5m or 1h)`);
  return value;
}

const UNITS_MEANT: readonly (readonly [RegExp, keyof typeof MICROSECONDS_PER_UNIT])[] = [
  [/^(?:ms|msecs?|millis|milliseconds?)$/i, 'ms'],
  [/^(?:s|secs?|seconds?)$/i, 's'],
  [/^(?:m|mins?|minutes?)$/i, 'm'],
  [/^(?:h|hrs?|hours?)$/i, 'h'],
];

/** What `6 secs`, `PT30S` or `5 min` most likely mean: `6s`, `30s`, `5m`. Undefined where that is anyone's guess. */
export function nearestDuration(text: string): DurationText | undefined {
  const [, amount, word = ''] = /^(?:PT)?\s*(\d+(?:\.\d+)?)\s*([a-z]+)$/i.exec(text.trim()) ?? [];
  const unit = UNITS_MEANT.find(([pattern]) => pattern.test(word))?.[1];
  return amount === undefined || unit === undefined ? undefined : `${Number(amount)}${unit}`;
}

/** A length of time for people, in the largest unit that keeps it readable: `1.42 s`, `310 ms`, `2 m 05 s`. */
export function formatDurationUs(us: number): string {
  const magnitude = Math.abs(us);
  if (magnitude < 1_000) return `${us} µs`;
  if (magnitude < 1_000_000)
    return `${trimmed(us / 1_000, magnitude < 10_000 ? 2 : magnitude < 100_000 ? 1 : 0)} ms`;
  if (magnitude < 60_000_000) return `${trimmed(us / 1_000_000, 2)} s`;
  const seconds = Math.round(magnitude / 1_000_000);
  const sign = us < 0 ? '-' : '';
  return `${sign}${Math.floor(seconds / 60)} m ${String(seconds % 60).padStart(2, '0')} s`;
}

function trimmed(value: number, digits: number): string {
  return value.toFixed(digits);
}
