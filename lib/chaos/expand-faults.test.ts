import { describe, expect, test } from 'vitest';
import { expandFaults, faultNames, hostsOfFaults, needControlPlane } from './expand-faults.ts';
import { type FaultInput, faultSchema } from './fault-kinds.ts';

const read = (input: FaultInput) => faultSchema.parse(input);
const secondsOf = ({ name, fromUs, toUs }: { name: string; fromUs: number; toUs: number }) =>
  [name, fromUs / 1e6, toUs / 1e6] as const;

const target = { region: 'us-east-1' };
const wave: FaultInput = {
  kind: 'refused',
  name: 'wave',
  target,
  at: '5s',
  for: '2s',
  repeat: { times: 3, every: '10s' },
};
const outage: FaultInput = {
  kind: 'group',
  name: 'outage',
  at: '5s',
  for: '10s',
  repeat: { times: 2, every: '20s' },
  parts: [
    { kind: 'names', target: { endpoint: 'global' }, trouble: 'empty' },
    { kind: 'silence', name: 'hush', target, after: '2s' },
    { kind: 'slow', target, addedMs: 100, after: '1s', for: '4s', ramp: '500ms' },
  ],
};

describe('faults', () => {
  test('that come again are called by their name and a number, from one beginning to the next', () => {
    expect(expandFaults([read(wave)]).map(secondsOf)).toEqual([
      ['wave', 5, 7],
      ['wave/2', 15, 17],
      ['wave/3', 25, 27],
    ]);
  });

  test('of a group are its parts, each at its own time within the whole, and come again with it', () => {
    const parts = expandFaults([read(outage)]);
    expect(parts.map(secondsOf)).toEqual([
      ['outage/names', 5, 15],
      ['outage/hush', 7, 15],
      ['outage/slow', 6, 10],
      ['outage/2/names', 25, 35],
      ['outage/2/hush', 27, 35],
      ['outage/2/slow', 26, 30],
    ]);
    expect(parts.map(({ group }) => group)).toEqual([
      ...['outage', 'outage', 'outage'],
      ...['outage/2', 'outage/2', 'outage/2'],
    ]);
    expect(parts[2]?.fullUs).toBe(6_500_000);
  });

  test('are named in expectations by occurrence, groups as a whole', () => {
    expect(faultNames([read(wave), read(outage)])).toEqual([
      'wave',
      'wave/2',
      'wave/3',
      'outage',
      'outage/2',
    ]);
  });

  test('tell what their world must have', () => {
    expect(hostsOfFaults([read(wave), read(outage)])).toEqual(['sts.amazonaws.com']);
    expect(needControlPlane([read(outage)])).toBe(false);
    const part = { kind: 'replica-stale', target } as const;
    expect(needControlPlane([read({ kind: 'group', name: 'g', at: '1s', for: '2s', parts: [part] })])).toBe(
      true,
    );
  });

  test.for<[string, object]>([
    ['a part called like an occurrence', { parts: [{ kind: 'silence', name: '2', target }] }],
    ['a group in a group', { parts: [outage] }],
    ['no part at all', { parts: [] }],
    ['a part with a time of its own', { parts: [{ kind: 'silence', target, at: '5s' }] }],
    ['a repetition of once', { repeat: { times: 1, every: '20s' } }],
  ])('with %s are refused', ([, change]) => {
    expect(faultSchema.safeParse({ ...outage, ...change }).success).toBe(false);
  });
});
