/** The shop's load while its Region is lost: how many of its customers notice? */

import { defineScenario } from 'regionfall';
import { POLICY } from '../src/policy.ts';

export default defineScenario({
  name: 'shop',
  question: 'Does the shop keep opening sessions while STS in eu-west-1 refuses connections?',
  regions: ['eu-west-1', 'eu-central-1'],
  load: {
    duration: '12s',
    k6: { script: './shop.k6.ts' },
    groups: [
      {
        name: 'shop',
        location: 'eu-west-1',
        callers: 8,
        ratePerSecond: 20,
        operations: { AssumeRole: 1 },
        policy: { ...POLICY, endpoints: [...POLICY.endpoints] },
      },
    ],
  },
  faults: [{ name: 'outage', kind: 'refused', target: { region: 'eu-west-1' }, at: '4s', for: '4s' }],
  expect: [
    {
      name: 'sessions are opened throughout',
      kind: 'success-ratio',
      group: 'shop',
      phase: 'during',
      fault: 'outage',
      atLeast: 0.95,
    },
  ],
});
