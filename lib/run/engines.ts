/**
 * What can make the calls of a run, and what each cannot: told before anything is opened, so that nothing of a scenario
 * is quietly left out.
 */

import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { timelineOf } from '../chaos/timeline.ts';
import { UsageError } from '../errors/regionfall-error.ts';
import type { EngineConfig } from '../load/process.ts';
import type { LoadedScenario } from '../scenario/load-scenario.ts';
import type { Scenario } from '../scenario/schema.ts';
import { durationUs } from '../time/duration.ts';
import { requireTool } from '../tools/require-tool.ts';
import { plannedView } from './scenario-world.ts';

/**
 * `embedded`: each group as its scenario says. `aws-sdk-js`: groups without a client of their own call by the AWS SDK
 * for JavaScript. `k6`: they call from within k6.
 */
export const ENGINES = ['embedded', 'k6', 'aws-sdk-js'] as const;

export type EngineName = (typeof ENGINES)[number];

/** The scenario as the engine carries it out. */
export function withEngine(scenario: Scenario, engine: EngineName): Scenario {
  if (engine !== 'aws-sdk-js') return scenario;
  const groups = scenario.load.groups.map((group) =>
    group.client.kind === 'embedded' ? { ...group, client: { kind: engine } } : group,
  );
  return { ...scenario, load: { ...scenario.load, groups } };
}

/** @throws UsageError RF-ENGINE-CANNOT, with everything that is too much for the engine. */
export function refuseWhatEngineCannot(
  { scenario }: Pick<LoadedScenario, 'scenario'>,
  seed: number,
  engine: EngineName,
  withoutFaults = false,
): void {
  const problems =
    engine === 'k6' ? problemsInK6(scenario, seed, withoutFaults) : problemsOutsideK6(scenario);
  if (problems.length === 0) return;
  throw new UsageError(
    `the ${engine} engine cannot do what ${scenario.name} asks of it: ${problems.join('; ')}`,
    { code: 'RF-ENGINE-CANNOT', hint: engine === 'k6' ? '--engine embedded' : '--engine k6' },
  );
}

function problemsOutsideK6({ load }: Scenario): readonly string[] {
  return load.k6 === undefined ? [] : [`its load is a script for k6, ${load.k6.script}`];
}

function problemsInK6(scenario: Scenario, seed: number, withoutFaults: boolean): readonly string[] {
  const others = scenario.load.groups
    .filter(({ client }) => client.kind !== 'embedded')
    .map(({ name, client }) => `group '${name}' has a client of its own, ${client.kind}`);
  if (withoutFaults) return others;
  const loadUs = durationUs(scenario.load.duration);
  const { faults } = timelineOf(scenario.faults, loadUs, plannedView(scenario, seed));
  const surroundings = faults
    .filter(({ plan }) => plan.orders.some(({ to }) => to === 'callers'))
    .map(({ name }) => `fault '${name}': what surrounds a caller inside k6 cannot be changed while it runs`);
  return [...others, ...new Set(surroundings)];
}

/**
 * The k6 of this machine, and the script that it shall run.
 * @throws EnvironmentError without k6; UsageError where the scenario names a script that is not there.
 */
export async function k6For({
  scenario,
  path,
}: Pick<LoadedScenario, 'scenario' | 'path'>): Promise<NonNullable<EngineConfig['k6']>> {
  const { path: program, version } = await requireTool('k6');
  const found = { path: program, version };
  if (scenario.load.k6 === undefined) return found;
  const script = resolve(dirname(path), scenario.load.k6.script);
  if (existsSync(script)) return { ...found, script };
  throw new UsageError(
    `load.k6.script of ${path} names ${scenario.load.k6.script}, and there is no such file`,
    {
      code: 'RF-SCRIPT-UNUSABLE',
      hint: `the path is read from the folder of the scenario: ${script}`,
    },
  );
}
