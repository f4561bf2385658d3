/**
 * The Region accepts connections and says nothing: an outage without an error. Two groups with the same traffic tell
 * what a time limit is worth. `patient` has none and waits until the connection dies; `bounded` gives an attempt half
 * a second and asks the next Region.
 *
 * Six callers, so that none runs out of connections (50 each, as with the AWS SDK for JavaScript): an arrival that
 * waits for a free one has not been sent yet, and would be answered when the silence ends.
 */

import { defineScenario } from '../lib/scenario/schema.ts';

export default defineScenario({
  name: 'region-silence',
  question: 'What does a time limit per attempt save when a Region accepts connections and never answers?',
  regions: ['eu-west-1', 'eu-central-1'],
  load: {
    duration: '40s',
    groups: [
      {
        name: 'patient',
        location: 'eu-west-1',
        callers: 6,
        ratePerSecond: 20,
        operations: { AssumeRole: 1 },
        policy: { kind: 'pinned', endpoint: 'eu-west-1', attemptTimeLimitMs: null },
      },
      {
        name: 'bounded',
        location: 'eu-west-1',
        callers: 6,
        ratePerSecond: 20,
        operations: { AssumeRole: 1 },
        policy: {
          kind: 'ordered',
          endpoints: ['eu-west-1', 'eu-central-1'],
          attemptTimeLimitMs: 500,
          failBackAfterMs: 3_000,
        },
      },
    ],
  },
  faults: [{ name: 'silence', kind: 'silence', target: { region: 'eu-west-1' }, at: '12s', for: '12s' }],
  expect: [
    {
      name: 'without a time limit the callers hang',
      kind: 'success-ratio',
      group: 'patient',
      phase: 'during',
      fault: 'silence',
      atMost: 0.1,
    },
    {
      name: 'with a time limit they are served by the next Region',
      kind: 'success-ratio',
      group: 'bounded',
      phase: 'during',
      fault: 'silence',
      atLeast: 0.95,
    },
    {
      name: 'a caller with a time limit is served elsewhere soon',
      kind: 'recovery',
      fault: 'silence',
      group: 'bounded',
      milestone: 'failedOver',
      within: '4s',
    },
    {
      name: 'a caller with a time limit comes home soon after',
      kind: 'recovery',
      fault: 'silence',
      group: 'bounded',
      milestone: 'failedBack',
      within: '5s',
    },
    {
      name: 'hanging callers recover with the Region',
      kind: 'success-ratio',
      group: 'patient',
      phase: 'after',
      fault: 'silence',
      atLeast: 0.95,
    },
  ],
});
