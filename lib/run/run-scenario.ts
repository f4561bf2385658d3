/**
 * Runs one scenario from nothing to a sealed folder: sweeps what earlier runs left, conducts, judges, reports. The
 * order of those four is the promise: nothing is judged before everything is healed.
 */

import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { basename, join } from 'node:path';
import { sweep } from '../chaos/leftovers.ts';
import { RegionfallError } from '../errors/regionfall-error.ts';
import type { JournalEvent } from '../journal/event.ts';
import { createRunFolder, RUN_FILES } from '../journal/run-folder.ts';
import type { LoadedScenario } from '../scenario/load-scenario.ts';
import { serviceFactsOf } from '../scenario/service-facts.ts';
import { VERSION } from '../version.ts';
import type { Sabotage, WorldOptions } from '../world/local-world.ts';
import { type ConductOptions, conduct } from './conduct.ts';
import { explainDiskTrouble } from './disk-trouble.ts';
import { type EngineName, k6For, refuseWhatEngineCannot, withEngine } from './engines.ts';
import { leverPath, refuseWhenHalted, watchLever } from './lever.ts';
import { makeReport } from './make-report.ts';
import { refuseWhatNetworkCannot } from './network-limits.ts';
import type { RunJson } from './run-json.ts';
import { openRunLog, type RunLog } from './run-log.ts';
import type { ScenarioRecord } from './scenario-record.ts';
import { createStop } from './stop.ts';

export interface RunOptions {
  readonly scenario: LoadedScenario;
  readonly seed: number;
  /** Run folders are made in it. */
  readonly outDir: string;
  readonly engine: EngineName;
  readonly network: WorldOptions['network'];
  /** Measures the baseline: same world, same load, no fault. */
  readonly withoutFaults: boolean;
  /** Told of every event as it is journalled, and of the folder that it is journalled in. */
  readonly onEvent?: (event: JournalEvent, folder: string) => void;
  /** First signal: an orderly abort. */
  readonly signal: AbortSignal;
  /** File of the lever that stops everything; without it the one in the user's state folder. */
  readonly lever?: string;
  readonly sabotage?: Sabotage;
}

export interface RunResult {
  readonly folder: string;
  readonly json: RunJson;
  readonly exitCode: number;
}

/**
 * Resolves for every verdict, aborted and inconclusive included.
 * @throws RegionfallError when the lever is pulled, the network cannot do what is asked of it, or the machine lacks
 *   something. No folder is left then, unless a full disk came in mid-run: what had been written until then stays, and
 *   is told to be partial.
 */
export async function runScenario(options: RunOptions): Promise<RunResult> {
  const { scenario, seed, network, lever = leverPath() } = options;
  refuseWhenHalted(lever);
  if (!options.withoutFaults) refuseWhatNetworkCannot(scenario.scenario, seed, network);
  refuseWhatEngineCannot(scenario, seed, options.engine, options.withoutFaults);
  const k6 = options.engine === 'k6' ? await k6For(scenario) : undefined;
  using watch = watchLever(lever);
  const signal = AbortSignal.any([options.signal, watch.signal]);
  let place = options.outDir;
  try {
    const found = await sweep(place);
    place = await createRunFolder(place, scenario.scenario.name, Date.now());
    await conductIn(place, { ...options, signal }, found, k6);
    // A run that was stopped before anything was measured has no samples; its folder says so and stays open.
    const { json } = await makeReport(place, ['html', 'json'], existsSync(join(place, RUN_FILES.samples)));
    return { folder: place, json, exitCode: json.exitCode };
  } catch (error) {
    throw explainDiskTrouble(error, place);
  }
}

/** @param found What earlier runs had left. */
async function conductIn(
  folder: string,
  options: RunOptions,
  found: readonly string[],
  k6: ConductOptions['k6'],
): Promise<void> {
  const { seed, engine, network, withoutFaults } = options;
  const loaded = { ...options.scenario, scenario: withEngine(options.scenario.scenario, engine) };
  const record: ScenarioRecord = {
    schema: 1,
    hash: loaded.hash,
    seed,
    engine,
    network,
    withoutFaults,
    service: serviceFactsOf(loaded.scenario, seed),
    scenario: loaded.scenario,
  };
  let log: RunLog | undefined;
  try {
    await writeFile(join(folder, RUN_FILES.scenario), `${JSON.stringify(record, null, 2)}\n`, {
      mode: 0o600,
    });
    log = openRunLog(join(folder, RUN_FILES.events), (event) => options.onEvent?.(event, folder));
    log.write({
      kind: 'run.opened',
      runId: basename(folder),
      scenario: loaded.scenario.name,
      seed,
      versions: {
        regionfall: VERSION,
        node: process.versions.node,
        ...(k6 === undefined ? {} : { k6: k6.version }),
      },
      machine: {
        platform: `${process.platform}-${process.arch}`,
        cpus: availableParallelism(),
        memoryMb: Math.round(totalmem() / 1_048_576),
      },
      engine,
      network,
    });
    if (found.length > 0) log.write({ kind: 'leftovers.healed', found });
    const stop = createStop(log, options.signal);
    await conduct({
      ...options,
      scenario: loaded.scenario,
      folder,
      log,
      stop,
      ...(k6 === undefined ? {} : { k6 }),
    });
  } catch (error) {
    log?.close();
    // Nothing was measured: an empty folder would only look like a run.
    const trouble = explainDiskTrouble(error, folder);
    if (trouble instanceof RegionfallError) await rm(folder, { recursive: true, force: true });
    throw trouble;
  }
  log.close();
  if (log.failed.aborted) throw log.failed.reason;
}
