import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeProblem } from './problem.ts';
import { type Change, spoiled } from './valid.fixture.ts';
import { validate } from './validate.ts';

const region = { region: 'eu-west-1' };
const outage = { name: 'outage', kind: 'refused', target: region, at: '10s', for: '5s' };
const group = {
  name: 'outage',
  kind: 'group',
  at: '10s',
  for: '10s',
  parts: [
    { kind: 'silence', target: { endpoint: 'us-east-1' } },
    { kind: 'names', target: { endpoint: 'global', group: 'legacy' }, trouble: 'gone', after: '2s' },
  ],
};

/** Problems of the small valid scenario with other faults. */
const problemsOf = (faults: readonly object[], ...more: readonly Change[]) =>
  validate(spoiled(['faults', faults], ['expect', []], ...more)).problems;
const placesOf = (faults: readonly object[], ...more: readonly Change[]) =>
  problemsOf(faults, ...more).map(({ place }) => place);

describe('the times of faults', () => {
  test('that come again must leave room between them and fit into the load', () => {
    expect(problemsOf([{ ...outage, repeat: { times: 2, every: '10s' } }])).toEqual([]);
    expect(placesOf([{ ...outage, repeat: { times: 2, every: '5s' } }])).toEqual(['faults[0].repeat.every']);
    expect(placesOf([{ ...outage, repeat: { times: 3, every: '10s' } }])).toEqual(['faults[0].repeat.times']);
    expect(placesOf([{ ...outage, repeat: { times: 99, every: 'soon' } }])).toEqual([
      'faults[0].repeat.times',
      'faults[0].repeat.every',
    ]);
  });

  test('that grow must be shorter in growing than they last', () => {
    const slow = { ...outage, kind: 'slow', addedMs: 100 };
    expect(problemsOf([{ ...slow, ramp: '4s' }])).toEqual([]);
    expect(placesOf([{ ...slow, ramp: '5s' }])).toEqual(['faults[0].ramp']);
    expect(placesOf([{ ...slow, ramp: '0s' }])).toEqual(['faults[0].ramp']);
    // Only kinds of which there is more and less.
    expect(placesOf([{ ...outage, ramp: '1s' }])).toEqual(['faults[0].ramp']);
  });

  test('of a part must lie within the group', () => {
    expect(problemsOf([group])).toEqual([]);
    const [silence, names] = group.parts;
    expect(placesOf([{ ...group, parts: [silence, { ...names, after: '10s' }] }])).toEqual([
      'faults[0].parts[1].after',
    ]);
    expect(
      placesOf([
        {
          ...group,
          parts: [
            { ...silence, for: '11s' },
            { ...names, for: '9s' },
          ],
        },
      ]),
    ).toEqual(['faults[0].parts[0].for', 'faults[0].parts[1].for']);
  });

  test('must be enough to see a fault for certain', () => {
    const rare = { ...outage, kind: 'silence', connections: { share: 0.01 } };
    expect(problemsOf([rare])).toMatchObject([{ place: 'faults[0].for', message: /too short to be seen/ }]);
    expect(problemsOf([{ ...rare, connections: { share: 0.2 } }])).toEqual([]);
    const late = { ...outage, kind: 'slow', addedMs: 2_000 };
    expect(placesOf([late])).toEqual(['faults[0].for']);
    // A deleted key is known to be deleted when the Region has heard of it.
    const keys = { ...outage, kind: 'keys-deleted', target: undefined, for: '2s' };
    expect(placesOf([keys])).toEqual(['faults[0].for']);
    expect(placesOf([keys], ['service', { replicaDelayMs: { minimum: 0, maximum: 500 } }])).toEqual([]);
  });
});

describe('a fault', () => {
  test.for<[fault: object, place: string, nearest: string | undefined]>([
    [{ kind: 'names', target: { group: 'ap' }, trouble: 'gone' }, 'target.group', 'app'],
    [{ kind: 'clock-skew', offset: '10m' }, 'offset', undefined],
    [{ kind: 'clock-skew', offset: 'ten minutes' }, 'offset', undefined],
    [{ kind: 'clock-skew', offset: '20m', share: 0.5 }, 'share', undefined],
    [{ kind: 'keys-deleted', user: 'apps' }, 'user', 'app'],
    [{ kind: 'role-deleted', role: 'admin' }, 'role', undefined],
    [{ kind: 'role-deleted', target: { account: '999999999999' } }, 'target.account', undefined],
    [{ kind: 'throttling', target: region, leavesPerSecond: 50 }, 'leavesPerSecond', undefined],
    [{ kind: 'narrow', target: region, bytesPerSecond: 1_000_000 }, 'bytesPerSecond', undefined],
    [{ kind: 'token-version' }, 'target', undefined],
    [{ kind: 'opt-in-withdrawn', target: region }, 'target.region', undefined],
    [{ kind: 'slow', target: region }, 'addedMs', undefined],
    [{ kind: 'certificate', target: region, trouble: 'expried' }, 'trouble', 'expired'],
    [{ kind: 'html-error', target: region, connections: {} }, 'connections', undefined],
  ])('%j is refused at its %s', ([fields, place, nearest]) => {
    const problems = problemsOf([{ name: 'f', at: '10s', for: '10s', ...fields }]);
    expect(problems.map((problem) => problem.place)).toEqual([`faults[0].${place}`]);
    if (nearest !== undefined) expect(problems[0]?.nearest).toBe(nearest);
    expect(describeProblem(problems[0] ?? { place: '', value: '', message: '', hint: '' })).not.toContain(
      'undefined',
    );
  });

  const hongKong: readonly Change[] = [
    ['regions', ['eu-west-1', 'us-east-1', 'ap-east-1']],
    ['load.groups[0].policy.endpoints', ['eu-west-1', 'ap-east-1']],
  ];

  test('of token versions needs accounts that had chosen version 2, and callers who would notice', () => {
    const fault = { name: 'f', kind: 'token-version', at: '10s', for: '10s' };
    expect(placesOf([fault], ...hongKong)).toEqual(['faults[0].kind']);
    expect(problemsOf([fault], ...hongKong, ['accounts', { globalTokenVersion: 2 }])).toEqual([]);
  });

  test('of an opt-in needs a Region that was enabled', () => {
    const fault = {
      name: 'f',
      kind: 'opt-in-withdrawn',
      target: { region: 'ap-east-1' },
      at: '10s',
      for: '10s',
    };
    expect(problemsOf([fault], ...hongKong)).toEqual([]);
    expect(placesOf([fault], ...hongKong, ['accounts', { optedOutRegions: ['ap-east-1'] }])).toEqual([
      'faults[0].target.region',
    ]);
  });
});

