import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Condition, compose, HEALTHY } from './link.ts';
import type { Effect, LinkEffect } from './link-effect.ts';

const effect: fc.Arbitrary<Effect> = fc.oneof(
  fc.constantFrom<Effect>(
    { kind: 'refused' },
    { kind: 'unreachable' },
    { kind: 'silence' },
    { kind: 'one-way', lost: 'requests' },
    { kind: 'one-way', lost: 'answers' },
    { kind: 'reset' },
  ),
  fc.nat(5_000).map((afterBytes): Effect => ({ kind: 'cut-short', afterBytes })),
  fc.nat(1_000).map((addedMs): Effect => ({ kind: 'slow', delay: { kind: 'fixed', addedMs } })),
  fc
    .tuple(fc.nat(1_000), fc.nat(200))
    .map(([addedMs, jitterMs]): Effect => ({ kind: 'slow', delay: { kind: 'jittered', addedMs, jitterMs } })),
  fc.integer({ min: 1, max: 100_000 }).map((bytesPerSecond): Effect => ({ kind: 'narrow', bytesPerSecond })),
  fc.nat(500).map((stallMs): Effect => ({ kind: 'stalls', share: 0.5, stallMs })),
);

const effects = fc
  .array(effect, { maxLength: 8 })
  .map((list) => list.map((one, index) => laid(one, `f${index}`)));

function laid(one: Effect, id = 'f'): LinkEffect {
  return { id, effect: one, connections: { which: 'all', share: 1 }, seed: 1 };
}

/** The larger, the worse; of things that can be compared. */
function badness(condition: Condition): readonly number[] {
  return [
    { accept: 0, drop: 1, refuse: 2 }[condition.connect],
    Number(condition.toService === 'lost'),
    Number(condition.toCaller === 'lost'),
    Number(condition.resets),
    -(condition.cutAfterBytes ?? Number.POSITIVE_INFINITY),
    -(condition.bytesPerSecond ?? Number.POSITIVE_INFINITY),
    condition.addedMs,
    condition.drawnDelays.length,
    condition.stalls.length,
  ];
}

describe('several effects on one connection', () => {
  it('are nothing when there is none', () => {
    expect(compose([])).toEqual(HEALTHY);
  });

  it('compose to the same whatever order they came in', () => {
    fc.assert(
      fc.property(effects, (list) => {
        expect(compose(list.toReversed())).toEqual(compose(list));
      }),
    );
  });

  it('are never weakened by one more', () => {
    fc.assert(
      fc.property(effects, effect, (list, more) => {
        const before = badness(compose(list));
        const after = badness(compose([...list, laid(more, 'more')]));
        after.forEach((value, index) => {
          expect(value).toBeGreaterThanOrEqual(before[index] ?? 0);
        });
      }),
    );
  });

  it.each<[string, Effect[], Partial<Condition>]>([
    ['refused beats unreachable', [{ kind: 'unreachable' }, { kind: 'refused' }], { connect: 'refuse' }],
    ['unreachable is silence too', [{ kind: 'unreachable' }], { connect: 'drop', toCaller: 'lost' }],
    [
      'both ways lost are a silence',
      [
        { kind: 'one-way', lost: 'requests' },
        { kind: 'one-way', lost: 'answers' },
      ],
      { connect: 'accept', toService: 'lost', toCaller: 'lost' },
    ],
    [
      'delays add up',
      [
        { kind: 'slow', delay: { kind: 'fixed', addedMs: 30 } },
        { kind: 'slow', delay: { kind: 'fixed', addedMs: 12 } },
      ],
      { addedMs: 42 },
    ],
    [
      'the narrowest counts',
      [
        { kind: 'narrow', bytesPerSecond: 9_000 },
        { kind: 'narrow', bytesPerSecond: 2_000 },
      ],
      { bytesPerSecond: 2_000 },
    ],
    [
      'the shortest cut counts',
      [
        { kind: 'cut-short', afterBytes: 900 },
        { kind: 'cut-short', afterBytes: 20 },
      ],
      { cutAfterBytes: 20 },
    ],
  ])('%s', (_, list, expected) => {
    expect(compose(list.map((one, index) => laid(one, `f${index}`)))).toMatchObject(expected);
  });
});
