/**
 * Every kind of fault in a whole run: with its teeth it is seen to bite and to heal, and made toothless it leaves the
 * run inconclusive. Two runs for all kinds, each fault where no other hides it.
 */

import { describe, expect, it } from 'vitest';
import { FAULT_KINDS } from '../lib/chaos/fault-kinds.ts';
import type { ScenarioInput } from '../lib/scenario/schema.ts';
import { tell } from './story.ts';

type Fault = NonNullable<ScenarioInput['faults']>[number];

const WHEN = { at: '1500ms', for: '4500ms' } as const;

/** One on each name, all at the same time; names near by, so that a probe is soon back. */
const SIDE_BY_SIDE: readonly Fault[] = [
  { name: 'refused', kind: 'refused', target: { endpoint: 'eu-west-2' }, ...WHEN },
  { name: 'unreachable', kind: 'unreachable', target: { endpoint: 'eu-west-3' }, ...WHEN },
  { name: 'silence', kind: 'silence', target: { endpoint: 'eu-central-1' }, ...WHEN },
  { name: 'one-way', kind: 'one-way', lost: 'answers', target: { endpoint: 'eu-north-1' }, ...WHEN },
  { name: 'reset', kind: 'reset', target: { endpoint: 'sts.eu-west-2.api.aws' }, ...WHEN },
  { ...on('sts.eu-west-3.api.aws'), name: 'cut-short', kind: 'cut-short', afterBytes: 1_000 },
  { ...on('sts.eu-central-1.api.aws'), name: 'slow', kind: 'slow', addedMs: 400 },
  { ...on('sts.eu-north-1.api.aws'), name: 'narrow', kind: 'narrow', bytesPerSecond: 8_000 },
  { ...on('us-east-1'), name: 'stalls', kind: 'stalls', shareOfFlights: 0.5, stallMs: 800 },
  { ...on('sts-fips.us-east-1.amazonaws.com'), name: 'certificate', kind: 'certificate', trouble: 'expired' },
  { ...at('us-east-2', 'us-east-2'), name: 'service-error', kind: 'service-error', code: 'InternalFailure' },
  { ...at('us-east-2', 'sts.us-east-2.api.aws'), name: 'impostor-error', kind: 'impostor-error' },
  { ...at('us-east-2', 'sts-fips.us-east-2.amazonaws.com'), name: 'html-error', kind: 'html-error' },
  {
    ...at('us-east-1', 'sts.us-east-1.api.aws'),
    name: 'service-slow',
    kind: 'service-slow',
    addedMs: 500,
  },
  { name: 'throttling', kind: 'throttling', leavesPerSecond: 0, target: { region: 'eu-central-2' }, ...WHEN },
  { name: 'region-deactivated', kind: 'region-deactivated', target: { region: 'ca-central-1' }, ...WHEN },
  { name: 'opt-in-withdrawn', kind: 'opt-in-withdrawn', target: { region: 'eu-south-1' }, ...WHEN },
  { name: 'replica-stale', kind: 'replica-stale', target: { region: 'eu-south-2' }, ...WHEN },
  { name: 'clock-skew', kind: 'clock-skew', offset: '20m', target: { group: 'skewed' }, ...WHEN },
  { name: 'names', kind: 'names', trouble: 'gone', target: { group: 'lost' }, ...WHEN },
];

function on(endpoint: string) {
  return { target: { endpoint }, ...WHEN };
}

function at(region: string, endpoint: string) {
  return { target: { region, endpoint }, ...WHEN };
}

/** Those that everyone of the account meets, one after the other. */
function inTurn(fromMs: number, eachMs: number, pauseMs: number): readonly Fault[] {
  const when = (place: number) => ({
    at: `${fromMs + place * (eachMs + pauseMs)}ms`,
    for: `${eachMs}ms`,
  });
  return [
    { name: 'keys-deleted', kind: 'keys-deleted', target: {}, ...when(0) },
    { name: 'role-deleted', kind: 'role-deleted', target: {}, ...when(1) },
    { name: 'token-version', kind: 'token-version', target: {}, ...when(2) },
    { name: 'control-plane-down', kind: 'control-plane-down', ...when(3) },
  ];
}

const group = (name: string, endpoint: string) => ({
  name,
  location: 'eu-west-1',
  callers: 2,
  ratePerSecond: 10,
  operations: { AssumeRole: 1 },
  policy: { kind: 'pinned' as const, endpoint, attemptTimeLimitMs: 1_000 },
});

const scenario: ScenarioInput = {
  name: 'every-fault',
  question: 'Does every kind of fault bite and heal?',
  regions: [
    'eu-west-1',
    'eu-west-2',
    'eu-west-3',
    'eu-central-1',
    'eu-central-2',
    'eu-north-1',
    'eu-south-1',
    'eu-south-2',
    'us-east-1',
    'us-east-2',
    'ca-central-1',
  ],
  global: true,
  accounts: { globalTokenVersion: 2 },
  service: { quotas: false, replicaDelayMs: { minimum: 0, maximum: 100 } },
  load: {
    duration: '20s',
    groups: [
      group('home', 'eu-west-1'),
      group('abroad', 'global'),
      group('skewed', 'sts.eu-west-1.api.aws'),
      group('lost', 'sts.ca-central-1.api.aws'),
      // Faults of a whole Region need somebody who calls it.
      ...['ca-central-1', 'eu-central-2', 'eu-south-1', 'eu-south-2'].map((region) => ({
        ...group(`to-${region}`, region),
        callers: 1,
        ratePerSecond: 2,
      })),
    ],
  },
  faults: [...SIDE_BY_SIDE, ...inTurn(7_500, 2_500, 700)],
  expect: [{ name: 'home is served', kind: 'success-ratio', group: 'home', phase: 'all', atLeast: 0.5 }],
};

describe.runIf(process.platform === 'linux')('every kind of fault', () => {
  it('is in these runs', () => {
    const kinds = (scenario.faults ?? []).map(({ kind }) => kind);
    expect(kinds.toSorted()).toEqual(
      Object.keys(FAULT_KINDS)
        .filter((kind) => kind !== 'group')
        .toSorted(),
    );
  });

  it('is seen to bite and to heal', { timeout: 120_000 }, async () => {
    const { history, json } = await tell({ scenario });
    const unproved = history.faults.filter(({ proved, healed }) => !proved || !healed);
    expect(
      unproved.map(({ name, proved, healed, probes }) => ({ name, proved, healed, last: probes.at(-1) })),
    ).toEqual([]);
    expect(json).toMatchObject({ verdict: 'pass', exitCode: 0 });
  });

  it('made toothless, leaves the run inconclusive', { timeout: 120_000 }, async () => {
    const { history, json } = await tell({
      scenario: {
        ...scenario,
        load: { ...scenario.load, duration: '9s' },
        faults: [...SIDE_BY_SIDE, ...inTurn(6_000, 600, 100)],
      },
      sabotage: { toothless: true },
    });
    expect(json).toMatchObject({ verdict: 'inconclusive', exitCode: 5 });
    // However well all went.
    expect(json.counts.ok).toBeGreaterThan(json.counts.planned * 0.9);
    expect(history.faults.filter(({ proved }) => proved).map(({ name }) => name)).toEqual([]);
    for (const { name } of history.faults) {
      expect(
        json.reasons.some((reason) => reason.includes(`fault ${name} `) || reason.includes(name)),
        name,
      ).toBe(true);
    }
  });
});
