import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLists, textsOf } from './parameter-lists.ts';

const lists = (entries: Record<string, string>) =>
  Object.fromEntries(
    [...readLists(new Map(Object.entries(entries)))].map(([name, list]) => [
      name,
      list.map((entry) => Object.fromEntries(entry)),
    ]),
  );

describe('lists of a request', () => {
  test('come in the order of their indices, whatever order they were sent in', () => {
    expect(
      lists({
        'Tags.member.2.Key': 'b',
        'Tags.member.10.Key': 'c',
        'Tags.member.1.Key': 'a',
        'Tags.member.1.Value': 'v',
      }),
    ).toEqual({ Tags: [{ Key: 'a', Value: 'v' }, { Key: 'b' }, { Key: 'c' }] });
  });

  test('close up over gaps, so that a great index costs nothing', () => {
    expect(lists({ 'Tags.member.999999999.Key': 'far', 'Tags.member.7.Key': 'near' })).toEqual({
      Tags: [{ Key: 'near' }, { Key: 'far' }],
    });
  });

  test('of plain texts are read as texts', () => {
    const found = readLists(
      new Map([
        ['TransitiveTagKeys.member.1', 'team'],
        ['TransitiveTagKeys.member.2', ''],
      ]),
    );
    expect(textsOf(found, 'TransitiveTagKeys')).toEqual(['team', '']);
    expect(textsOf(found, 'Audience')).toBeUndefined();
  });

  test.each([
    'Tags',
    'Tags.member',
    'Tags.member.',
    'Tags.member.x.Key',
    'Tags.member.0.Key',
    'Tags.member.-1.Key',
    'Tags.member.1000000000.Key',
    'Tags.member.1Key',
  ])('are not made of %s, which is unknown and ignored', (name) => {
    expect(lists({ [name]: 'value' })).toEqual({});
  });

  test('hold no name of the language’s own objects by accident', () => {
    expect(
      readLists(new Map([['__proto__.member.1.constructor', 'x']]))
        .get('__proto__')?.[0]
        ?.get('constructor'),
    ).toBe('x');
  });

  test('have as many entries as there are different indices', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 999_999_999 })), (indices) => {
        const parameters = new Map(indices.map((index) => [`Audience.member.${index}`, String(index)]));
        const sorted = [...indices].sort((one, other) => one - other).map(String);
        expect(textsOf(readLists(parameters), 'Audience') ?? []).toEqual(sorted);
      }),
    );
  });
});
