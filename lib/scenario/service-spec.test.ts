import { describe, expect, test } from 'vitest';
import { describeProblem } from './problem.ts';
import { type Change, spoiled } from './valid.fixture.ts';
import { validate } from './validate.ts';

const placesOf = (...changes: readonly Change[]): string[] =>
  validate(spoiled(...changes)).problems.map(({ place }) => place);
const linesOf = (...changes: readonly Change[]): string[] =>
  validate(spoiled(...changes)).problems.map(describeProblem);

/** The valid scenario asks GetCallerIdentity with weight 0; here it is not asked at all. */
const OLD: readonly Change[] = [['era', '2015']];
const PACE = { concurrency: 4, queueLimit: 20, serviceTime: { kind: 'constant', ms: 5 } };

describe('the service of a scenario', () => {
  test('has the quotas of the real one and no pace, unless it says otherwise', () => {
    expect(validate(spoiled())).toMatchObject({
      valid: true,
      scenario: {
        era: '2026',
        accounts: { activatedRegions: [], deactivatedRegions: [], optedOutRegions: [] },
        service: { pace: false, quotas: { ratePerSecond: 600, burst: 600 }, regions: {} },
      },
    });
  });

  test('may differ in a Region', () => {
    const regions = { 'eu-west-1': { pace: PACE, quotas: false } };
    expect(placesOf(['service', { pace: false, quotas: false, regions }])).toEqual([]);
  });

  test('is told every mistake at once, each at its place', () => {
    const lognormal = { kind: 'lognormal', medianMs: 50, p99Ms: 20 };
    const service = {
      pace: { concurrency: 0, queueLimit: 1.5, serviceTime: lognormal },
      quotas: { ratePerSecond: 0, burts: 3, burst: 3 },
      regions: {
        'eu-wset-1': {},
        'us-east-1': { pace: { ...PACE, serviceTime: { kind: 'constnat', ms: 1 } } },
      },
      replicaDelayMs: { minimum: 5, maximum: 1 },
    };
    const problems = validate(spoiled(['service', service])).problems;
    expect(Object.fromEntries(problems.map(({ place, nearest = '' }) => [place, nearest]))).toEqual({
      'service.pace.concurrency': '',
      'service.pace.queueLimit': '',
      'service.pace.serviceTime.p99Ms': '',
      'service.quotas.ratePerSecond': '',
      'service.quotas.burts': 'burst',
      'service.regions.us-east-1.pace.serviceTime.kind': 'constant',
      'service.replicaDelayMs.maximum': '',
      'service.regions.eu-wset-1': 'eu-west-1',
    });
  });

  test.for([7, 'slow', true, null, []])('is no pace of %j', (value) => {
    expect(linesOf(['service', { pace: value }])).toEqual([
      `service.pace is ${typeof value === 'string' ? `'${value}'` : JSON.stringify(value)}: neither an object nor false; change it accordingly`,
    ]);
  });
});

describe('the era of a scenario', () => {
  test('has the Regions that had opened, and says when another did', () => {
    expect(linesOf(...OLD, ['regions[2]', 'eu-north-1'])).toEqual([
      "regions[2] is 'eu-north-1': it opened in 2018-12, and the era 2015 ends with 2015-02; leave it out, or write era: '2018'",
    ]);
    expect(placesOf(['regions[2]', 'eu-north-1'])).toEqual([]);
  });

  test('has the actions that STS knew', () => {
    expect(linesOf(...OLD, ['load.groups[0].operations', { AssumeRole: 1, GetCallerIdentity: 1 }])).toEqual([
      "load.groups[0].operations.GetCallerIdentity is 'GetCallerIdentity': STS did not know this action in the era 2015; leave it out, or write era: '2018'",
    ]);
  });

  test('that is misspelled is one mistake', () => {
    expect(validate(spoiled(['era', '2016'])).problems).toMatchObject([{ place: 'era' }]);
  });

  test('serves the global endpoint near its callers only since 2025', () => {
    const changes: Change[] = [
      ['regions', ['eu-west-1']],
      ['load.groups[0].policy.endpoints', ['eu-west-1']],
      ['expect', []],
    ];
    expect(placesOf(...changes)).toEqual([]);
    expect(placesOf(...changes, ['era', '2024'])).toEqual(['global']);
  });

  test('refuses a fault that is proved with an action it does not know', () => {
    const changes: Change[] = [
      ['faults[0].kind', 'region-deactivated'],
      ['accounts', { activatedRegions: ['eu-west-1'] }],
    ];
    expect(placesOf(...changes)).toEqual([]);
    expect(linesOf(...changes, ...OLD)).toEqual([
      "faults[0].kind is 'region-deactivated': it is proved with GetCallerIdentity, which STS did not know in the era 2015; write a later era, or take another kind of fault",
    ]);
  });
});

describe('the accounts of a scenario', () => {
  test('may have activated Regions, switched others off, and not enabled an opt-in one', () => {
    const accounts = {
      activatedRegions: ['eu-west-1'],
      optedOutRegions: ['af-south-1'],
      globalTokenVersion: 2,
    };
    expect(placesOf(['accounts', accounts], ['regions[2]', 'af-south-1'])).toEqual([]);
    expect(placesOf(...OLD, ['accounts', { activatedRegions: ['eu-west-1'] }])).toEqual([]);
  });

  test('have no switch where there is none', () => {
    expect(
      linesOf(
        ['regions[2]', 'af-south-1'],
        [
          'accounts',
          {
            activatedRegions: ['us-east-1', 'af-south-1', 'eu-west-2'],
            deactivatedRegions: ['eu-west-1', 'eu-west-1'],
            optedOutRegions: ['eu-west-1'],
          },
        ],
      ),
    ).toEqual([
      "accounts.deactivatedRegions[1] is 'eu-west-1': has been named before; remove one",
      "accounts.activatedRegions[0] is 'us-east-1': STS is always active in this Region and has no switch; leave it out",
      "accounts.activatedRegions[1] is 'af-south-1': an opt-in Region has no switch for STS: it comes and goes with the Region itself; use optedOutRegions",
      "accounts.activatedRegions[2] is 'eu-west-2': eu-west-2 is not part of this world; did you mean 'eu-west-1'?",
      "accounts.optedOutRegions[0] is 'eu-west-1': every account has this Region, and none can do without it; leave it out, or use deactivatedRegions for its STS",
    ]);
  });

  test('choose the version of global tokens where accounts could', () => {
    expect(placesOf(['accounts', { globalTokenVersion: 1 }])).toEqual([]);
    expect(placesOf(['accounts', { globalTokenVersion: 3 }])).toEqual(['accounts.globalTokenVersion']);
    expect(linesOf(...OLD, ['accounts', { globalTokenVersion: 1 }])).toEqual([
      'accounts.globalTokenVersion is 1: no account could choose in the era 2015; it issues version 1; leave it out, or write a later era',
    ]);
  });

  test('cannot have switched off by a fault what is off from the start', () => {
    const changes: Change[] = [
      ['faults[0].kind', 'region-deactivated'],
      ['accounts', { deactivatedRegions: ['eu-west-1'] }],
    ];
    expect(placesOf(...changes)).toEqual(['faults[0].target.region']);
    expect(placesOf(['faults[0].kind', 'region-deactivated'], ...OLD)).toContain('faults[0].target.region');
  });
});
