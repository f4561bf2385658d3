/** A real run that is as short as a run can be with a fault that is proved, lifted and seen to heal. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunOptions, type RunResult, runScenario } from '../../lib/run/run-scenario.ts';
import { loadScenario } from '../../lib/scenario/load-scenario.ts';
import type { ScenarioInput } from '../../lib/scenario/schema.ts';

export const SMALL_SCENARIO: ScenarioInput = {
  name: 'small',
  question: 'Are callers in eu-west-1 served elsewhere while their Region is gone?',
  regions: ['eu-west-1', 'eu-central-1'],
  load: {
    duration: '2500ms',
    drain: '1s',
    groups: [
      {
        name: 'app',
        location: 'eu-west-1',
        callers: 2,
        ratePerSecond: 40,
        operations: { AssumeRole: 1, GetCallerIdentity: 1 },
        policy: {
          kind: 'ordered',
          endpoints: ['eu-west-1', 'eu-central-1'],
          attemptTimeLimitMs: 500,
          failBackAfterMs: 300,
        },
      },
    ],
  },
  faults: [{ name: 'outage', kind: 'refused', target: { region: 'eu-west-1' }, at: '1100ms', for: '700ms' }],
  expect: [{ name: 'hardly anything lost', kind: 'success-ratio', group: 'app', phase: 'all', atLeast: 0.5 }],
};

/** @param outDir Where the run's folder, and a file for its scenario, are made. */
export async function runSmall(
  outDir: string,
  options: Partial<RunOptions> = {},
  scenario: ScenarioInput = SMALL_SCENARIO,
): Promise<RunResult> {
  const file = join(outDir, 'small.scenario.json');
  writeFileSync(file, JSON.stringify(scenario));
  return await runScenario({
    scenario: await loadScenario(file),
    seed: 7,
    outDir: join(outDir, 'runs'),
    engine: 'embedded',
    network: 'embedded',
    withoutFaults: false,
    signal: new AbortController().signal,
    ...options,
  });
}
