/** A small valid scenario for the tests of this room, and a way to spoil it in one place. */

import type { ScenarioInput } from './schema.ts';

export function validScenario(): ScenarioInput {
  return {
    name: 'small-outage',
    question: 'Does it hold?',
    regions: ['eu-west-1', 'us-east-1'],
    global: true,
    load: {
      duration: '30s',
      groups: [
        {
          name: 'app',
          location: 'eu-west-1',
          ratePerSecond: 10,
          operations: { AssumeRole: 1 },
          policy: { kind: 'ordered', endpoints: ['eu-west-1', 'us-east-1'] },
        },
        {
          name: 'legacy',
          location: 'eu-west-1',
          ratePerSecond: 10,
          operations: { AssumeRole: 1, GetCallerIdentity: 0 },
          policy: { kind: 'pinned', endpoint: 'global' },
        },
      ],
    },
    faults: [{ name: 'outage', kind: 'refused', target: { region: 'eu-west-1' }, at: '10s', for: '10s' }],
    expect: [
      { name: 'served', kind: 'success-ratio', group: 'app', phase: 'during', fault: 'outage', atLeast: 0.9 },
      {
        name: 'home',
        kind: 'recovery',
        group: 'app',
        fault: 'outage',
        milestone: 'failedBack',
        within: '9s',
      },
    ],
  };
}

export type Change = readonly [place: string, value: unknown];

/** The valid scenario with another value at a place such as `faults[0].target.region`; undefined removes the key. */
export function spoiled(...changes: readonly Change[]): unknown {
  const scenario: unknown = structuredClone(validScenario());
  for (const [place, value] of changes) {
    const keys = place.split(/[.[\]]+/).filter((key) => key !== '');
    const last = keys.pop() ?? '';
    const parent = keys.reduce(
      (node, key) => node[key] as Record<string, unknown>,
      scenario as Record<string, unknown>,
    );
    if (value === undefined) delete parent[last];
    else parent[last] = value;
  }
  return scenario;
}
