import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileGlob, type GlobMeter, globCovers, globMatches } from './glob.ts';

describe('a wildcard pattern', () => {
  it.each([
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['*', 'anything at all', true],
    ['?', '', false],
    ['?', 'a', true],
    ['??', 'a', false],
    ['a*c', 'abbbc', true],
    ['a*c', 'ac', true],
    ['a*c', 'a', false],
    ['a*a', 'a', false],
    ['*abc*', 'ababc', true],
    ['*aab*', 'aaab', true],
    ['*a?c*', 'aabc', true],
    ['*?*', '', false],
    ['**', '', true],
    ['a**b', 'a-b', true],
    ['*a*b', 'xaxbxb', true],
    ['*ab*ba*', 'aba', false],
    ['A', 'a', false],
    ['a.c', 'abc', false],
    ['(a+)+$', '(a+)+$', true],
    ['sts:Assume*', 'sts:AssumeRole', true],
  ])('%j against %j: %j', (pattern, text, expected) => {
    expect(globMatches(pattern, text)).toBe(expected);
  });

  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 40 });
  const words = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 60 });

  it('agrees with a table of every prefix of both', () => {
    fc.assert(
      fc.property(letters, words, (pattern, text) => {
        expect(globMatches(pattern, text)).toBe(byTable(pattern, text));
      }),
      { numRuns: 20_000 },
    );
  });

  it('agrees with the table when a stretch with question marks is longer than a machine word', () => {
    const long = fc.string({ unit: fc.constantFrom('a', 'a', 'a', 'b', '?'), minLength: 33, maxLength: 140 });
    const haystack = fc.string({ unit: fc.constantFrom('a', 'a', 'a', 'a', 'b'), maxLength: 60 });
    fc.assert(
      fc.property(long, haystack, haystack, fc.boolean(), (stretch, before, after, same) => {
        const core = stretch.replaceAll('?', 'b');
        const text = before + (same ? core : core.replace('b', 'c')) + after;
        for (const pattern of [`*${stretch}*`, `*${stretch}`, `a*${stretch}*a*b`]) {
          expect(globMatches(pattern, text)).toBe(byTable(pattern, text));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('reads a part of a longer text only', () => {
    const glob = compileGlob('b*?d');
    expect(globCovers(glob, 'abcdcde', 1, 6)).toBe(true);
    expect(globCovers(glob, 'abcdcde', 1, 5)).toBe(false);
    expect(globCovers(glob, 'abcdcde')).toBe(false);
  });
});

describe('the cost of a match', () => {
  const LENGTH = 2048;
  const fill = (piece: string): string => piece.repeat(LENGTH).slice(0, LENGTH);

  it.each([
    [
      'a star after every letter, and an end that never comes',
      `${fill('a*').slice(0, LENGTH - 1)}b`,
      fill('a'),
    ],
    ['the same, found at last', `${fill('a*').slice(0, LENGTH - 1)}b`, `${fill('a').slice(1)}b`],
    ['one long stretch that fails at its last letter', `*${fill('a').slice(3)}b*`, fill('a')],
    ['half as long, so that every start is tried', `*${'a'.repeat(1023)}b*`, fill('a')],
    ['a stretch that repeats itself', `*${'ab'.repeat(400)}c*`, fill('ab')],
    ['stretches that each almost fit', `*${'aab*'.repeat(500)}c`, fill('a')],
    ['nothing but stars', fill('*'), fill('a')],
  ])('is at most twice text and pattern together: %s', (_, pattern, text) => {
    expect(stepsOf(pattern, text)).toBeLessThanOrEqual(2 * (pattern.length + text.length));
  });

  it.each([
    ['a question mark at every other place', `*${'a?'.repeat(500)}b*`, fill('a')],
    [
      'many different letters',
      `*${[...Array(1000).keys()].map((i) => `${String.fromCharCode(256 + i)}?`).join('')}*`,
      fill('a'),
    ],
    ['stars and question marks in turn', `*${'a?b*'.repeat(500)}c`, fill('a')],
    ['nothing but question marks, one too many', `*${fill('?')}?`, fill('a')],
  ])('with question marks is at most two for each 32 of the stretch: %s', (_, pattern, text) => {
    const longest = Math.max(...pattern.split('*').map((stretch) => stretch.length));
    const bound = 2 * (pattern.length + text.length) + 2 * text.length * Math.ceil(longest / 32);
    expect(stepsOf(pattern, text)).toBeLessThanOrEqual(bound);
  });

  it('grows as the text does, not as its square', () => {
    const of = (length: number): number =>
      stepsOf(`*${'a'.repeat(length / 2)}b*c`, `${'a'.repeat(length - 1)}c`);
    expect(of(8192) / of(1024)).toBeLessThan(8.5);
  });

  it('stays within the bound for any pattern and text', () => {
    const some = (unit: readonly string[]) => fc.string({ unit: fc.constantFrom(...unit), maxLength: 400 });
    fc.assert(
      fc.property(some(['a', 'a', 'b', '*']), some(['a', 'b']), (pattern, text) => {
        expect(stepsOf(pattern, text)).toBeLessThanOrEqual(2 * (pattern.length + text.length) + 4);
      }),
      { numRuns: 2000 },
    );
  });

  it('survives patterns and texts of a megabyte', () => {
    expect(globMatches('a?'.repeat(500_000), 'ab'.repeat(500_000))).toBe(true);
    expect(globMatches('x'.repeat(1_000_000), 'x'.repeat(1_000_000))).toBe(true);
  });
});

function stepsOf(pattern: string, text: string): number {
  const meter: GlobMeter = { steps: 0 };
  globCovers(compileGlob(pattern), text, 0, text.length, meter);
  return meter.steps;
}

/** The textbook's table: row i says which prefixes of the text the first i characters of the pattern cover. */
function byTable(pattern: string, text: string): boolean {
  let row = [true, ...Array<boolean>(text.length).fill(false)];
  for (const letter of pattern) {
    const next = [letter === '*' && row[0] === true];
    for (let index = 1; index <= text.length; index += 1) {
      next[index] =
        letter === '*'
          ? row[index] === true || next[index - 1] === true
          : row[index - 1] === true && (letter === '?' || letter === text[index - 1]);
    }
    row = next;
  }
  return row[text.length] === true;
}
