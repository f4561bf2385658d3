/**
 * Runs one scenario from nothing to a sealed folder: sweeps what earlier runs left, conducts, judges, reports. The
 * order of those four is the promise: nothing is judged before everything is healed.
 */

import { rm, writeFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { basename, join } from 'node:path';
import { sweep } from '../chaos/leftovers.ts';
import { RegionfallError } from '../errors/regionfall-error.ts';
import type { JournalEvent } from '../journal/event.ts';
import { createRunFolder, RUN_FILES } from '../journal/run-folder.ts';
import type { LoadedScenario } from '../scenario/load-scenario.ts';
import { VERSION } from '../version.ts';
import type { Sabotage, WorldOptions } from '../world/local-world.ts';
import { conduct } from './conduct.ts';
import { makeReport } from './make-report.ts';
import type { RunJson } from './run-json.ts';
import { openRunLog } from './run-log.ts';
import type { ScenarioRecord } from './scenario-record.ts';
import { createStop } from './stop.ts';

export interface RunOptions {
  readonly scenario: LoadedScenario;
  readonly seed: number;
  /** Run folders are made in it. */
  readonly outDir: string;
  readonly engine: 'embedded';
  readonly network: WorldOptions['network'];
  /** Measures the baseline: same world, same load, no fault. */
  readonly withoutFaults: boolean;
  /** Told of every event as it is journalled, and of the folder that it is journalled in. */
  readonly onEvent?: (event: JournalEvent, folder: string) => void;
  /** First signal: an orderly abort. */
  readonly signal: AbortSignal;
  readonly sabotage?: Sabotage;
}

export interface RunResult {
  readonly folder: string;
  readonly json: RunJson;
  readonly exitCode: number;
}

/**
 * Resolves for every verdict, aborted and inconclusive included.
 * @throws RegionfallError when the machine lacks something; no folder is left then.
 */
export async function runScenario(options: RunOptions): Promise<RunResult> {
  const { scenario: loaded, seed, engine, network, withoutFaults, outDir } = options;
  const found = await sweep(outDir);
  const folder = await createRunFolder(outDir, loaded.scenario.name, Date.now());
  const record: ScenarioRecord = {
    schema: 1,
    hash: loaded.hash,
    seed,
    engine,
    network,
    withoutFaults,
    scenario: loaded.scenario,
  };
  await writeFile(join(folder, RUN_FILES.scenario), `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  const log = openRunLog(join(folder, RUN_FILES.events), (event) => options.onEvent?.(event, folder));
  log.write({
    kind: 'run.opened',
    runId: basename(folder),
    scenario: loaded.scenario.name,
    seed,
    versions: { regionfall: VERSION, node: process.versions.node },
    machine: {
      platform: `${process.platform}-${process.arch}`,
      cpus: availableParallelism(),
      memoryMb: Math.round(totalmem() / 1_048_576),
    },
    engine,
    network,
  });
  if (found.length > 0) log.write({ kind: 'leftovers.healed', found });
  try {
    await conduct({
      ...options,
      scenario: loaded.scenario,
      folder,
      log,
      stop: createStop(log, options.signal),
    });
  } catch (error) {
    log.close();
    // Nothing was measured: an empty folder would only look like a run.
    if (error instanceof RegionfallError) await rm(folder, { recursive: true, force: true });
    throw error;
  }
  log.close();
  const { json } = await makeReport(folder, ['html', 'json'], true);
  return { folder, json, exitCode: json.exitCode };
}
