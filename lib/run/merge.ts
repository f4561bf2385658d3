/**
 * Makes one run folder of what several k6 wrote, each on its machine, from one exported load. What does not fit together
 * is refused with its name; what is missing makes the run inconclusive, and the report says how much.
 */

import { createReadStream } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { basename, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { hostOfEndpointName } from '../aws/endpoints.ts';
import { UsageError } from '../errors/regionfall-error.ts';
import { endpointsOf } from '../failover/spec.ts';
import { createRunFolder, RUN_FILES } from '../journal/run-folder.ts';
import { openSampleWriter, openServiceWriter } from '../journal/sample-writer.ts';
import { createK6Journal } from '../k6/k6-journal.ts';
import { createK6Reader, type K6Attempt } from '../k6/reader.ts';
import { type Arrival, planArrivals } from '../load/arrival-plan.ts';
import { callerRecords, type EngineGroup } from '../load/resolved-group.ts';
import type { LoadedScenario } from '../scenario/load-scenario.ts';
import { serviceFactsOf } from '../scenario/service-facts.ts';
import { durationUs, formatDurationUs } from '../time/duration.ts';
import { monotonicUs } from '../time/monotonic.ts';
import { createRandom } from '../time/random.ts';
import { VERSION } from '../version.ts';
import { makeReport } from './make-report.ts';
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

/** A part as it was read. */
interface Part {
  readonly name: string;
  readonly attempts: readonly K6Attempt[];
  readonly requests: number;
  readonly strangers: number;
  readonly iterations: number;
  /** Bytes of a last line that was cut off. */
  readonly cut: number;
  readonly unreadable: number;
}

/** Starts that differ by more were not the agreed one. */
const START_US_MOST = 1_000;
/** A clock that is off by more against the service's makes its part's times worthless. */
const CLOCK_MS_MOST = 1_000;
/** Off by more is worth a word. */
const CLOCK_MS_TOLD = 50;

/** @throws UsageError when the parts do not belong together; nothing is written then. */
export async function mergeParts({
  scenario: loaded,
  seed,
  parts: paths,
  outDir,
}: MergeOptions): Promise<RunResult> {
  const { scenario, hash } = loaded;
  const loadUs = durationUs(scenario.load.duration);
  const arrivals = planArrivals(scenario.load.groups, loadUs, createRandom(seed).fork('arrivals'));
  const parts = await Promise.all(paths.map(readPart));
  const originWallUs = agreedStart(parts, arrivals);
  refuseDoubles(parts);
  const clocks = parts.map(clockOf);

  const folder = await createRunFolder(outDir, scenario.name, Date.now());
  try {
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
    await writeFile(join(folder, RUN_FILES.scenario), `${JSON.stringify(record, null, 2)}\n`, {
      mode: 0o600,
    });
    const writer = await openSampleWriter(join(folder, RUN_FILES.samples));
    await (await openServiceWriter(join(folder, RUN_FILES.service))).close();
    const groups: readonly EngineGroup[] = scenario.load.groups.map((group) => ({
      ...group,
      targets: endpointsOf(group.policy).map((endpoint) => ({ host: hostOfEndpointName(endpoint) })),
    }));
    const journal = createK6Journal({ groups, arrivals, write: (sample) => writer.write(sample) });
    journal.begin(originWallUs);
    for (const { attempts } of parts) for (const attempt of attempts) journal.attempt(attempt);
    const ended = journal.heardOnly(arrivals.length);
    await writer.close();

    const log = openRunLog(join(folder, RUN_FILES.events), () => {});
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
    log.write({
      kind: 'note',
      level: 'warning',
      text: `This run was made by k6 on ${parts.length === 1 ? 'another machine' : `${parts.length} machines`} and brought together here: no fault was carried out or seen by Regionfall, and what the service itself saw is not in this folder.`,
    });
    for (const [index, part] of parts.entries()) {
      for (const text of wordsOn(part, clocks[index] ?? 0))
        log.write({ kind: 'note', level: 'warning', text });
    }
    const { links, accounts } = plannedView(scenario, seed);
    log.write({
      kind: 'world.ready',
      era: scenario.era,
      regions: scenario.regions,
      links,
      accounts: accounts.map(({ id, partition }) => ({ id, partition })),
      networkLimits: [],
    });
    log.write({
      kind: 'callers.described',
      clients: scenario.load.groups.map(({ name: group }) => ({
        group,
        client: 'k6',
        settings: `${parts.length} part${parts.length === 1 ? '' : 's'} of one plan`,
      })),
    });
    // The zero of a run whose samples are on its own clock already.
    const originUs = monotonicUs();
    log.write({
      kind: 'load.started',
      originUs,
      durationUs: loadUs,
      planned: arrivals.length,
      callers: callerRecords(groups),
    });
    log.write(ended);
    log.close();
    const { json } = await makeReport(folder, ['html', 'json'], true);
    return { folder, json, exitCode: json.exitCode };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function readPart(path: string): Promise<Part> {
  const attempts: K6Attempt[] = [];
  const reader = createK6Reader((attempt) => attempts.push(attempt));
  const file = createReadStream(path);
  const stream = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  file.on('error', (error) => stream.destroy(error));
  let broken = false;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) reader.push(chunk);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    // A compressed file that was cut off tells all that came before.
    if (code === 'Z_BUF_ERROR' && attempts.length > 0) broken = true;
    else {
      throw new UsageError(`the part ${path} cannot be read: ${(cause as Error).message}`, {
        code: 'RF-PART-UNREADABLE',
        hint: 'a part is what k6 wrote by --out json=FILE, plain or ending in .gz',
        cause,
      });
    }
  }
  const cut = reader.end();
  if (attempts.length === 0) {
    throw new UsageError(`the part ${path} holds no attempt of an exported load`, {
      code: 'RF-PART-UNREADABLE',
      hint: 'it must come from the script of `regionfall k6 export`, run with --out json=FILE',
    });
  }
  const { requests, strangers, iterations, unreadable } = reader.counts;
  return {
    name: basename(path),
    attempts,
    requests,
    strangers,
    iterations,
    unreadable,
    cut: broken ? Math.max(1, cut) : cut,
  };
}

/** Each row says when its arrival was planned; the plan says how long after the start that is. */
function agreedStart(parts: readonly Part[], arrivals: readonly Arrival[]): number {
  const starts = parts.map(({ name, attempts }) => {
    const origins = attempts.flatMap(({ arrival, plannedUs }) => {
      const planned = arrivals[arrival];
      return planned === undefined ? [] : [plannedUs - planned.plannedUs];
    });
    const first = origins[0];
    if (first === undefined || origins.some((us) => Math.abs(us - first) > START_US_MOST)) {
      throw new UsageError(`the part ${name} was not made from this scenario with this seed`, {
        code: 'RF-PARTS-APART',
        hint: 'give the scenario and the seed that it was exported with',
      });
    }
    return { name, startUs: first };
  });
  const [agreed, ...others] = starts;
  const other = others.find(({ startUs }) => Math.abs(startUs - (agreed?.startUs ?? 0)) > START_US_MOST);
  if (agreed === undefined)
    throw new UsageError('there is no part', {
      code: 'RF-PART-UNREADABLE',
      hint: 'name the files that k6 wrote',
    });
  if (other === undefined) return agreed.startUs;
  throw new UsageError(
    `${other.name} began ${formatDurationUs(Math.abs(other.startUs - agreed.startUs))} ${other.startUs > agreed.startUs ? 'after' : 'before'} ${agreed.name}: they had no common start`,
    { code: 'RF-PARTS-APART', hint: 'run every part with the same REGIONFALL_START' },
  );
}

function refuseDoubles(parts: readonly Part[]): void {
  const owners = new Map<number, string>();
  for (const { name, attempts } of parts) {
    const own = new Set(attempts.map(({ arrival }) => arrival));
    for (const arrival of own) {
      const owner = owners.get(arrival);
      if (owner !== undefined) {
        throw new UsageError(
          `${owner} and ${name} both hold arrival ${arrival}: a part was run or named twice`,
          {
            code: 'RF-PARTS-APART',
            hint: 'name each part once',
          },
        );
      }
      owners.set(arrival, name);
    }
  }
}

/** How far a part's clock was ahead of the service's, milliseconds: the answer was made somewhere within the attempt. */
function clockOf({ name, attempts }: Part): number {
  const offsets = attempts
    .filter(({ servedAtMs }) => servedAtMs > 0)
    .map(({ endedUs, tookUs, servedAtMs }) => (endedUs - tookUs / 2) / 1_000 - servedAtMs)
    .sort((one, other) => one - other);
  const offset = offsets[Math.floor(offsets.length / 2)] ?? 0;
  if (Math.abs(offset) <= CLOCK_MS_MOST) return offset;
  throw new UsageError(
    `the clock of ${name} was ${formatDurationUs(Math.abs(offset) * 1_000)} ${offset > 0 ? 'ahead of' : 'behind'} the service’s: its calls came at another time than planned`,
    {
      code: 'RF-PARTS-APART',
      hint: 'set the clocks of all machines by the same source, and run that part again',
    },
  );
}

function wordsOn({ name, cut, unreadable, strangers }: Part, clockMs: number): readonly string[] {
  return [
    ...(cut > 0 ? [`${name} was cut off: calls that it made after that are missing.`] : []),
    ...(unreadable > 0 ? [`${name} holds ${unreadable} lines that could not be read.`] : []),
    ...(strangers > 0
      ? [`${name} made ${strangers} requests past regionfall/k6, of which no sample knows.`]
      : []),
    ...(Math.abs(clockMs) > CLOCK_MS_TOLD
      ? [
          `The clock of ${name} was ${Math.round(Math.abs(clockMs))} ms ${clockMs > 0 ? 'ahead of' : 'behind'} the service’s.`,
        ]
      : []),
  ];
}
