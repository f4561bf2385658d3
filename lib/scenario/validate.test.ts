import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeProblem } from './problem.ts';
import { type Change, spoiled, validScenario } from './valid.fixture.ts';
import { validate } from './validate.ts';

const problemsOf = (...changes: readonly Change[]) => validate(spoiled(...changes)).problems;

describe('a scenario', () => {
  test('that is right is resolved, with defaults filled in, to plain JSON', () => {
    const validation = validate(validScenario());
    if (!validation.valid) throw new Error(validation.problems.map(describeProblem).join('\n'));
    expect(validation.scenario.load.groups[0]).toMatchObject({
      partition: 'aws',
      principal: 'app',
      callers: 1,
    });
    expect(JSON.parse(JSON.stringify(validation.scenario))).toEqual(validation.scenario);
  });

  test('with five mistakes of all layers gets all five, each with place, value and nearest valid value', () => {
    const problems = problemsOf(
      ['regions[1]', 'us-esat-1'],
      ['faults[0].kind', 'refusd'],
      ['faults[0].for', '25s'],
      ['load.groups[1].policy.endpoint', 'sts.eu-west-1.amazonaws.co'],
      ['expect[0].group', 'apps'],
    );
    expect(problems).toMatchObject([
      { place: 'faults[0].kind', value: 'refusd', nearest: 'refused' },
      { place: 'regions[1]', value: 'us-esat-1', nearest: 'us-east-1' },
      {
        place: 'load.groups[1].policy.endpoint',
        value: 'sts.eu-west-1.amazonaws.co',
        nearest: 'sts.eu-west-1.amazonaws.com',
      },
      { place: 'faults[0].for', value: '25s' },
      { place: 'expect[0].group', value: 'apps', nearest: 'app' },
    ]);
  });

  test.for<[place: string, value: unknown, nearest: string | undefined]>([
    // Shape.
    ['name', 'Small outage', undefined],
    ['question', undefined, undefined],
    ['quesiton', 'Does it hold?', 'question'],
    ['load.duration', '30 secs', undefined],
    ['load.groups[0].operations', { AssumeRole: 0 }, undefined],
    ['load.groups[0].policy.kind', 'orderd', 'ordered'],
    ['load.groups[0].ratePerSecond', -1, undefined],
    ['load.groups[0].callers', 'two', undefined],
    ['faults[0].target.regoin', 'eu-west-1', 'region'],
    ['expect[1].milestone', 'failedback', 'failedBack'],
    // Meaning: the world and its load.
    ['regions[2]', 'us-east-1', undefined],
    ['regions[2]', 'eu-wset-2', 'eu-west-2'],
    ['load.duration', '0s', undefined],
    ['load.duration', '2h', undefined],
    ['load.drain', '5m', undefined],
    ['load.groups[0].location', 'eu-west-11', 'eu-west-1'],
    ['load.groups[0].policy.endpoints[0]', 'eu-west-3', 'eu-west-1'],
    ['load.groups[0].policy.endpoints[1]', 'gobal', 'global'],
    ['load.groups[0].partition', 'aws-cn', undefined],
    ['load.groups[0].principal', 'ap', 'app'],
    ['load.groups[1].name', 'app', undefined],
    // Meaning: faults.
    ['faults[0].at', '30s', undefined],
    ['faults[0].for', '21s', undefined],
    ['faults[0].for', '0s', undefined],
    ['faults[0].target.region', 'eu-west-2', 'eu-west-1'],
    ['faults[0].target.endpoint', 'sts.eu-west-2.amazonaws.com', 'eu-west-1'],
    ['faults[0].target.location', 'us-east-1', undefined],
    // Meaning: expectations.
    ['expect[0].fault', 'outrage', 'outage'],
    ['expect[0].operation', 'AssumeRoll', 'AssumeRole'],
    ['expect[0].operation', 'GetSessionToken', undefined],
    ['expect[1].name', 'served', undefined],
    // Safety: nothing but STS is ever addressed.
    ['load.groups[1].policy.endpoint', 'example.com', undefined],
    ['load.groups[1].policy.endpoint', '169.254.169.254', undefined],
    ['faults[0].target.endpoint', 'localhost', undefined],
  ])('with %s = %j is refused at that place', ([place, value, nearest]) => {
    const found = problemsOf([place, value]).filter((problem) => problem.place === place);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ value });
    if (found[0]?.value === undefined) expect(value).toBeUndefined();
    if (nearest !== undefined) expect(found[0]?.nearest).toBe(nearest);
    expect(found[0]?.hint).not.toBe('');
  });

  test('asks for the global endpoint only where one answers', () => {
    expect(problemsOf(['global', false])).toMatchObject([
      { place: 'load.groups[1].policy.endpoint', value: 'global', hint: 'add global: true' },
    ]);
  });

  test('needs us-east-1 when the global endpoint has no other Region to be served from', () => {
    const problems = problemsOf(
      ['regions', ['eu-west-1']],
      ['load.groups[0].policy.endpoints', ['eu-west-1']],
      ['load.groups[1].location', 'eu-west-2'],
      ['expect', []],
    );
    expect(problems).toMatchObject([{ place: 'global', hint: 'add us-east-1 to regions' }]);
  });

  test('whose groups ask for more than one machine can measure is refused', () => {
    expect(problemsOf(['load.groups[0].ratePerSecond', 40_000])).toMatchObject([
      { place: 'load.groups', value: 40_010 },
    ]);
    expect(problemsOf(['load.groups[0].callers', 9_999])).toMatchObject([
      { place: 'load.groups', value: 10_000 },
    ]);
  });

  test('whose fault hits what nobody asks is refused', () => {
    const problems = problemsOf(
      ['faults[0].target', { region: 'us-east-1' }],
      ['load.groups[0].policy', { kind: 'pinned', endpoint: 'eu-west-1' }],
      ['expect', []],
    );
    expect(problems).toMatchObject([{ place: 'faults[0].target', value: { region: 'us-east-1' } }]);
  });

  test('whose cached callers refresh at an endpoint outside the world is refused at that endpoint', () => {
    const cached = (refresh: unknown): Change => [
      'load.groups[0].policy',
      { kind: 'cached', lifetimeMs: 60_000, refreshAheadMs: 10_000, refresh },
    ];
    expect(problemsOf(cached({ kind: 'ordered', endpoints: ['eu-west-1', 'us-east-2'] }))).toMatchObject([
      { place: 'load.groups[0].policy.refresh.endpoints[1]', value: 'us-east-2', nearest: 'us-east-1' },
    ]);
    expect(problemsOf(cached({ kind: 'pinned', endpoint: 'cn-north-1' }), ['expect', []])).toMatchObject([
      { place: 'load.groups[0].policy.refresh.endpoint', value: 'cn-north-1' },
    ]);
    expect(problemsOf(cached({ kind: 'pinned', endpoint: 'example.com' }), ['expect', []])).toMatchObject([
      { place: 'load.groups[0].policy.refresh.endpoint', value: 'example.com' },
    ]);
  });

  test('whose fault hits what only a refresh of cached credentials asks is right', () => {
    const refresh = { kind: 'pinned', endpoint: 'eu-west-1' };
    const policy = { kind: 'cached', lifetimeMs: 60_000, refreshAheadMs: 10_000, refresh };
    const problems = problemsOf(
      ['load.groups[0].policy', policy],
      ['load.groups[1].policy.endpoint', 'us-east-1'],
      ['expect', []],
    );
    expect(problems).toEqual([]);
  });

  test('that switches off what has no switch is refused', () => {
    const fault = {
      name: 'outage',
      kind: 'region-deactivated',
      target: { region: 'us-east-1' },
      at: '1s',
      for: '2s',
    };
    expect(problemsOf(['faults[0]', fault])).toMatchObject([
      { place: 'faults[0].target.region', value: 'us-east-1' },
    ]);
  });

  test('without a fault speaks of no phase of one, and of no isolation', () => {
    const problems = problemsOf(
      ['faults', []],
      ['expect[1]', { name: 'i', kind: 'isolation', errorIncreaseAtMost: 0, p99IncreaseAtMost: '1s' }],
    );
    expect(problems).toMatchObject([
      { place: 'expect[0].fault', value: 'outage' },
      { place: 'expect[0].phase', value: 'during', nearest: 'all' },
      { place: 'expect[1].kind', value: 'isolation' },
    ]);
  });

  test('expects no failing over of callers that know one endpoint', () => {
    expect(problemsOf(['expect[1].group', 'legacy'])).toMatchObject([
      { place: 'expect[1].milestone', value: 'failedBack', nearest: 'steady' },
    ]);
  });

  test('that expects a wall names each ordered pair that nobody tries', () => {
    const wall = { name: 'wall', kind: 'partition-wall' };
    expect(problemsOf(['expect[0]', wall])).toMatchObject([
      { place: 'expect[0].kind', message: /one partition/ },
    ]);
    const [problem] = problemsOf(['expect[0]', wall], ['regions[2]', 'cn-north-1']);
    expect(problem?.message).toBe(
      'no group shows credentials of aws to an endpoint of aws-cn, of aws-cn to an endpoint of aws',
    );
  });

  test('with a misspelled key is not also told that the key is missing', () => {
    expect(problemsOf(['faults[0].target', { regoin: 'eu-west-1' }])).toHaveLength(1);
  });

  test.for<[place: string, key: string, nearest: string | undefined]>([
    ['load.groups[0].policy', 'timeLimitMS', 'attemptTimeLimitMs'],
    ['load.groups[0].policy', 'timeLimitMs', 'attemptTimeLimitMs'],
    ['load.groups[1].policy', 'timeLimit', 'attemptTimeLimitMs'],
    ['load.groups[0].policy', 'failBackAfter', 'failBackAfterMs'],
    // Right for a hedged policy, and for no pinned one.
    ['load.groups[1].policy', 'hedgeAfterMS', undefined],
    ['load.groups[0].policy', 'regoin', undefined],
    ['load.groups[0]', 'polcy', 'policy'],
    ['faults[0]', 'trget', 'target'],
    ['accounts', 'activatedRegion', 'activatedRegions'],
  ])('whose %s says %s is told of a key that may stand there, or of none', ([place, key, nearest]) => {
    const scenario =
      place === 'accounts' ? problemsOf([place, { [key]: 1 }]) : problemsOf([`${place}.${key}`, 1]);
    const found = scenario.find((problem) => problem.place === `${place}.${key}`);
    expect(found?.message).toMatch(/nothing called/);
    expect(found?.nearest).toBe(nearest);
  });

  test.for([
    undefined,
    null,
    7,
    'text',
    [],
    {},
    { load: { groups: 3 } },
    { regions: [null], faults: [7], expect: {} },
  ])('that is %j is refused and not thrown over', (raw) => {
    expect(validate(raw).problems.length).toBeGreaterThan(0);
  });

  test('of any JSON never throws, and of any damage to one place says something printable or stays valid', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (raw) => {
        expect(validate(raw).valid).toBe(false);
      }),
    );
    const places = placesOf(validScenario());
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.jsonValue(), (place, value) => {
        for (const problem of problemsOf([place, value]))
          expect(describeProblem(problem)).not.toMatch(/undefined|\n/);
      }),
    );
  });
});

describe('a problem', () => {
  test('reads as one line with place, value, reason and the way out', () => {
    expect(problemsOf(['faults[0].target.region', 'eu-wset-1']).map(describeProblem)).toEqual([
      "faults[0].target.region is 'eu-wset-1': no such Region; did you mean 'eu-west-1'?",
    ]);
    expect(problemsOf(['question', undefined]).map(describeProblem)).toEqual([
      'question is missing: a string must stand here; add it',
    ]);
  });
});

function placesOf(node: unknown, place = ''): string[] {
  if (typeof node !== 'object' || node === null) return [place];
  const inner = Object.entries(node).flatMap(([key, value]) => {
    const step = Array.isArray(node) ? `[${key}]` : `${place === '' ? '' : '.'}${key}`;
    return placesOf(value, place + step);
  });
  return place === '' ? inner : [place, ...inner];
}
