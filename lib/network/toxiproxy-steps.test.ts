import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ProxyShape, sameShape, type Toxic } from './toxiproxy-shape.ts';
import { type ProxyStep, stepsBetween } from './toxiproxy-steps.ts';

const toxics: fc.Arbitrary<readonly Toxic[]> = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('path_upstream', 'path_downstream', 'lost_upstream', 'lost_downstream', 'theirs'),
    type: fc.constantFrom('latency', 'timeout', 'bandwidth'),
    stream: fc.constantFrom('upstream', 'downstream'),
    toxicity: fc.constantFrom(1, 0.3),
    attributes: fc.record({ rate: fc.nat(2) }),
  }),
  { selector: ({ name }) => name },
);
const shapes: fc.Arbitrary<ProxyShape> = fc
  .record({ state: fc.constantFrom('enabled', 'held', 'closed'), toxics })
  .map(({ state, toxics: all }) => ({ enabled: state === 'enabled', held: state === 'held', toxics: all }));

/** What Toxiproxy and we do at a step; what cannot be done throws. */
function take(shape: ProxyShape, step: ProxyStep): ProxyShape {
  const without = (toxic: Toxic) => shape.toxics.filter(({ name }) => name !== toxic.name);
  switch (step.kind) {
    case 'enable':
      if (shape.held) throw new Error('the port is held');
      return { ...shape, enabled: true };
    case 'disable':
      return { ...shape, enabled: false };
    case 'hold':
      if (shape.enabled) throw new Error('the port is taken');
      return { ...shape, held: true };
    case 'release':
      return { ...shape, held: false };
    case 'add':
      if (without(step.toxic).length < shape.toxics.length) throw new Error('there is one of that name');
      return { ...shape, toxics: [...shape.toxics, step.toxic] };
    case 'update':
      if (without(step.toxic).length === shape.toxics.length) throw new Error('there is none of that name');
      return { ...shape, toxics: [...without(step.toxic), step.toxic] };
    case 'remove':
      return { ...shape, toxics: without(step.toxic) };
    default:
      return step satisfies never;
  }
}

describe('the steps from one shape of a proxy to another', () => {
  it('lead there, and there are none where nothing changes', () => {
    fc.assert(
      fc.property(shapes, shapes, (now, wanted) => {
        const steps = stepsBetween(now, wanted);
        expect(sameShape(steps.reduce(take, now), wanted)).toBe(true);
        expect(steps.length === 0).toBe(sameShape(now, wanted));
      }),
    );
  });

  it('change nothing else while a proxy that should be closed is open', () => {
    fc.assert(
      fc.property(shapes, shapes, (now, wanted) => {
        const kinds = stepsBetween(now, wanted).map(({ kind }) => kind);
        if (kinds.includes('disable')) expect(kinds[0]).toBe('disable');
        if (kinds.includes('enable')) expect(kinds.at(-1)).toBe('enable');
        if (kinds.includes('hold')) expect(kinds[kinds.indexOf('hold') - 1] ?? 'disable').toBe('disable');
      }),
    );
  });

  it('never remove what can be updated, nor what stays', () => {
    fc.assert(
      fc.property(shapes, shapes, (now, wanted) => {
        for (const step of stepsBetween(now, wanted)) {
          if (step.kind !== 'remove') continue;
          const next = wanted.toxics.find(({ name }) => name === step.toxic.name);
          expect(next?.type === step.toxic.type && next.stream === step.toxic.stream).toBe(false);
        }
      }),
    );
  });

  const lost = (stream: 'upstream' | 'downstream'): Toxic => ({
    name: `lost_${stream}`,
    type: 'timeout',
    stream,
    toxicity: 1,
    attributes: { timeout: 0 },
  });
  const slow = (latency: number): Toxic => ({
    ...lost('upstream'),
    name: 'slow',
    type: 'latency',
    attributes: { latency },
  });
  const of = (...all: readonly Toxic[]): ProxyShape => ({ enabled: true, held: false, toxics: all });
  const told = (now: ProxyShape, wanted: ProxyShape) =>
    stepsBetween(now, wanted).map((step) =>
      'toxic' in step ? `${step.kind} ${step.toxic.name}` : step.kind,
    );
  const both = [lost('downstream'), lost('upstream')];

  it('lose requests before answers, and for longer', () => {
    expect(told(of(), of(...both))).toEqual(['add lost_upstream', 'add lost_downstream']);
    expect(told(of(...both), of())).toEqual(['remove lost_downstream', 'remove lost_upstream']);
  });

  it('hinder anew before what hindered until now is lifted', () => {
    expect(told(of(lost('upstream'), slow(1)), of(lost('downstream'), slow(2)))).toEqual([
      'add lost_downstream',
      'update slow',
      'remove lost_upstream',
    ]);
  });

  it('let a rate grow only while it is in force for no connection', () => {
    const narrow = (rate: number): Toxic => ({
      ...slow(1),
      name: 'narrow',
      type: 'bandwidth',
      attributes: { rate },
    });
    expect(told(of(narrow(9)), of(narrow(3)))).toEqual(['update narrow']);
    expect(stepsBetween(of(narrow(3)), of(narrow(9)))).toEqual([
      { kind: 'update', toxic: { ...narrow(3), toxicity: 0 } },
      { kind: 'update', toxic: narrow(9) },
    ]);
  });
});
