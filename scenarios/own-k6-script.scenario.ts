/**
 * A k6 script of one's own in a world that breaks: `regionfall run own-k6-script --engine k6`. The script decides when
 * it calls; the scenario says where its callers stand, how they fail over, what breaks, and what should hold.
 */

import { defineScenario } from '../lib/scenario/schema.ts';

export default defineScenario({
  name: 'own-k6-script',
  question: 'Does the shop of my own k6 script keep checking out while STS in eu-west-1 refuses connections?',
  regions: ['eu-west-1', 'eu-central-1'],
  load: {
    // As long as the script says.
    duration: '12s',
    k6: { script: './k6/checkout.k6.ts' },
    groups: [
      {
        name: 'checkout',
        location: 'eu-west-1',
        callers: 8,
        ratePerSecond: 20,
        operations: { AssumeRole: 1 },
        policy: {
          kind: 'ordered',
          endpoints: ['eu-west-1', 'eu-central-1'],
          attemptTimeLimitMs: 1_000,
          failBackAfterMs: 1_000,
        },
      },
    ],
  },
  faults: [{ name: 'outage', kind: 'refused', target: { region: 'eu-west-1' }, at: '4s', for: '4s' }],
  expect: [
    {
      name: 'checkouts have credentials throughout',
      kind: 'success-ratio',
      group: 'checkout',
      phase: 'during',
      fault: 'outage',
      atLeast: 0.95,
    },
    {
      name: 'every caller is served elsewhere soon',
      kind: 'recovery',
      fault: 'outage',
      group: 'checkout',
      milestone: 'failedOver',
      within: '3s',
    },
  ],
});
