import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../time/random.ts';
import { accountOfAccessKeyId, makeAccessKeyId } from './access-key.ts';

const account = fc.nat(999_999_999_999).map((value) => String(value).padStart(12, '0'));

describe('an access key id', () => {
  it('carries its account', () => {
    fc.assert(
      fc.property(account, fc.nat(), fc.constantFrom('AKIA', 'ASIA'), (of, seed, prefix) => {
        const id = makeAccessKeyId({ prefix, account: of, random: createRandom(seed) });
        expect(id).toMatch(new RegExp(`^${prefix}[A-Z2-7]{16}$`));
        expect(accountOfAccessKeyId(id)).toBe(of);
      }),
    );
  });

  it('is read as the published recipe reads it: six bytes, masked and shifted', () => {
    fc.assert(
      fc.property(account, fc.nat(), (of, seed) => {
        const id = makeAccessKeyId({ prefix: 'ASIA', account: of, random: createRandom(seed) });
        const bits = [...id.slice(4)].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter));
        const all = bits.reduce((sum, five) => (sum << 5n) | BigInt(five), 0n);
        const firstSixBytes = all >> 32n;
        expect((firstSixBytes & 0x7fffffffff80n) >> 7n).toBe(BigInt(of));
      }),
    );
  });

  it('gives the account of an id that is published as an example of the recipe', () => {
    expect(accountOfAccessKeyId('ASIAQNZGKIQY56JQ7WML')).toBe('029608264753');
  });

  it('ends with the mark and keeps its account', () => {
    const id = makeAccessKeyId({
      prefix: 'AKIA',
      account: '123456789012',
      random: createRandom(1),
      mark: 'TEST',
    });
    expect(id).toMatch(/^AKIA[A-Z2-7]{12}TEST$/);
    expect(accountOfAccessKeyId(id)).toBe('123456789012');
  });

  it('differs from draw to draw and not from seed to same seed', () => {
    const random = createRandom(7);
    const ids = Array.from({ length: 1_000 }, () =>
      makeAccessKeyId({ prefix: 'ASIA', account: '1'.repeat(12), random }),
    );
    expect(new Set(ids).size).toBe(1_000);
    expect(makeAccessKeyId({ prefix: 'ASIA', account: '1'.repeat(12), random: createRandom(7) })).toBe(
      ids[0],
    );
  });

  it.each(['12345678901', '1234567890123', 'account'])("is not made for '%s'", (of) => {
    expect(() => makeAccessKeyId({ prefix: 'AKIA', account: of, random: createRandom(1) })).toThrow(
      'not an account id',
    );
  });

  it.each(['TOOLONG', 'abc', '018'])("does not take the mark '%s'", (mark) => {
    const options = { prefix: 'AKIA', account: '123456789012', random: createRandom(1), mark } as const;
    expect(() => makeAccessKeyId(options)).toThrow('base32');
  });

  it.each(['', 'AKIA', 'AKIDEXAMPLE', 'ASIA0000000000000000', 'ASIAQNZGKIQY56JQ7WMLA'])(
    "is not '%s'",
    (id) => {
      expect(accountOfAccessKeyId(id)).toBeUndefined();
    },
  );
});
