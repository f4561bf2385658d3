/**
 * Makes one run folder of what several k6 wrote, each on its machine, from one exported load. The parts are read twice,
 * once to see whether they belong together and once to write their rows, so that their size does not matter.
 */

import { rm, writeFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { basename, join } from 'node:path';
import { hostOfEndpointName } from '../aws/endpoints.ts';
import { endpointsOf } from '../failover/spec.ts';
import type { LoadEnded } from '../journal/event.ts';
import { createRunFolder, RUN_FILES } from '../journal/run-folder.ts';
import { openSampleWriter, openServiceWriter } from '../journal/sample-writer.ts';
import { createK6Journal } from '../k6/k6-journal.ts';
import { type Arrival, planArrivals } from '../load/arrival-plan.ts';
import { callerRecords, type EngineGroup } from '../load/resolved-group.ts';
import type { LoadedScenario } from '../scenario/load-scenario.ts';
import type { Scenario } from '../scenario/schema.ts';
import { serviceFactsOf } from '../scenario/service-facts.ts';
import { durationUs } from '../time/duration.ts';
import { monotonicUs } from '../time/monotonic.ts';
import { createRandom } from '../time/random.ts';
import { VERSION } from '../version.ts';
import { explainDiskTrouble } from './disk-trouble.ts';
import { makeReport } from './make-report.ts';
import { readPart } from './merge-part.ts';
import { type Survey, surveyParts } from './merge-survey.ts';
import { openRunLog } from './run-log.ts';
import type { RunResult } from './run-scenario.ts';
import type { ScenarioRecord } from './scenario-record.ts';
import { plannedView } from './scenario-world.ts';

export interface MergeOptions {
  readonly scenario: LoadedScenario;
  readonly seed: number;
  /** Files, plain or gzipped. */
  readonly parts: readonly string[];
  readonly outDir: string;
}

/** What all that is written is about. */
interface Merged {
  readonly folder: string;
  readonly scenario: Scenario;
  readonly hash: string;
  readonly seed: number;
  readonly groups: readonly EngineGroup[];
  /** Undefined where a script of the user's own decided when it called. */
  readonly arrivals: readonly Arrival[] | undefined;
  readonly survey: Survey;
}

/** @throws UsageError when the parts do not belong together; nothing is written then. */
export async function mergeParts({
  scenario: loaded,
  seed,
  parts,
  outDir,
}: MergeOptions): Promise<RunResult> {
  const { scenario, hash } = loaded;
  const { load } = scenario;
  const arrivals =
    load.k6 === undefined
      ? planArrivals(load.groups, durationUs(load.duration), createRandom(seed).fork('arrivals'))
      : undefined;
  const groups: readonly EngineGroup[] = load.groups.map((group) => ({
    ...group,
    targets: endpointsOf(group.policy).map((endpoint) => ({ host: hostOfEndpointName(endpoint) })),
  }));
  const names = groups.map(({ name }) => name);
  const survey = await surveyParts({ paths: parts, hash, seed, arrivals, groups: names });
  const folder = await createRunFolder(outDir, scenario.name, Date.now());
  try {
    const merged: Merged = { folder, scenario, hash, seed, groups, arrivals, survey };
    await writeRecord(merged);
    const ended = await writeSamples(merged);
    writeEvents(merged, ended);
    const { json } = await makeReport(folder, ['html', 'json'], true);
    return { folder, json, exitCode: json.exitCode };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function writeRecord({ folder, scenario, hash, seed }: Merged): Promise<void> {
  const record: ScenarioRecord = {
    schema: 1,
    hash,
    seed,
    engine: 'k6',
    network: 'embedded',
    // Whoever holds the world breaks it, and no journal of ours tells when.
    withoutFaults: true,
    service: serviceFactsOf(scenario, seed),
    scenario,
  };
  const path = join(folder, RUN_FILES.scenario);
  await writeFile(path, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
}

/** Rows between two writes to the disk. */
const BATCH_ROWS = 50_000;

async function writeSamples({ folder, groups, arrivals, survey }: Merged): Promise<LoadEnded> {
  await (await openServiceWriter(join(folder, RUN_FILES.service))).close();
  const writer = await openSampleWriter(join(folder, RUN_FILES.samples));
  let waiting = 0;
  const journal = createK6Journal({
    groups,
    arrivals,
    write: (sample) => {
      writer.write(sample);
      waiting += 1;
    },
  });
  const pause = async (): Promise<void> => {
    if (waiting < BATCH_ROWS) return;
    waiting = 0;
    await writer.flush();
  };
  try {
    journal.begin(survey.startMs * 1_000);
    for (const { path } of survey.parts)
      await readPart(path, { attempt: journal.attempt, dropped: journal.dropped, pause });
  } finally {
    await writer.close();
  }
  // Without a plan there is nothing that could be missing from it.
  return arrivals === undefined ? journal.end(0, false) : journal.heardOnly(arrivals.length);
}

function writeEvents({ folder, scenario, seed, groups, arrivals, survey }: Merged, ended: LoadEnded): void {
  const log = openRunLog(join(folder, RUN_FILES.events), () => {});
  const { parts, startMs, lacks, words } = survey;
  const warn = (text: string): void => void log.write({ kind: 'note', level: 'warning', text });
  log.write({
    kind: 'run.opened',
    runId: basename(folder),
    scenario: scenario.name,
    seed,
    versions: { regionfall: VERSION, node: process.versions.node },
    machine: {
      platform: `${process.platform}-${process.arch}`,
      cpus: availableParallelism(),
      memoryMb: Math.round(totalmem() / 1_048_576),
    },
    engine: 'k6',
    network: 'embedded',
  });
  warn(
    `This run was made by k6 on ${parts.length === 1 ? 'another machine' : `${parts.length} machines`}, from ${new Date(startMs).toISOString()} on, and brought together here: no fault was carried out or seen by Regionfall, and what the service itself saw is not in this folder.`,
  );
  for (const { name, start, counts, sent } of parts) {
    const text = `${name} has the share ${start.segment || '0:1'}: ${counts.requests} requests counted by k6, ${sent} attempts told.`;
    log.write({ kind: 'note', level: 'info', text });
  }
  for (const text of words) warn(text);
  const { links, accounts } = plannedView(scenario, seed);
  log.write({
    kind: 'world.ready',
    era: scenario.era,
    regions: scenario.regions,
    links,
    accounts: accounts.map(({ id, partition }) => ({ id, partition })),
    networkLimits: [],
  });
  const settings = `${parts.length} part${parts.length === 1 ? '' : 's'} of one plan`;
  log.write({
    kind: 'callers.described',
    clients: groups.map(({ name: group }) => ({ group, client: 'k6', settings })),
  });
  log.write({
    kind: 'load.started',
    // The zero of a run whose samples are on its own clock already.
    originUs: monotonicUs(),
    durationUs: durationUs(scenario.load.duration),
    planned: arrivals?.length ?? ended.counts.planned,
    callers: callerRecords(groups),
  });
  log.write(ended);
  if (lacks.length > 0) log.write({ kind: 'run.aborted', by: 'failure', reason: lacks.join('; ') });
  log.close();
  if (log.failed.aborted) throw explainDiskTrouble(log.failed.reason, folder);
}
