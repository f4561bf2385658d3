/**
 * `run`: scenarios one after the other, with progress on standard error and verdicts on standard output. What a run
 * is and how it ends is decided in `lib/run`; this shows it.
 */

import { leverPath } from '../../run/lever.ts';
import type { RunResult } from '../../run/run-scenario.ts';
import { type LoadedScenario, loadScenarios } from '../../scenario/load-scenario.ts';
import { monotonicUs } from '../../time/monotonic.ts';
import { combinedExitCode, EXIT } from '../exit-codes.ts';
import type { EngineName, NetworkName, WorldName } from '../option-values.ts';
import { openProgress, type Progress, type ProgressMode } from '../progress/progress.ts';
import type { Terminal } from '../terminal.ts';
import { verdictLines } from '../verdict-text.ts';
import { withInterrupts } from './with-interrupts.ts';

export interface RunCommandOptions {
  /** Files, folders or names. */
  readonly scenarios: readonly string[];
  readonly engine: EngineName;
  readonly network: NetworkName;
  readonly world: WorldName;
  readonly seed: number;
  readonly out: string;
  readonly json: boolean;
  readonly events?: 'ndjson';
  readonly progress: ProgressMode;
  readonly dryRun: boolean;
  readonly withoutFaults: boolean;
}

/** Returns the exit code of the worst verdict. An abort leaves the scenarios that were not begun yet. */
export async function runCommand(options: RunCommandOptions, terminal: Terminal): Promise<number> {
  // All are read before the first is run: a mistake in the last is found now and not in ten minutes.
  const scenarios = (await Promise.all(options.scenarios.map((name) => loadScenarios(name)))).flat();
  if (!options.withoutFaults) {
    const { refuseWhatNetworkCannot } = await import('../../run/network-limits.ts');
    for (const { scenario } of scenarios) refuseWhatNetworkCannot(scenario, options.seed, options.network);
  }
  if (options.dryRun) return printPlans(scenarios, options, terminal);
  if (options.world === 'containers') {
    const { runInContainers } = await import('./run-in-containers.ts');
    return await runInContainers(scenarios, options, terminal);
  }
  const codes: number[] = [];
  for (const scenario of scenarios) {
    const result = await runOne(scenario, options, terminal);
    codes.push(result.exitCode);
    printResult(result, options, terminal);
    if (result.exitCode === EXIT.aborted) break;
  }
  return combinedExitCode(codes);
}

async function runOne(
  scenario: LoadedScenario,
  options: RunCommandOptions,
  terminal: Terminal,
): Promise<RunResult> {
  const { runScenario } = await import('../../run/run-scenario.ts');
  using progress = openProgress(options.progress, terminal, monotonicUs);
  return await withInterrupts(interruptTexts(progress), (signal) =>
    runScenario({
      scenario,
      seed: options.seed,
      outDir: options.out,
      engine: options.engine,
      network: options.network,
      withoutFaults: options.withoutFaults,
      onEvent: (event) => {
        progress.event(event);
        if (options.events === 'ndjson') terminal.result(JSON.stringify(event));
      },
      signal,
      lever: leverPath(terminal.env),
    }),
  );
}

function interruptTexts(progress: Progress): Parameters<typeof withInterrupts>[0] {
  return {
    onFirst: (cause) =>
      progress.message(
        `${cause}: the load ends, faults are lifted and a report marked aborted is written. Once more leaves at once; the guardian then heals.`,
      ),
    onSecond: () => progress[Symbol.dispose](),
  };
}

function printResult({ json }: RunResult, options: RunCommandOptions, terminal: Terminal): void {
  if (options.json) terminal.result(JSON.stringify(json));
  else if (options.events === undefined)
    for (const line of verdictLines(json, terminal)) terminal.result(line);
}

async function printPlans(
  scenarios: readonly LoadedScenario[],
  options: RunCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const { describePlan } = await import('../../run/dry-run.ts');
  for (const scenario of scenarios) {
    const plan = describePlan(scenario, options.seed);
    terminal.result(options.json ? JSON.stringify(plan.json) : plan.text);
  }
  return EXIT.pass;
}
