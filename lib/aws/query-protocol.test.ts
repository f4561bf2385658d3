import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeForm, parseForm, uriEncode } from './query-protocol.ts';

describe('a form', () => {
  it('is written as SDKs write it, with every reserved character escaped', () => {
    expect(
      encodeForm({ Action: 'AssumeRole', RoleArn: 'arn:aws:iam::1:role/a b', 'Tags.member.1.Key': "!'()*~" }),
    ).toBe(
      'Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fa%20b&Tags.member.1.Key=%21%27%28%29%2A~',
    );
    expect(encodeForm({})).toBe('');
  });

  it('reads back as it was written', () => {
    const text = fc.string({ unit: 'binary', maxLength: 20 }).map((value) => value.toWellFormed());
    fc.assert(
      fc.property(fc.dictionary(text, text), (parameters) => {
        expect(parseForm(encodeForm(parameters))).toEqual(new Map(Object.entries(parameters)));
      }),
    );
  });

  it('reads as URLSearchParams does, wherever no escape is malformed', () => {
    const piece = fc.constantFrom('a', 'b', '=', '&', '+', '%20', '%e2%82%ac', '.', 'é');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const expected = new Map([...new URLSearchParams(pieces.join(''))].reverse());
        expect(new Map(parseForm(pieces.join('')))).toEqual(expected);
      }),
    );
  });

  it('is decoded as decodeURIComponent does it, whatever stands in it', () => {
    const piece = fc.constantFrom(
      'a',
      '%',
      '%4',
      '%41',
      '%e2%82%ac',
      '%C3',
      'é',
      'Ł',
      '€',
      '%00',
      '%7f',
      '%80',
      '%gg',
    );
    const pieces = fc.oneof(
      fc.array(piece, { maxLength: 8 }),
      fc.array(piece, { minLength: 500, maxLength: 700 }),
    );
    fc.assert(
      fc.property(pieces, (texts) => {
        expect(parseForm(`A=${texts.join('')}`)?.get('A')).toBe(decoded(texts.join('')));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is read in a time that grows with its length, whatever it lacks', () => {
    for (const piece of ['a&', '&', 'a=&', '=&', '%41=&', '+&']) {
      expect(parseForm(piece.repeat(1_000_000), 1_000)?.size, piece).toBeLessThanOrEqual(1);
    }
  }, 10_000);

  it('takes the first of duplicates', () => {
    expect(parseForm('Action=GetCallerIdentity&Action=AssumeRole')?.get('Action')).toBe('GetCallerIdentity');
  });

  it('reads a name without a value as empty', () => {
    expect(parseForm('Tags=&Flag')).toEqual(
      new Map([
        ['Tags', ''],
        ['Flag', ''],
      ]),
    );
  });

  it('is none with more names than may be, however often each comes', () => {
    expect(parseForm('A=1&A=2&B=3&A=4', 2)?.size).toBe(2);
    expect(parseForm('A=1&A=2&B=3&C=4', 2)).toBeUndefined();
  });

  it.each(['A=%', 'A=%4', 'A=%GG', '%=1', 'A=%C3', 'A=%ED%A0%80', 'A=1&B=%FF'])(
    "is none when it is '%s'",
    (text) => {
      expect(parseForm(text)).toBeUndefined();
    },
  );
});

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

describe('uriEncode', () => {
  it('escapes everything but the unreserved characters of RFC 3986', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const encoded = uriEncode(text);
        return (
          /^(?:[A-Za-z0-9\-._~]|%[0-9A-F]{2})*$/.test(encoded) &&
          decodeURIComponent(encoded) === text.toWellFormed()
        );
      }),
    );
  });
});
