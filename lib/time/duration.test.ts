import { describe, expect, it } from 'vitest';
import { durationUs, formatDurationUs, nearestDuration, parseDurationUs } from './duration.ts';

describe('a duration', () => {
  it.each([
    ['250ms', 250_000],
    ['1.5s', 1_500_000],
    ['5m', 300_000_000],
    ['1h', 3_600_000_000],
  ] as const)('written %s is %i µs', (text, us) => {
    expect(durationUs(text)).toBe(us);
  });

  it.each(['', '30', '30 s', '30secs', '-1s', 'PT10M'])('is refused when written %j', (text) => {
    expect(parseDurationUs(text)).toBeUndefined();
  });

  it.each([
    ['6 secs', '6s'],
    ['PT30S', '30s'],
    ['5 min', '5m'],
    ['1.5 H', '1.5h'],
    ['soon', undefined],
    ['30', undefined],
  ])('written %j most likely means %j', (text, meant) => {
    expect(nearestDuration(text)).toBe(meant);
  });

  it.each([
    [900, '900 µs'],
    [1_420, '1.42 ms'],
    [312_400, '312 ms'],
    [1_420_000, '1.42 s'],
    [125_000_000, '2 m 05 s'],
  ])('of %i µs reads %s', (us, text) => {
    expect(formatDurationUs(us)).toBe(text);
  });
});
