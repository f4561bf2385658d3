/** Which of a run's faults is in force, by the plan: for tags on what k6 itself measures, and for thresholds on them. */

import exec from 'k6/execution';
import { config } from './config.ts';
import { phaseAt } from './phase-at.ts';
import { durationMs, nowUs } from './planned.ts';

/**
 * `before` the first fault, its name while one is in force (`one+other` for two), `after` when none is any more.
 * Undefined where nobody breaks anything: outside of a run, and in `setup` and `teardown`. A fault bites a little after
 * its planned moment; the report counts from the moments that were proved.
 */
export function phase(): string | undefined {
  const phases = config?.phases;
  if (phases === undefined || phases.length === 0 || exec.vu.idInTest === 0) return undefined;
  return phaseAt(phases, nowUs() - originMs() * 1_000);
}

/** The executors begin at the run's zero, when `setup` has waited for it; each says how much later its own is. */
function originMs(): number {
  const scenarios = exec.test.options.scenarios as Readonly<Record<string, { startTime?: string | null }>>;
  return exec.scenario.startTime - durationMs(scenarios[exec.scenario.name]?.startTime ?? '0');
}
