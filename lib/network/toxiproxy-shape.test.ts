import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ProxyShape, type ProxyStep, sameShape, shapeOf, stepsBetween } from './toxiproxy-shape.ts';

const shapes: fc.Arbitrary<ProxyShape> = fc.record({
  enabled: fc.boolean(),
  upstreamMs: fc.nat(3),
  downstreamMs: fc.nat(3),
  silent: fc.boolean(),
});

function take(shape: ProxyShape, step: ProxyStep): ProxyShape {
  switch (step.kind) {
    case 'enable':
    case 'disable':
      return { ...shape, enabled: step.kind === 'enable' };
    case 'latency':
      return { ...shape, [step.stream === 'upstream' ? 'upstreamMs' : 'downstreamMs']: step.latencyMs };
    case 'silence':
    case 'unsilence':
      return { ...shape, silent: step.kind === 'silence' };
    default:
      return step satisfies never;
  }
}

describe('the steps from one shape of a proxy to another', () => {
  it('lead there, and there are none where nothing changes', () => {
    fc.assert(
      fc.property(shapes, shapes, (now, wanted) => {
        expect(stepsBetween(now, wanted).reduce(take, now)).toEqual(wanted);
        expect(sameShape(now, wanted)).toBe(JSON.stringify(now) === JSON.stringify(wanted));
      }),
    );
  });

  it('change nothing else while a proxy that should be closed is open', () => {
    fc.assert(
      fc.property(shapes, shapes, (now, wanted) => {
        const kinds = stepsBetween(now, wanted).map(({ kind }) => kind);
        if (kinds.includes('disable')) expect(kinds[0]).toBe('disable');
        if (kinds.includes('enable')) expect(kinds.at(-1)).toBe('enable');
      }),
    );
  });
});

describe('the shape of a condition', () => {
  const exact = (ms: number) => Math.round(ms);
  it('splits the round trip over both ways and adds slowness to it', () => {
    expect(shapeOf({ kind: 'passing', addedMs: 30 }, 41, exact)).toEqual({
      enabled: true,
      upstreamMs: 35,
      downstreamMs: 36,
      silent: false,
    });
  });
  it('keeps the path of a link that is silent or refused', () => {
    expect(shapeOf({ kind: 'silence' }, 40, exact)).toMatchObject({ silent: true, upstreamMs: 20 });
    expect(shapeOf({ kind: 'refused' }, 40, exact)).toMatchObject({ enabled: false, downstreamMs: 20 });
  });
});
