import { describe, expect, it } from 'vitest';
import {
  count,
  duration,
  interval,
  inUnit,
  limitInUnit,
  listOf,
  milliseconds,
  percent,
  percentagePoints,
} from './format.ts';

describe('format', () => {
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
    expect(percent(0.999999)).toBe('>\u202f99.99 %');
    expect(percent(0.000001)).toBe('<\u202f0.01 %');
    expect(percent(0.9987)).toBe('99.87 %');
    expect(percent(0.5)).toBe('50.0 %');
    expect(percent(-0.0065)).toBe('−0.65 %');
  });

  it('signs a change, and gives no sign to what rounds to nothing', () => {
    expect(percentagePoints(0.0123)).toBe('+1.23 pp');
    expect(percentagePoints(-0.0123)).toBe('−1.23 pp');
    expect(percentagePoints(0.000001)).toBe('±0.00 pp');
  });

  it('has no interval where one end is unknown', () => {
    expect(interval(null, 3, String)).toBeUndefined();
    expect(interval(1, 3, String)).toBe('1–3');
  });

  it('names the unit of an interval once', () => {
    expect(interval(0.991, 0.995, percent)).toBe('99.10–99.50 %');
    expect(interval(-0.01, 0.02, percentagePoints)).toBe('−1.00 to +2.00 pp');
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
  });

  it('lists names as a sentence does', () => {
    expect(listOf(['a', 'b', 'c'])).toBe('a, b and c');
  });
});
