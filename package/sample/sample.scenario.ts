/** A user's scenario, small enough to be run on every Node: two Regions, one refused for a second. */

import { defineScenario } from 'regionfall';
import { seconds } from './seconds.ts';

export default defineScenario({
  name: 'sample',
  question: 'Does a caller with a second Region keep getting credentials?',
  regions: ['eu-west-1', 'eu-central-1'],
  load: {
    duration: seconds(4),
    drain: seconds(1),
    groups: [
      {
        name: 'shop',
        location: 'eu-west-1',
        callers: 2,
        ratePerSecond: 20,
        operations: { AssumeRole: 1 },
        policy: {
          kind: 'ordered',
          endpoints: ['eu-west-1', 'eu-central-1'],
          attemptTimeLimitMs: 500,
          failBackAfterMs: 500,
        },
      },
    ],
  },
  faults: [
    {
      name: 'outage',
      kind: 'refused',
      target: { region: 'eu-west-1' },
      at: seconds(1),
      for: seconds(1),
    },
  ],
  expect: [
    {
      name: 'served throughout',
      kind: 'success-ratio',
      group: 'shop',
      phase: 'during',
      fault: 'outage',
      atLeast: 0.8,
    },
  ],
});
