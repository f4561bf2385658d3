/**
 * Somebody switches STS off for the account in one Region. Nothing is down: GetCallerIdentity answers as ever, and a
 * health check built on it stays green while no caller gets credentials. The same is reported of real STS
 * (github.com/aws/aws-sdk-go-v2, issue 2846); a check that is to notice must issue credentials.
 */

import { defineScenario } from '../lib/scenario/schema.ts';

export default defineScenario({
  name: 'region-deactivated',
  question: 'Does a health check on GetCallerIdentity notice that STS is switched off in the Region?',
  regions: ['eu-west-1'],
  load: {
    duration: '35s',
    groups: [
      {
        name: 'app',
        location: 'eu-west-1',
        callers: 4,
        ratePerSecond: 20,
        operations: { AssumeRole: 1 },
        policy: { kind: 'pinned', endpoint: 'eu-west-1', attemptTimeLimitMs: 2_000 },
      },
      {
        name: 'healthcheck',
        location: 'eu-west-1',
        callers: 2,
        ratePerSecond: 20,
        operations: { GetCallerIdentity: 1 },
        policy: { kind: 'pinned', endpoint: 'eu-west-1', attemptTimeLimitMs: 2_000 },
      },
    ],
  },
  faults: [
    {
      name: 'deactivation',
      kind: 'region-deactivated',
      target: { region: 'eu-west-1' },
      at: '10s',
      for: '12s',
    },
  ],
  expect: [
    {
      name: 'no caller gets credentials',
      kind: 'success-ratio',
      group: 'app',
      phase: 'during',
      fault: 'deactivation',
      atMost: 0.05,
    },
    {
      name: 'and is told why',
      kind: 'error-code',
      group: 'app',
      operation: 'AssumeRole',
      phase: 'during',
      fault: 'deactivation',
      code: 'RegionDisabledException',
      atLeast: 0.95,
    },
    {
      name: 'the health check stays green all the same',
      kind: 'success-ratio',
      group: 'healthcheck',
      operation: 'GetCallerIdentity',
      phase: 'during',
      fault: 'deactivation',
      atLeast: 0.98,
    },
    {
      name: 'callers are served again once it is switched on',
      kind: 'success-ratio',
      group: 'app',
      phase: 'after',
      fault: 'deactivation',
      atLeast: 0.98,
    },
  ],
});
