/**
 * The launch of regional endpoints, February 2015: STS of a Region is off until an administrator activates it. The
 * control plane that activates is led from us-east-1, so when that Region is lost it is too late to begin; callers whose
 * second Region was activated beforehand do not care. What is activated after the outage serves in the next one.
 */

import { defineScenario } from '../lib/scenario/schema.ts';

export default defineScenario({
  name: 'late-activation',
  question: 'Can a second Region be activated once us-east-1 is lost?',
  era: '2015',
  regions: ['us-east-1', 'eu-west-1', 'eu-central-1'],
  accounts: { activatedRegions: ['eu-central-1'] },
  load: {
    duration: '46s',
    groups: [
      {
        name: 'unprepared',
        location: 'eu-west-1',
        callers: 4,
        ratePerSecond: 24,
        operations: { AssumeRole: 1 },
        policy: {
          kind: 'ordered',
          endpoints: ['us-east-1', 'eu-west-1'],
          attemptTimeLimitMs: 1_500,
          failBackAfterMs: 1_000,
        },
      },
      {
        name: 'prepared',
        location: 'eu-west-1',
        callers: 4,
        ratePerSecond: 24,
        operations: { AssumeRole: 1 },
        policy: {
          kind: 'ordered',
          endpoints: ['us-east-1', 'eu-central-1'],
          attemptTimeLimitMs: 1_500,
          failBackAfterMs: 1_000,
        },
      },
    ],
  },
  faults: [
    // Two seconds before the network goes, so that the control plane itself is seen to say no.
    { name: 'control-plane', kind: 'control-plane-down', at: '11s', for: '14s' },
    { name: 'outage', kind: 'refused', target: { region: 'us-east-1' }, at: '13s', for: '12s' },
    // Eight seconds after the activation: in this era a change takes six at most to reach a Region.
    { name: 'next-outage', kind: 'refused', target: { region: 'us-east-1' }, at: '36s', for: '6s' },
  ],
  acts: [
    { name: 'activate-while-down', kind: 'region-switch', at: '12s', region: 'eu-west-1', active: true },
    { name: 'activate-too-late', kind: 'region-switch', at: '16s', region: 'eu-west-1', active: true },
    { name: 'activate-afterwards', kind: 'region-switch', at: '28s', region: 'eu-west-1', active: true },
  ],
  expect: [
    {
      name: 'a control plane that is down activates nothing',
      kind: 'act',
      act: 'activate-while-down',
      outcome: 'refused',
    },
    {
      name: 'activation in the outage is impossible',
      kind: 'act',
      act: 'activate-too-late',
      outcome: 'refused',
    },
    {
      name: 'whoever had not activated a second Region is not served',
      kind: 'success-ratio',
      group: 'unprepared',
      phase: 'during',
      fault: 'outage',
      atMost: 0.05,
    },
    {
      name: 'and is told so by the Region that is still there',
      kind: 'error-code',
      group: 'unprepared',
      phase: 'during',
      fault: 'outage',
      code: 'RegionDisabledException',
      atLeast: 0.3,
    },
    {
      name: 'whoever had is served throughout',
      kind: 'success-ratio',
      group: 'prepared',
      phase: 'during',
      fault: 'outage',
      atLeast: 0.97,
    },
    {
      name: 'and soon',
      kind: 'recovery',
      fault: 'outage',
      group: 'prepared',
      milestone: 'failedOver',
      within: '3s',
    },
    {
      name: 'afterwards it can be activated again',
      kind: 'act',
      act: 'activate-afterwards',
      outcome: 'done',
    },
    {
      name: 'and serves in the next outage',
      kind: 'success-ratio',
      group: 'unprepared',
      phase: 'during',
      fault: 'next-outage',
      atLeast: 0.97,
    },
  ],
});
