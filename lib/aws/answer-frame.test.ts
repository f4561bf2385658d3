import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fillFrame, frameOf } from './answer-frame.ts';
import { type Members, membersXml, type Value } from './query-answer.ts';

const leaf: fc.Arbitrary<Value> = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', '<a>&</a>', '\u0000'),
  fc.integer(),
  fc.boolean(),
  fc.stringMatching(/^[a-zA-Z0-9/+]{0,80}$/).map((plain) => ({ plain })),
  fc.nat(4_000_000_000).map((epochSeconds) => ({ epochSeconds })),
);
const name = fc.constantFrom('A', 'B', 'C', 'Arn', '<', '>');
const { members } = fc.letrec<{ members: Members; value: Value | undefined }>((tie) => ({
  members: fc.array(fc.tuple(name, tie('value')), { maxLength: 4 }),
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.constant(undefined),
    fc.array(leaf, { maxLength: 2 }).map((list) => ({ list })),
    tie('members'),
  ),
}));

describe('a frame', () => {
  test('filled with the members that it was made from is what the members are without it', () => {
    fc.assert(
      fc.property(members, (given) => {
        const frame = frameOf(given, '  ');
        if (frame !== undefined) expect(fillFrame(frame, given)).toBe(membersXml(given, '  '));
      }),
      { numRuns: 2_000 },
    );
  });

  test('takes other members only where it writes them as they are without it', () => {
    fc.assert(
      fc.property(members, members, (given, others) => {
        const frame = frameOf(given, '  ');
        const text = frame && fillFrame(frame, others);
        if (text !== undefined) expect(text).toBe(membersXml(others, '  '));
      }),
      { numRuns: 5_000 },
    );
  });

  test('takes other values and leaves what is absent out', () => {
    const frame = frameOf(pair('one', undefined), '');
    expect(frame && fillFrame(frame, pair('two', undefined))).toBe('<A>\n  <B>two</B>\n</A>\n');
    expect(frame && fillFrame(frame, pair('two', 'three'))).toBeUndefined();
  });

  test.each<Members>([[], [['A', undefined]], [['A', []]], [['A', { list: ['b'] }]]])(
    'is not made where the text depends on more than the values',
    (...given) => {
      expect(frameOf(given, '')).toBeUndefined();
    },
  );
});

function pair(one: string, other: string | undefined): Members {
  return [
    [
      'A',
      [
        ['B', one],
        ['C', other],
      ],
    ],
  ];
}
