import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ATTACKS } from './attacks.fixture.ts';
import { SAML_ATTACKS } from './saml-attacks.fixture.ts';
import { GOOD, judgeSaml, SUBJECT } from './saml-forge.fixture.ts';
import { isRefusal } from './web-identity-token.ts';

describe('attacks on SAML responses', () => {
  test('are many', () => {
    expect(SAML_ATTACKS.length).toBeGreaterThan(150);
    expect(ATTACKS.filter(({ kind }) => kind === 'saml')).toEqual(SAML_ATTACKS);
    expect(new Set(SAML_ATTACKS.map(({ name }) => name)).size).toBe(SAML_ATTACKS.length);
  });

  test.each(SAML_ATTACKS.map((attack) => [attack.name, attack] as const))(
    '%s is refused',
    (_name, attack) => {
      expect(attack.run()).toBe('refused');
    },
  );

  test('a response changed in any byte is refused, or says what it said', () => {
    const good = Buffer.from(GOOD());
    const expected = JSON.stringify(judgeSaml(good));
    fc.assert(
      fc.property(
        fc.nat(good.length - 1),
        fc.oneof(fc.integer({ min: 1, max: 127 }), fc.constantFrom(...Buffer.from('<>/"& =!-\n'))),
        (at, bits) => {
          const changed = Buffer.from(good);
          changed[at] = (changed[at] ?? 0) ^ bits;
          const identity = judgeSaml(changed);
          return isRefusal(identity) || JSON.stringify(identity) === expected;
        },
      ),
      { numRuns: 1_500 },
    );
  });

  test('a response with a piece cut out, doubled or moved is refused, or says what it said', () => {
    const good = GOOD();
    const expected = JSON.stringify(judgeSaml(good));
    // At the edges of tags more happens than anywhere else.
    const edges = [...good.matchAll(/[<>]/g)].map(({ index, 0: mark }) => (mark === '<' ? index : index + 1));
    const edge = fc.constantFrom(...edges);
    fc.assert(
      fc.property(edge, edge, edge, fc.constantFrom('cut', 'double', 'move'), (one, other, third, how) => {
        const [start, end] = one < other ? [one, other] : [other, one];
        const piece = good.slice(start, end);
        const rest = good.slice(0, start) + good.slice(end);
        const changed = {
          cut: rest,
          double: good.slice(0, third) + piece + good.slice(third),
          move: rest.slice(0, third) + piece + rest.slice(third),
        }[how];
        const identity = judgeSaml(changed);
        return isRefusal(identity) || JSON.stringify(identity) === expected;
      }),
      { numRuns: 2_000 },
    );
  });

  test('whatever text comes, the answer is an identity or an error', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'<>/!?-"=& xa#;[]') }), (text) => {
        return isRefusal(judgeSaml(text)) && isRefusal(judgeSaml(GOOD().replace(SUBJECT, text)));
      }),
      { numRuns: 500 },
    );
  });
});
