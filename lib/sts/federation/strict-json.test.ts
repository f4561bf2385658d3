import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isJsonArray,
  isJsonObject,
  type JsonValue,
  parseStrictJson,
  parseStrictJsonObject,
} from './strict-json.ts';

/** As JSON.parse would have it. */
function plain(value: JsonValue): unknown {
  if (isJsonObject(value))
    return Object.fromEntries([...value].map(([name, member]) => [name, plain(member)]));
  if (isJsonArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null && 'decimal' in value) return Number(value.decimal);
  return value;
}

describe('strict JSON', () => {
  test('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 10 }), (text) => {
        const value = parseStrictJson(text);
        expect(value).toBeDefined();
        expect(JSON.stringify(plain(value ?? null))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  test('refuses what JSON.parse refuses', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]:,"\\truefalsn01-.eE+ \n\t') }), (text) => {
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        return isJson || parseStrictJson(text) === undefined;
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    '{"a":1,"a":2}',
    '{"a":{"b":1,"b":1}}',
    '{"a":1,"\\u0061":2}',
    '"\\ud800"',
    '"\ud800"',
    '1 2',
    '[1,]',
    '{"a":1,}',
    '01',
    '"a\nb"',
    '\ufeff{}',
    '',
    '['.repeat(33) + ']'.repeat(33),
  ])('refuses %j', (text) => {
    expect(parseStrictJson(text)).toBeUndefined();
  });

  test('tells integers from other numbers', () => {
    const read = parseStrictJsonObject('{"a":5,"b":5.0,"c":5e0,"d":9007199254740993,"e":-0}');
    expect([...(read ?? [])].map(([, value]) => typeof value)).toEqual([
      'number',
      'object',
      'object',
      'object',
      'number',
    ]);
  });

  test('keeps names of prototypes as names', () => {
    expect(parseStrictJsonObject('{"__proto__":{"x":1}}')?.get('__proto__')).toBeInstanceOf(Map);
  });
});
