/**
 * What the AWS SDK for JavaScript does with each way in which an endpoint can fail: as it comes, with time limits of its
 * own, and under the policy of `regionfall/failover`. The report's section on callers is the table.
 *
 * A finding to look for: as it comes, the client waits for a silent endpoint for as long as the silence lasts. It does
 * not fail over, it does not fail; every caller that needs credentials waits with it.
 */

import { defineScenario } from '../lib/scenario/schema.ts';

const target = { region: 'eu-west-1' } as const;

/** One after the other, each three seconds long with two in between. */
const FAULTS = [
  { name: 'silence', kind: 'silence' },
  { name: 'refused', kind: 'refused' },
  { name: 'reset', kind: 'reset' },
  { name: 'unavailable', kind: 'service-error', code: 'ServiceUnavailable' },
  { name: 'internal-failure', kind: 'service-error', code: 'InternalFailure' },
  { name: 'throttled', kind: 'service-error', code: 'Throttling' },
  { name: 'expired', kind: 'service-error', code: 'ExpiredToken' },
  { name: 'deactivated', kind: 'region-deactivated' },
] as const;

const group = {
  location: 'eu-west-1',
  ratePerSecond: 8,
  operations: { AssumeRole: 1 },
  client: { kind: 'aws-sdk-js' },
} as const;

export default defineScenario({
  name: 'sdk-and-faults',
  question: 'What does the AWS SDK for JavaScript do with each way in which STS in its Region can fail?',
  regions: ['eu-west-1', 'eu-central-1'],
  load: {
    duration: '44s',
    groups: [
      { ...group, name: 'as-it-comes', policy: { kind: 'pinned', endpoint: 'eu-west-1' } },
      {
        ...group,
        name: 'limited',
        policy: { kind: 'pinned', endpoint: 'eu-west-1', attemptTimeLimitMs: 1_000 },
      },
      {
        ...group,
        name: 'failover',
        policy: {
          kind: 'ordered',
          endpoints: ['eu-west-1', 'eu-central-1'],
          attemptTimeLimitMs: 1_000,
          failBackAfterMs: 1_000,
        },
      },
    ],
  },
  faults: FAULTS.map((fault, index) => ({ ...fault, target, at: `${3 + 5 * index}s`, for: '3s' })),
  expect: [
    {
      name: 'as it comes, retries do not help where nobody listens',
      kind: 'success-ratio',
      group: 'as-it-comes',
      phase: 'during',
      fault: 'refused',
      atMost: 0.2,
    },
    ...FAULTS.filter(({ name }) => name !== 'expired').map(
      ({ name }) =>
        ({
          name: `under the policy, callers are served through ${name}`,
          kind: 'success-ratio',
          group: 'failover',
          phase: 'during',
          fault: name,
          atLeast: 0.7,
        }) as const,
    ),
    {
      name: 'an expired token is no reason to ask elsewhere',
      kind: 'error-code',
      group: 'failover',
      phase: 'during',
      fault: 'expired',
      code: 'ExpiredToken',
      atLeast: 0.6,
    },
  ],
});
