/**
 * Credentials of each partition, long-term keys and sessions, shown to the endpoints of the others: every one must
 * be refused, at all six ordered pairs. Each partition must accept its own, as keys that work nowhere prove nothing.
 * Callers stand at home and dial abroad, which is how a wrong setting in an application would do it.
 */

import { defineScenario, type ScenarioInput } from '../lib/scenario/schema.ts';

const HOMES = [
  { partition: 'aws', region: 'eu-west-1' },
  { partition: 'aws-us-gov', region: 'us-gov-west-1' },
  { partition: 'aws-cn', region: 'cn-north-1' },
] as const;

const groups: ScenarioInput['load']['groups'] = HOMES.flatMap((home) =>
  HOMES.flatMap((door) =>
    (['long-term', 'session'] as const).map((credential) => ({
      name:
        home === door
          ? `${home.partition}-at-home-${credential}`
          : `${home.partition}-at-${door.partition}-${credential}`,
      location: home.region,
      callers: 1,
      ratePerSecond: 4,
      operations: { GetCallerIdentity: 1, AssumeRole: 1 },
      partition: home.partition,
      credential,
      policy: { kind: 'pinned' as const, endpoint: door.region, attemptTimeLimitMs: 3_000 },
    })),
  ),
);

export default defineScenario({
  name: 'partition-wall',
  question: 'Are credentials of one AWS partition worth anything in another?',
  regions: HOMES.map((home) => home.region),
  load: { duration: '10s', groups },
  expect: [
    { name: 'every wall holds', kind: 'partition-wall' },
    ...HOMES.flatMap(({ partition }) =>
      (['long-term', 'session'] as const).map((credential) => ({
        name: `${partition} accepts its own ${credential} credentials`,
        kind: 'success-ratio' as const,
        group: `${partition}-at-home-${credential}`,
        phase: 'all' as const,
        atLeast: 0.9,
      })),
    ),
  ],
});
