/**
 * The shape of 19 and 20 October 2025 in us-east-1, an hour of it in a second: STS fails and is slow while a store that
 * it needs cannot be found, recovers, and fails again when load balancers lose their healthy targets. In the second
 * wave open connections live on and new ones go unanswered, so that whoever keeps connections hardly notices, and
 * whoever opens one for each call has no credentials. Source: AWS, "Summary of the Amazon DynamoDB Service Disruption
 * in the Northern Virginia (US-EAST-1) Region" (aws.amazon.com/message/101925); that new connections were the ones to
 * fail in the second wave is our reading of it.
 */

import { defineScenario } from '../lib/scenario/schema.ts';

export default defineScenario({
  name: 'october-2025',
  question: 'Who kept getting credentials through the two waves of October 2025?',
  regions: ['us-east-1', 'us-east-2', 'eu-west-1'],
  global: true,
  load: {
    duration: '50s',
    groups: [
      {
        name: 'pinned',
        location: 'us-east-1',
        callers: 6,
        ratePerSecond: 40,
        operations: { AssumeRole: 1 },
        policy: { kind: 'pinned', endpoint: 'us-east-1', attemptTimeLimitMs: 1_500 },
      },
      {
        name: 'two-regions',
        location: 'us-east-1',
        callers: 6,
        ratePerSecond: 40,
        operations: { AssumeRole: 1 },
        policy: {
          kind: 'ordered',
          endpoints: ['us-east-1', 'us-east-2'],
          attemptTimeLimitMs: 1_000,
          failBackAfterMs: 1_000,
        },
      },
      {
        name: 'global-in-europe',
        location: 'eu-west-1',
        callers: 6,
        ratePerSecond: 40,
        operations: { AssumeRole: 1 },
        policy: { kind: 'pinned', endpoint: 'global', attemptTimeLimitMs: 1_500 },
      },
    ],
  },
  faults: [
    {
      name: 'first-wave',
      kind: 'group',
      at: '12s',
      for: '9s',
      parts: [
        {
          name: 'errors',
          kind: 'service-error',
          target: { region: 'us-east-1' },
          code: 'ServiceUnavailable',
          share: 0.8,
        },
        {
          name: 'latency',
          kind: 'service-slow',
          target: { region: 'us-east-1' },
          addedMs: 400,
          jitterMs: 200,
        },
      ],
    },
    {
      name: 'second-wave',
      kind: 'silence',
      at: '31s',
      for: '9s',
      target: { endpoint: 'us-east-1' },
      connections: { which: 'new' },
    },
  ],
  expect: [
    {
      name: 'one Region and no second: most calls of the first wave are lost',
      kind: 'success-ratio',
      group: 'pinned',
      phase: 'during',
      fault: 'first-wave',
      atMost: 0.4,
    },
    {
      name: 'two Regions: hardly any is',
      kind: 'success-ratio',
      group: 'two-regions',
      phase: 'during',
      fault: 'first-wave',
      atLeast: 0.97,
    },
    {
      name: 'connections that were open carry on through the second wave',
      kind: 'success-ratio',
      group: 'pinned',
      phase: 'during',
      fault: 'second-wave',
      atLeast: 0.8,
    },
    {
      name: 'two Regions and a time limit: nothing is lost in the second wave either',
      kind: 'success-ratio',
      group: 'two-regions',
      phase: 'during',
      fault: 'second-wave',
      atLeast: 0.97,
    },
    {
      name: 'the global endpoint, served in Europe, does not notice the first wave',
      kind: 'success-ratio',
      group: 'global-in-europe',
      phase: 'during',
      fault: 'first-wave',
      atLeast: 0.99,
    },
    {
      name: 'nor the second',
      kind: 'success-ratio',
      group: 'global-in-europe',
      phase: 'during',
      fault: 'second-wave',
      atLeast: 0.99,
    },
    {
      name: 'whoever had gone to the second Region comes home between the waves',
      kind: 'recovery',
      fault: 'first-wave',
      group: 'two-regions',
      milestone: 'failedBack',
      within: '4s',
    },
  ],
});
