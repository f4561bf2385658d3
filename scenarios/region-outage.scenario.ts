/**
 * A Region is gone for a quarter of a minute: what `npm start` runs. Callers in eu-west-1 that know two more Regions
 * should hardly notice; those that know one name, or one Region, show what the outage costs and where it ends.
 *
 * A finding to look for: `global` asks sts.amazonaws.com and fails with the Region. Since April 2025 that name is
 * served in the caller's own Region, so for callers in eu-west-1 it lies inside the blast radius of eu-west-1. It
 * is no second leg to stand on.
 */

import { defineScenario } from '../lib/scenario/schema.ts';

export default defineScenario({
  name: 'region-outage',
  question: 'Do callers in eu-west-1 keep getting credentials while STS in their Region refuses connections?',
  regions: ['eu-west-1', 'eu-central-1', 'us-east-1'],
  global: true,
  load: {
    duration: '50s',
    groups: [
      {
        name: 'app',
        location: 'eu-west-1',
        callers: 6,
        ratePerSecond: 40,
        operations: { AssumeRole: 3, GetCallerIdentity: 1 },
        policy: {
          kind: 'ordered',
          endpoints: ['eu-west-1', 'eu-central-1', 'us-east-1'],
          attemptTimeLimitMs: 1_000,
          failBackAfterMs: 3_000,
        },
      },
      {
        name: 'global',
        location: 'eu-west-1',
        callers: 2,
        ratePerSecond: 10,
        operations: { AssumeRole: 1 },
        policy: { kind: 'pinned', endpoint: 'global', attemptTimeLimitMs: 1_000 },
      },
      // Who watches whether the outage is felt elsewhere. A p99 with an interval takes 368 answers in each phase,
      // hence the rate.
      {
        name: 'control-frankfurt',
        location: 'eu-central-1',
        callers: 2,
        ratePerSecond: 40,
        operations: { AssumeRole: 1 },
        policy: { kind: 'pinned', endpoint: 'eu-central-1', attemptTimeLimitMs: 1_000 },
      },
      {
        name: 'control-virginia',
        location: 'us-east-1',
        callers: 2,
        ratePerSecond: 40,
        operations: { AssumeRole: 1 },
        policy: { kind: 'pinned', endpoint: 'us-east-1', attemptTimeLimitMs: 1_000 },
      },
    ],
  },
  faults: [{ name: 'outage', kind: 'refused', target: { region: 'eu-west-1' }, at: '15s', for: '15s' }],
  expect: [
    {
      name: 'callers with three Regions are served throughout',
      kind: 'success-ratio',
      group: 'app',
      phase: 'during',
      fault: 'outage',
      atLeast: 0.97,
    },
    { name: 'hardly a request is lost', kind: 'lost-requests', group: 'app', atMost: 20 },
    {
      name: 'every caller notices soon',
      kind: 'recovery',
      fault: 'outage',
      group: 'app',
      milestone: 'detected',
      within: '3s',
    },
    {
      name: 'every caller is served elsewhere soon',
      kind: 'recovery',
      fault: 'outage',
      group: 'app',
      milestone: 'failedOver',
      within: '3s',
    },
    {
      name: 'every caller comes home soon after the outage',
      kind: 'recovery',
      fault: 'outage',
      group: 'app',
      milestone: 'failedBack',
      within: '5s',
    },
    {
      name: 'all is as it was soon after the outage',
      kind: 'recovery',
      fault: 'outage',
      group: 'app',
      milestone: 'steady',
      within: '8s',
    },
    {
      name: 'the global endpoint is no way around the Region it is served from',
      kind: 'success-ratio',
      group: 'global',
      phase: 'during',
      fault: 'outage',
      atMost: 0.05,
    },
    {
      name: 'the other Regions do not feel it',
      kind: 'isolation',
      fault: 'outage',
      errorIncreaseAtMost: 0.01,
      p99IncreaseAtMost: '250ms',
    },
  ],
});
