/** Whether STS of a Region can be switched on depends on a control plane, and on who asks it. */

import { describe, expect, it } from 'vitest';
import type { ScenarioInput } from '../lib/scenario/schema.ts';
import { type Story, tell } from './story.ts';

const act = (name: string, at: string, more: { readonly as?: string } = {}) =>
  ({ name, kind: 'region-switch', at, region: 'eu-west-1', active: true, ...more }) as const;

/** Era 2015: eu-west-1 is off until someone activates it. The control plane is down from 3 to 5 s. */
const scenario: ScenarioInput = {
  name: 'activation',
  question: 'Who can activate a Region, and when?',
  era: '2015',
  regions: ['us-east-1', 'eu-west-1'],
  service: { replicaDelayMs: { minimum: 300, maximum: 300 } },
  load: {
    duration: '8s',
    groups: [
      {
        name: 'waiting',
        location: 'eu-west-1',
        callers: 2,
        ratePerSecond: 30,
        operations: { AssumeRole: 1 },
        policy: { kind: 'pinned', endpoint: 'eu-west-1', attemptTimeLimitMs: 1_000 },
      },
    ],
  },
  faults: [{ name: 'control-plane', kind: 'control-plane-down', at: '3s', for: '2s' }],
  acts: [act('nobody', '1s', { as: 'app' }), act('late', '4s'), act('early', '6s')],
  expect: [
    { name: 'a user without iam:* is refused', kind: 'act', act: 'nobody', outcome: 'refused' },
    {
      name: 'so is an administrator while nothing can be changed',
      kind: 'act',
      act: 'late',
      outcome: 'refused',
    },
    { name: 'afterwards it is done', kind: 'act', act: 'early', outcome: 'done' },
  ],
};

/** How many calls to eu-west-1 were served before and after an instant of the run, in seconds. */
function servedAround(
  { service }: Story,
  seconds: number,
): { readonly before: number; readonly after: number } {
  const rows = Array.from({ length: service.length }, (_, row) => service.row(row)).filter(
    ({ operation, status, region }) => operation === 'AssumeRole' && status === 200 && region === 'eu-west-1',
  );
  const before = rows.filter(({ receivedUs }) => receivedUs < seconds * 1_000_000).length;
  return { before, after: rows.length - before };
}

describe('activating a Region', () => {
  it('takes an administrator and a control plane, and then works within the delay', {
    timeout: 60_000,
  }, async () => {
    const story = await tell({ scenario });
    expect(story.json).toMatchObject({ verdict: 'pass', reasons: [] });
    const told = story.events.flatMap((event) => (event.kind === 'act.performed' ? [event] : []));
    expect(told.map(({ act: name, outcome, status, code }) => [name, outcome, status, code])).toEqual([
      ['nobody', 'refused', 403, 'AccessDenied'],
      ['late', 'refused', 503, 'ServiceUnavailable'],
      ['early', 'done', 200, ''],
    ]);
    const served = servedAround(story, 6);
    expect(served.before).toBe(0);
    expect(served.after).toBeGreaterThan(0);
  });
});
