/**
 * 29 August 2024 again: sts.amazonaws.com fails everywhere while the regional endpoints are fine. SDKs of that time
 * asked the global name by default (github.com/boto/botocore, pull request 3309).
 */

import { defineScenario } from '../lib/scenario/schema.ts';

export default defineScenario({
  name: 'global-endpoint-outage',
  question: 'Who loses credentials when only the global endpoint fails?',
  regions: ['eu-west-1', 'us-east-1'],
  global: true,
  load: {
    duration: '40s',
    groups: [
      {
        name: 'global-ireland',
        location: 'eu-west-1',
        callers: 3,
        ratePerSecond: 15,
        operations: { AssumeRole: 1 },
        policy: { kind: 'pinned', endpoint: 'global', attemptTimeLimitMs: 1_000 },
      },
      {
        name: 'global-virginia',
        location: 'us-east-1',
        callers: 3,
        ratePerSecond: 15,
        operations: { AssumeRole: 1 },
        policy: { kind: 'pinned', endpoint: 'global', attemptTimeLimitMs: 1_000 },
      },
      {
        name: 'regional-ireland',
        location: 'eu-west-1',
        callers: 3,
        ratePerSecond: 45,
        operations: { AssumeRole: 1 },
        policy: { kind: 'pinned', endpoint: 'eu-west-1', attemptTimeLimitMs: 1_000 },
      },
      {
        name: 'regional-virginia',
        location: 'us-east-1',
        callers: 3,
        ratePerSecond: 45,
        operations: { AssumeRole: 1 },
        policy: { kind: 'pinned', endpoint: 'us-east-1', attemptTimeLimitMs: 1_000 },
      },
    ],
  },
  faults: [{ name: 'global-outage', kind: 'refused', target: { endpoint: 'global' }, at: '14s', for: '13s' }],
  expect: [
    {
      name: 'callers of the global name in Ireland fail',
      kind: 'success-ratio',
      group: 'global-ireland',
      phase: 'during',
      fault: 'global-outage',
      atMost: 0.05,
    },
    {
      name: 'so do those in Virginia',
      kind: 'success-ratio',
      group: 'global-virginia',
      phase: 'during',
      fault: 'global-outage',
      atMost: 0.05,
    },
    {
      name: 'callers of their own Region are served',
      kind: 'success-ratio',
      group: 'regional-ireland',
      phase: 'during',
      fault: 'global-outage',
      atLeast: 0.98,
    },
    {
      name: 'and do not feel it',
      kind: 'isolation',
      fault: 'global-outage',
      errorIncreaseAtMost: 0.01,
      p99IncreaseAtMost: '250ms',
    },
    {
      name: 'the global name serves again once it is back',
      kind: 'success-ratio',
      group: 'global-ireland',
      phase: 'after',
      fault: 'global-outage',
      atLeast: 0.98,
    },
  ],
});
