import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAuthorization } from './authorization.ts';
import { claimCoversRegion, regionSetCovers } from './region-set.ts';

describe('a set of Regions', () => {
  it.each([
    ['eu-west-1', 'eu-west-1', true],
    ['eu-west-1', 'eu-west-2', false],
    ['eu-west-1', 'eu-west-11', false],
    ['us-east-1,eu-west-1', 'eu-west-1', true],
    ['us-east-1, \teu-west-1 ', 'eu-west-1', true],
    ['*', 'eu-west-1', true],
    ['eu-*', 'eu-west-1', true],
    ['us-*', 'eu-west-1', false],
    ['us-*,eu-*', 'eu-west-1', true],
    ['*-west-1', 'eu-west-1', true],
    ['*-west-1', 'us-gov-west-1', true],
    ['eu-*-1', 'eu-west-1', true],
    ['eu-*-1', 'eu-west-2', false],
    ['eu-west-1*', 'eu-west-1', true],
    ['**', 'eu-west-1', true],
    ['EU-WEST-1', 'eu-west-1', false],
    ['', 'eu-west-1', false],
    [',', 'eu-west-1', false],
    ['eu-west-?', 'eu-west-1', false],
  ])("'%s' over %s: %s", (set, region, covered) => expect(regionSetCovers(set, region)).toBe(covered));

  it('reads stars as a plain search for the pieces between them does', () => {
    const piece = fc.string({ unit: fc.constantFrom('a', 'b', '-', '*'), maxLength: 12 });
    const region = fc.string({ unit: fc.constantFrom('a', 'b', '-'), minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(piece, region, (pattern, text) => {
        expect(regionSetCovers(pattern, text)).toBe(naiveMatches(pattern, text));
      }),
      { numRuns: 500 },
    );
  });

  it('of sixteen thousand stars is read in no time to speak of', () => {
    expect(regionSetCovers(`${'*a'.repeat(8_000)}b`, 'a'.repeat(30))).toBe(false);
  });
});

it('a claim of Version 4 covers the Region of its scope alone', () => {
  const claim = parseAuthorization({
    method: 'POST',
    path: '/',
    query: '',
    headers: [
      ['authorization', 'AWS4-HMAC-SHA256 Credential=A/20150830/eu-*/sts/t SignedHeaders=host Signature=a'],
      ['x-amz-date', '20150830T123600Z'],
      ['x-amz-region-set', '*'],
    ],
    body: '',
  });
  if (claim.kind !== 'header') throw new Error(`read as ${claim.kind}`);
  expect(claimCoversRegion(claim, 'eu-*')).toBe(true);
  expect(claimCoversRegion(claim, 'eu-west-1')).toBe(false);
  expect(claimCoversRegion({ ...claim, algorithm: 'v4a', regionSet: 'eu-*' }, 'eu-west-1')).toBe(true);
});

function naiveMatches(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern[0] === '*') {
    return naiveMatches(pattern.slice(1), text) || (text !== '' && naiveMatches(pattern, text.slice(1)));
  }
  return pattern[0] === text[0] && naiveMatches(pattern.slice(1), text.slice(1));
}
