import { describe, expect, it } from 'vitest';
import {
  changeInUnit,
  count,
  duration,
  interval,
  inUnit,
  limitInUnit,
  listOf,
  milliseconds,
  percent,
  points,
  runTime,
  signedMilliseconds,
  signedPoints,
  spread,
} from './wording.ts';

describe('the wording of figures', () => {
  it('groups thousands', () => {
    expect(count(1234567)).toBe('1,234,567');
    expect(count(999)).toBe('999');
  });

  it('gives milliseconds three significant digits', () => {
    expect([9_123, 41_230, 99_960, 1_420_400].map(milliseconds)).toEqual(['9.12', '41.2', '100', '1,420']);
  });

  it('chooses the unit of a duration by its size', () => {
    expect([12, 42_100, 1_420_000, 45_000_000, 600_000_000].map(duration)).toEqual([
      '12 µs',
      '42.1 ms',
      '1.42 s',
      '45.0 s',
      '10.0 min',
    ]);
  });

  it('never calls a ratio 100 % or 0 % when it is not', () => {
    expect(percent(1)).toBe('100 %');
    expect(percent(0.999999)).toBe('>99.99 %');
    expect(percent(0.000001)).toBe('<0.01 %');
    expect(percent(0.9987)).toBe('99.87 %');
    expect(percent(0.5)).toBe('50.0 %');
    expect(percent(-0.0065)).toBe('−0.65 %');
  });

  it('signs a change, and gives no sign to what rounds to nothing', () => {
    expect(signedPoints(0.0123)).toBe('+1.23 points');
    expect(signedPoints(-0.0123)).toBe('−1.23 points');
    expect(signedPoints(0.000001)).toBe('±0.00 points');
  });

  it('has no interval where one end is unknown', () => {
    expect(interval(null, 3, String)).toBeUndefined();
    expect(interval(1, 3, String)).toBe('1–3');
  });

  it('names the unit of an interval once', () => {
    expect(interval(0.991, 0.995, percent)).toBe('99.10–99.50 %');
    expect(interval(-0.01, 0.02, signedPoints)).toBe('−1.00 to +2.00 points');
    expect(interval(-12_800, 5_800, signedMilliseconds)).toBe('−12.8 to +5.80 ms');
    expect(interval(0, 5_800, signedMilliseconds)).toBe('±0.00 to +5.80 ms');
    expect(spread({ low: -12_800, high: 5_800 }, 1_203, signedMilliseconds)).toBe(
      '95 % interval −12.8 to +5.80 ms, n = 1,203',
    );
  });

  it('never writes a hyphen for a minus', () => {
    const negative = [
      count(-3),
      milliseconds(-12_800),
      duration(-840),
      duration(-12_800),
      duration(-1_420_000),
      duration(-600_000_000),
      runTime(-300_000),
      percent(-0.01),
      inUnit(-12.8, 'ms'),
      changeInUnit(-12.8, 'ms'),
      changeInUnit(-0.01, 'ratio'),
    ];
    for (const text of negative) expect(text).toMatch(/^−[^-]+$/);
    expect(runTime(-1)).toBe('0.00 s');
  });

  it('says one point and one request', () => {
    expect([0.01, -0.01, 0.0025, 0.02, 0.00001].map(points)).toEqual([
      '1 point',
      '1 point',
      '0.25 points',
      '2 points',
      'under 0.01 points',
    ]);
    expect([limitInUnit(1, 'requests'), inUnit(2, 'requests')]).toEqual(['1 request', '2 requests']);
  });

  it('writes figures in their unit', () => {
    expect(inUnit(1.42, 's')).toBe('1.42 s');
    expect(inUnit(0.998, 'ratio')).toBe('99.80 %');
    expect(inUnit(40, 'requests')).toBe('40 requests');
  });

  it('writes a limit without the zeros of a measured figure', () => {
    expect([5, 10, 0.3].map((limit) => limitInUnit(limit, 's'))).toEqual(['5 s', '10 s', '300 ms']);
    expect([0.99, 0.995, 0.01].map((limit) => limitInUnit(limit, 'ratio'))).toEqual([
      '99 %',
      '99.5 %',
      '1 %',
    ]);
    expect(limitInUnit(20, 'requests')).toBe('20 requests');
    expect([250, 1_500, 100_000, 300_000].map((limit) => limitInUnit(limit, 'ms'))).toEqual([
      '250 ms',
      '1.5 s',
      '100 s',
      '5 min',
    ]);
  });

  it('lists names as a sentence does', () => {
    expect(listOf(['a', 'b', 'c'])).toBe('a, b and c');
  });
});