describe('a group', () => {
  test('has its parts looked at like faults by themselves', () => {
    const parts = [
      { kind: 'silense', target: region },
      { kind: 'refused', target: { region: 'eu-west-2' } },
      { kind: 'narrow', target: region, bytesPerSecond: 1_000_000 },
      { kind: 'clock-skew', target: { location: 'eu-central-1' }, offset: '1h' },
    ];
    expect(problemsOf([{ ...group, parts }])).toMatchObject([
      { place: 'faults[0].parts[0].kind', nearest: 'silence' },
      { place: 'faults[0].parts[1].target.region', nearest: 'eu-west-1' },
      { place: 'faults[0].parts[2].bytesPerSecond' },
      { place: 'faults[0].parts[3].target.location' },
    ]);
  });

  test('may not have two parts of one name', () => {
    const silence = { kind: 'silence', target: { endpoint: 'us-east-1' } };
    expect(placesOf([{ ...group, parts: [silence, silence] }])).toEqual(['faults[0].parts[1].name']);
    const other = { ...silence, name: 'again', target: region };
    expect(placesOf([{ ...group, parts: [silence, other] }])).toEqual([]);
  });

  test('may not hide one of its parts behind another for all its time', () => {
    const parts = [
      { kind: 'refused', target: region },
      { kind: 'slow', target: region, addedMs: 100 },
    ];
    expect(problemsOf([{ ...group, parts }])).toMatchObject([
      { place: 'faults[0].parts[1].kind', message: /'outage\/refused' ends every call/ },
    ]);
    expect(problemsOf([{ ...group, parts: [{ ...parts[0], for: '5s' }, parts[1]] }])).toEqual([]);
    expect(problemsOf([{ ...group, parts: [{ ...parts[0], after: '3s' }, parts[1]] }])).toEqual([]);
  });
});

describe('faults beside each other', () => {
  const slow = { name: 'late', kind: 'slow', target: region, addedMs: 100, at: '11s', for: '3s' };

  test('may not hide each other all the while', () => {
    expect(placesOf([outage, slow])).toEqual(['faults[1].kind']);
    expect(placesOf([outage, { ...slow, target: { endpoint: 'us-east-1' } }])).toEqual([]);
    expect(placesOf([{ ...outage, kind: 'silence', connections: { share: 0.2 } }, slow])).toEqual([]);
    expect(placesOf([{ ...outage, kind: 'service-error', code: 'Throttling' }, slow])).toEqual([]);
  });

  test('of callers are hidden by names that they look up in vain', () => {
    const names = { ...outage, kind: 'names', target: {}, trouble: 'gone' };
    const clock = { ...outage, name: 'clock', kind: 'clock-skew', target: {}, offset: '1h' };
    expect(placesOf([names, clock])).toEqual(['faults[1].kind']);
    expect(placesOf([names, { ...clock, for: '8s' }])).toEqual([]);
    expect(placesOf([names, slow])).toEqual([]);
  });

  test('of the control plane are hidden by the loss of its Region', () => {
    const down = { name: 'down', kind: 'control-plane-down', at: '10s', for: '5s' };
    const lost = { ...outage, target: { region: 'us-east-1' } };
    expect(placesOf([down, lost])).toEqual(['faults[0].kind']);
    expect(placesOf([{ ...down, at: '9s' }, lost])).toEqual([]);
  });
});

test('no damage to one place of a fault is thrown over', () => {
  const damage = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('99999999999999999999999h', '0.0000001ms', '1s', '', null),
  );
  const place = fc.constantFrom(
    ...['at', 'for', 'name', 'kind', 'parts', 'repeat', 'repeat.times', 'repeat.every', 'parts[1]'],
    ...['parts[1].after', 'parts[1].for', 'parts[1].ramp', 'parts[1].kind', 'parts[1].target'],
    ...['parts[1].target.endpoint', 'parts[1].share', 'parts[1].trouble'],
  );
  fc.assert(
    fc.property(place, damage, (path, value) => {
      const repeated = { ...group, for: '5s', repeat: { times: 2, every: '6s' } };
      for (const problem of problemsOf([structuredClone(repeated)], [`faults[0].${path}`, value]))
        expect(describeProblem(problem)).not.toMatch(/undefined|NaN|\n/);
    }),
    { numRuns: 300 },
  );
});
