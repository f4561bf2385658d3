/**
 * What users take home, against what they have: the real AWS SDK under the policy adapter goes on getting credentials
 * through three losses of its Region, where the same SDK without it fails or hangs.
 */

import { describe, expect, it } from 'vitest';
import { arrivalsOf } from '../lib/measure/arrivals.ts';
import type { ScenarioInput } from '../lib/scenario/schema.ts';
import { durationUs } from '../lib/time/duration.ts';
import { type Story, tell } from './story.ts';

const LIMIT_MS = 500;
const HOME = 'sts.eu-west-1.amazonaws.com';

const FAULTS = [
  { name: 'refused', kind: 'refused', target: { region: 'eu-west-1' }, at: '2s', for: '2s' },
  {
    name: 'deactivated',
    kind: 'region-deactivated',
    target: { region: 'eu-west-1' },
    at: '5s',
    for: '1500ms',
  },
  { name: 'silence', kind: 'silence', target: { region: 'eu-west-1' }, at: '7500ms', for: '2s' },
] as const;

const group = {
  location: 'eu-west-1',
  ratePerSecond: 15,
  operations: { AssumeRole: 1 },
  client: { kind: 'aws-sdk-js' },
} as const;

const SCENARIO: ScenarioInput = {
  name: 'policy-adapter',
  question: 'Does the adapter keep an SDK in credentials?',
  regions: ['eu-west-1', 'eu-central-1'],
  load: {
    duration: '10s',
    drain: '1s',
    groups: [
      { ...group, name: 'plain', policy: { kind: 'pinned', endpoint: 'eu-west-1' } },
      {
        ...group,
        name: 'limited',
        policy: { kind: 'pinned', endpoint: 'eu-west-1', attemptTimeLimitMs: LIMIT_MS },
      },
      {
        ...group,
        name: 'adapted',
        callers: 2,
        policy: {
          kind: 'ordered',
          endpoints: ['eu-west-1', 'eu-central-1'],
          attemptTimeLimitMs: LIMIT_MS,
          failBackAfterMs: 500,
        },
      },
    ],
  },
  faults: [...FAULTS],
};

/** Of the arrivals of a group that were planned well inside a fault. */
function during({ history }: Story, name: string, fault: (typeof FAULTS)[number]) {
  const fromUs = durationUs(fault.at) + 300_000;
  const toUs = fromUs + 1_000_000;
  return arrivalsOf(history).filter(
    ({ caller, plannedUs }) => caller.startsWith(`${name}-`) && plannedUs >= fromUs && plannedUs < toUs,
  );
}

describe('the AWS SDK for JavaScript through three losses of its Region', () => {
  it('goes on under the policy adapter, and fails or hangs without it', { timeout: 120_000 }, async () => {
    const story = await tell({ scenario: SCENARIO });
    expect(story.json.counts.dropped).toBe(0);
    const described = story.events.find((event) => event.kind === 'callers.described');
    expect(described).toMatchObject({
      clients: [
        {
          group: 'plain',
          client: expect.stringMatching(/^AWS SDK for JavaScript 3\.\d+/),
          settings: 'as it comes',
        },
        { group: 'limited' },
        { group: 'adapted', settings: expect.stringContaining('ordered') },
      ],
    });

    // Under the adapter: every call served, none beyond one limit at home and one answer elsewhere.
    const adapted = arrivalsOf(story.history).filter(({ caller }) => caller.startsWith('adapted-'));
    expect(adapted.length).toBeGreaterThan(90);
    expect(adapted.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
    const { samples } = story.history;
    for (const { rows } of adapted) {
      for (const row of rows) {
        if (samples.outcome.at(row) === 'ok') continue;
        expect(samples.endpoint.at(row)).toBe(HOME);
        expect(['ECONNREFUSED', 'ECONNRESET', 'RegionDisabledException', 'ETIMEDOUT']).toContain(
          samples.errorCode.at(row),
        );
      }
    }
    const [refused, deactivated, silence] = FAULTS;
    expect(during(story, 'adapted', silence).some(({ endpoints }) => endpoints[0] === HOME)).toBe(true);

    // As it comes: three attempts for a refusal, one for a Region that is switched off, and an end to a silence only when it is over.
    const plain = during(story, 'plain', refused);
    expect(plain.length).toBeGreaterThan(3);
    expect(plain.map(({ outcome }) => outcome)).toEqual(plain.map(() => 'failed'));
    expect(plain[0]?.endpoints).toEqual([HOME, HOME, HOME]);
    // Its retries are on a budget, which such an outage uses up: later calls have a single attempt.
    expect(plain.at(-1)?.endpoints).toEqual([HOME]);
    const off = during(story, 'plain', deactivated);
    expect(off.map(({ errorCode, endpoints }) => [errorCode, endpoints.length])).toEqual(
      off.map(() => ['RegionDisabledException', 1]),
    );
    const silent = during(story, 'plain', silence);
    expect(silent.length).toBeGreaterThan(3);
    // Nothing but the end of the silence, which resets the connections, ends these calls.
    for (const { endedUs } of silent) expect(endedUs).toBeGreaterThanOrEqual(9_500_000);

    // With its own limits it gives up, and gets nothing either.
    const limited = during(story, 'limited', silence);
    expect(limited.length).toBeGreaterThan(3);
    expect(limited.filter(({ errorCode }) => errorCode === 'UNANSWERED')).toEqual([]);
    for (const { rows } of limited) {
      const codes = rows.map((row) => samples.errorCode.at(row));
      expect(['ETIMEDOUT', 'ECONNRESET', 'TimeoutError', ''], codes.join(' ')).toContain(codes[0]);
      expect(codes[0]).not.toBe('');
    }
  });
});
