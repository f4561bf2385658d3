import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Effect, LinkEffect } from './link-effect.ts';
import { type ProxyShape, sameShape, shapeOf } from './toxiproxy-shape.ts';

const exact = (ms: number) => Math.round(ms);
const fault = (id: string, effect: Effect, share = 1): LinkEffect => ({
  id,
  effect,
  connections: { which: 'all', share },
  seed: 1,
});
const shape = (...effects: LinkEffect[]) => shapeOf(effects, 40, exact);
/** `timeout lost_upstream 0.5 {"timeout":0}`, without the path. */
const beyondPath = ({ toxics }: ProxyShape) =>
  toxics
    .filter(({ name }) => !name.startsWith('path_'))
    .map(({ type, name, toxicity, attributes }) =>
      [type, name, toxicity, JSON.stringify(attributes)].join(' ').replace(/-[0-9a-f]{12}_/, '-#_'),
    );
const path = ({ toxics }: ProxyShape) =>
  toxics.filter(({ name }) => name.startsWith('path_')).map(({ attributes }) => attributes['latency']);

describe('the shape of a proxy', () => {
  it('without a fault is its path, split over both ways', () => {
    expect(shapeOf([], 41, exact)).toEqual({
      enabled: true,
      held: false,
      toxics: [
        {
          name: 'path_upstream',
          type: 'latency',
          stream: 'upstream',
          toxicity: 1,
          attributes: { latency: 20, jitter: 0 },
        },
        {
          name: 'path_downstream',
          type: 'latency',
          stream: 'downstream',
          toxicity: 1,
          attributes: { latency: 21, jitter: 0 },
        },
      ],
    });
  });

  it.each<[Effect, number, readonly string[]]>([
    [
      { kind: 'silence' },
      1,
      ['timeout lost_upstream 1 {"timeout":0}', 'timeout lost_downstream 1 {"timeout":0}'],
    ],
    [{ kind: 'silence' }, 0.5, ['timeout lost-#_upstream 0.5 {"timeout":0}']],
    [{ kind: 'one-way', lost: 'requests' }, 1, ['timeout lost_upstream 1 {"timeout":0}']],
    [{ kind: 'one-way', lost: 'answers' }, 1, ['timeout lost_downstream 1 {"timeout":0}']],
    [{ kind: 'reset' }, 1, ['reset_peer reset_upstream 1 {"timeout":0}']],
    [{ kind: 'reset' }, 0.25, ['reset_peer reset-#_upstream 0.25 {"timeout":0}']],
    [{ kind: 'cut-short', afterBytes: 300 }, 1, ['limit_data cut-#_downstream 1 {"bytes":300}']],
    [
      { kind: 'narrow', bytesPerSecond: 12_400 },
      1,
      ['bandwidth narrow_upstream 1 {"rate":12}', 'bandwidth narrow_downstream 1 {"rate":12}'],
    ],
    [
      { kind: 'slow', delay: { kind: 'jittered', addedMs: 30, jitterMs: 10 } },
      1,
      ['latency slow-#_downstream 1 {"latency":30,"jitter":10}'],
    ],
    [
      { kind: 'slow', delay: { kind: 'fixed', addedMs: 30 } },
      0.5,
      ['latency slow-#_downstream 0.5 {"latency":30,"jitter":0}'],
    ],
  ])('of %j for a share of %d', (effect, share, toxics) => {
    const seen = shape(fault('f', effect, share));
    expect(beyondPath(seen)).toEqual(toxics);
    expect(seen).toMatchObject({ enabled: true, held: false });
    expect(path(seen)).toEqual([20, 20]);
  });

  it('that is slow by the same for all has a longer path', () => {
    const slow = fault('a', { kind: 'slow', delay: { kind: 'fixed', addedMs: 30 } });
    expect(path(shape(slow, { ...slow, id: 'b' }))).toEqual([50, 50]);
    expect(beyondPath(shape(slow))).toEqual([]);
  });

  it('never stops: the narrowest is a kilobyte per second', () => {
    expect(beyondPath(shape(fault('f', { kind: 'narrow', bytesPerSecond: 3 })))[0]).toContain('{"rate":1}');
  });

  it('is closed when refused, closed and held when unreachable, and refused beats unreachable', () => {
    const refused = fault('a', { kind: 'refused' });
    const unreachable = fault('b', { kind: 'unreachable' });
    expect(shape(refused)).toMatchObject({ enabled: false, held: false });
    expect(shape(unreachable)).toMatchObject({ enabled: false, held: true });
    expect(shape(unreachable, refused)).toMatchObject({ enabled: false, held: false });
  });

  it('loses both ways once where several faults lose one each, and is as narrow as the narrowest', () => {
    const lost = (id: string, way: 'requests' | 'answers') => fault(id, { kind: 'one-way', lost: way });
    expect(
      sameShape(shape(lost('a', 'requests'), lost('b', 'answers')), shape(fault('c', { kind: 'silence' }))),
    ).toBe(true);
    const narrow = (id: string, bytesPerSecond: number) => fault(id, { kind: 'narrow', bytesPerSecond });
    expect(sameShape(shape(narrow('a', 9_000), narrow('b', 3_000)), shape(narrow('c', 3_000)))).toBe(true);
  });

  it('cuts at the bytes of each of several faults, each counted from its own beginning', () => {
    const cut = (id: string, afterBytes: number) => fault(id, { kind: 'cut-short', afterBytes });
    expect(beyondPath(shape(cut('outage/2', 10), cut('outage-2', 20)))).toHaveLength(2);
  });
});

const effects: fc.Arbitrary<Effect> = fc.oneof(
  fc.constantFrom<Effect>(
    { kind: 'refused' },
    { kind: 'unreachable' },
    { kind: 'silence' },
    { kind: 'reset' },
  ),
  fc.constantFrom<Effect>({ kind: 'one-way', lost: 'requests' }, { kind: 'one-way', lost: 'answers' }),
  fc.record({ kind: fc.constant('narrow' as const), bytesPerSecond: fc.integer({ min: 1, max: 90_000 }) }),
  fc.record({ kind: fc.constant('cut-short' as const), afterBytes: fc.nat(9_000) }),
  fc.record({
    kind: fc.constant('slow' as const),
    delay: fc.oneof(
      fc.record({ kind: fc.constant('fixed' as const), addedMs: fc.nat(90) }),
      fc.record({ kind: fc.constant('jittered' as const), addedMs: fc.nat(90), jitterMs: fc.nat(40) }),
    ),
  }),
);
/** Faults of one link: their ids differ. */
const linkEffects: fc.Arbitrary<readonly LinkEffect[]> = fc
  .uniqueArray(
    fc.record({
      id: fc.constantFrom('a', 'b', 'c/2', 'c-2'),
      effect: effects,
      share: fc.constantFrom(1, 1, 0.3),
    }),
    {
      selector: ({ id }) => id,
    },
  )
  .map((faults) => faults.map(({ id, effect, share }) => fault(id, effect, share)));

describe('the shape of several faults', () => {
  it('does not depend on their order', () => {
    fc.assert(
      fc.property(linkEffects, (faults) => {
        expect(sameShape(shape(...faults), shape(...faults.toReversed()))).toBe(true);
      }),
    );
  });

  it('gives every toxic a name of its own, fit for an address', () => {
    fc.assert(
      fc.property(linkEffects, (faults) => {
        const names = shape(...faults).toxics.map(({ name }) => name);
        expect(new Set(names).size).toBe(names.length);
        for (const name of names) expect(name).toMatch(/^[a-z0-9_-]+$/);
      }),
    );
  });
});
