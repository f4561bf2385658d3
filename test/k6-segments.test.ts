/** A load past one machine, proved on one: four parts of an exported load are, brought together, the whole. */

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSamples, readServiceRecords } from '../lib/journal/reader.ts';
import { RUN_FILES } from '../lib/journal/run-folder.ts';
import { type ExportOptions, exportLoad } from '../lib/k6/export.ts';
import { planArrivals } from '../lib/load/arrival-plan.ts';
import { arrivalsOfSamples } from '../lib/measure/arrivals.ts';
import { Histogram } from '../lib/measure/histogram.ts';
import { quantile } from '../lib/measure/intervals.ts';
import { mergeParts } from '../lib/run/merge.ts';
import { type LoadedScenario, loadScenario } from '../lib/scenario/load-scenario.ts';
import { durationUs } from '../lib/time/duration.ts';
import { monotonicUs } from '../lib/time/monotonic.ts';
import { createRandom } from '../lib/time/random.ts';
import { openWorld, type World } from '../lib/world/local-world.ts';
import { upJson } from '../lib/world/up-json.ts';
import { partOrSkip } from './required-part.ts';
import { scenarioFile, temporaryFolder } from './story.ts';

const k6 = await partOrSkip('k6');
const SEED = 11;
const PARTS = 4;
/** All of k6 must be up by then, on a machine that does other things besides. */
const LEAD_MS = 5_000;

const GROUP = {
  name: 'app',
  location: 'eu-west-1',
  callers: 10,
  ratePerSecond: 60,
  operations: { AssumeRole: 2, GetCallerIdentity: 1 },
  policy: { kind: 'ordered', endpoints: ['eu-west-1', 'eu-central-1'], attemptTimeLimitMs: 1_000 },
};

const SCENARIO = {
  name: 'past-one-machine',
  question: 'Are four parts the whole?',
  regions: ['eu-west-1', 'eu-central-1'],
  load: { duration: '2s', drain: '1s', groups: [GROUP] },
  expect: [{ name: 'all are served', kind: 'success-ratio', group: 'app', phase: 'all', atLeast: 0.9 }],
};

const OWN = {
  ...SCENARIO,
  name: 'own-past-one-machine',
  load: { ...SCENARIO.load, groups: [{ ...GROUP, name: 'own' }], k6: { script: './own.k6.ts' } },
  expect: [{ ...SCENARIO.expect[0], group: 'own' }],
};

const OWN_SCRIPT = `
import { caller, options as worldOptions } from 'regionfall/k6';

const sts = caller('own');
export const options = {
  ...worldOptions(),
  scenarios: {
    steady: { executor: 'constant-arrival-rate', rate: 20, timeUnit: '1s', duration: '2s', preAllocatedVUs: 4 },
  },
};
export default async function () {
  await sts.assumeRole();
}
`;

k6.suite('an exported load', () => {
  let folder: string;
  let world: World;
  let loaded: LoadedScenario;
  let own: LoadedScenario;
  const log = (): string => join(folder, 'service.arrows');
  const partsOf = (name: string, parts: number): string[] =>
    Array.from({ length: parts }, (_, index) => join(folder, name, `part-${index + 1}.json.gz`));
  const all = (): string[] => partsOf('load', PARTS);
  const merge = (scenario: LoadedScenario, parts: readonly string[]) =>
    mergeParts({ scenario, seed: SEED, parts, outDir: temporaryFolder('merged') });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'regionfall-segments-'));
    writeFileSync(join(folder, 'own.k6.ts'), OWN_SCRIPT);
    const scenarioAt = async (name: string, scenario: object): Promise<LoadedScenario> => {
      const path = join(folder, `${name}.scenario.json`);
      writeFileSync(path, JSON.stringify(scenario));
      return await loadScenario(path);
    };
    loaded = await scenarioAt('story', SCENARIO);
    own = await scenarioAt('own', OWN);
    world = await openWorld({
      regions: SCENARIO.regions,
      global: false,
      locations: ['eu-west-1'],
      network: 'embedded',
      seed: 7,
      edges: [],
    });
    writeFileSync(join(folder, 'ca.pem'), world.caPem);
    writeFileSync(join(folder, 'world.json'), JSON.stringify(upJson(world, join(folder, 'ca.pem'))));
    mkdirSync(join(folder, 'bin'));
    symlinkSync(k6.path, join(folder, 'bin', 'k6'));
    await exportTo(join(folder, 'load'), loaded, { segments: PARTS });
    await exportTo(join(folder, 'own'), own, { segments: 2, script: join(folder, 'own.k6.ts') });
    await world.service.call('beginLog', { path: log(), originUs: monotonicUs() });
    const start = String(Date.now() + LEAD_MS);
    await Promise.all([
      ...all().map((_, index) => runPart(folder, 'load', index + 1, start)),
      ...[1, 2].map((part) => runPart(folder, 'own', part, start)),
    ]);
    await world.service.call('endLog', undefined);
  }, 60_000);

  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  const requestIds = (merged: string): string[] => {
    const { requestId, length } = readSamples(join(merged, RUN_FILES.samples));
    return Array.from({ length }, (_, row) => requestId.at(row)).toSorted();
  };
  /** Of the callers whose names begin so. */
  const served = (group: string): string[] => {
    const { requestId, caller, length } = readServiceRecords(log());
    const rows = Array.from({ length }, (_, row) => row).filter((row) => caller.at(row).startsWith(group));
    return rows.map((row) => requestId.at(row)).toSorted();
  };

  it('is the whole plan when its parts are brought together, to the request that the service saw', async () => {
    const { folder: merged, json } = await merge(loaded, all());
    expect(json).toMatchObject({ verdict: 'pass', engine: 'k6' });
    const samples = readSamples(join(merged, RUN_FILES.samples));
    const loadUs = durationUs(loaded.scenario.load.duration);
    const plan = planArrivals(loaded.scenario.load.groups, loadUs, createRandom(SEED).fork('arrivals'));
    const arrivals = arrivalsOfSamples(samples).toSorted((one, other) => one.arrival - other.arrival);
    expect(arrivals.map(({ arrival, plannedUs, caller }) => ({ arrival, plannedUs, caller }))).toEqual(
      plan.map(({ arrival, plannedUs, caller }) => ({ arrival, plannedUs, caller: `app-${caller + 1}` })),
    );
    expect(requestIds(merged)).toEqual(served('app-'));
  });

  it('has the latencies of its parts, added', async () => {
    const histogramOf = async (parts: readonly string[]) => {
      const { folder: merged } = await merge(loaded, parts);
      const histogram = new Histogram();
      for (const { latencyUs } of arrivalsOfSamples(readSamples(join(merged, RUN_FILES.samples))))
        histogram.record(latencyUs);
      return histogram;
    };
    const sum = new Histogram();
    for (const one of all()) sum.merge(await histogramOf([one]));
    const whole = await histogramOf(all());
    expect(sum.n).toBe(whole.n);
    for (const p of [0.1, 0.5, 0.9, 0.99]) expect(quantile(sum, p)).toBe(quantile(whole, p));
  });

  it('that lacks a part is inconclusive, and says which and how much is missing', async () => {
    const { json } = await merge(loaded, all().slice(1));
    expect(json.verdict).toBe('inconclusive');
    expect(json.reasons.join(' ')).toMatch(/no part has the share 0:1\/4 of the load/);
    expect(json.reasons.join(' ')).toMatch(/Samples are missing for arrivals/);
  });

  it('with a part that was cut off says so', async () => {
    const cut = join(folder, 'cut.json.gz');
    const bytes = readFileSync(all()[0] ?? '');
    writeFileSync(cut, bytes.subarray(0, Math.floor(bytes.length * 0.8)));
    const { json } = await merge(loaded, [cut, ...all().slice(1)]);
    expect(json.verdict).toBe('inconclusive');
    expect(json.reasons.join(' ')).toContain('cut.json.gz was cut off');
  });

  it('writes nothing of parts that do not belong together', async () => {
    const outDir = temporaryFolder('merged');
    const [first = ''] = all();
    for (const [seed, parts] of [
      [SEED, [first, first]],
      [SEED + 1, all()],
    ] as const) {
      await expect(mergeParts({ scenario: loaded, seed, parts, outDir })).rejects.toMatchObject({
        code: 'RF-PARTS-APART',
      });
    }
    await expect(merge(own, all())).rejects.toMatchObject({ code: 'RF-PARTS-APART' });
  });

  it('by a script of one’s own begins at the agreed start, in parts that are the whole', async () => {
    const { folder: merged, json } = await merge(own, partsOf('own', 2));
    expect(json).toMatchObject({ verdict: 'pass', engine: 'k6' });
    expect(requestIds(merged)).toEqual(served('own-'));
    const arrivals = arrivalsOfSamples(readSamples(join(merged, RUN_FILES.samples)));
    // k6 gives or keeps one at the end.
    expect(Math.abs(arrivals.length - 40)).toBeLessThanOrEqual(2);
    const { json: half } = await merge(own, partsOf('own', 1));
    expect(half.verdict).toBe('inconclusive');
    expect(half.reasons.join(' ')).toContain('no part has the share 1/2:1 of the load');
  });

  it('refuses a start that is over', async () => {
    const late = runPart(folder, 'load', 1, String(Date.now() - 1));
    await expect(late).rejects.toThrow(/agree on a later moment/);
  });
});

describe('what is exported', () => {
  it('carries the script, the way to its parts and no secret', async () => {
    const loaded = await loadScenario(scenarioFile(SCENARIO));
    const files = await exportLoad(optionsFor(loaded, { segments: 4, start: '2026-12-01T09:00:00.000Z' }));
    const manifest = files['testrun.yaml'] ?? '';
    expect(manifest).toContain('kind: TestRun');
    expect(manifest).toContain('parallelism: 4');
    expect(manifest).toContain('value: "2026-12-01T09:00:00.000Z"');
    expect(Object.values(files).join('\n')).not.toMatch(/secretAccessKey": *"\S{20}/);
    expect(files['run.sh']).toContain(
      '--execution-segment 1/4:2/4 --execution-segment-sequence 0,1/4,2/4,3/4,1',
    );
    expect(files['README.md']).toContain('regionfall merge past-one-machine --seed 11 part-*.json.gz');
    expect(files['README.md']).toContain(
      'regionfall up --era 2025 --regions eu-west-1,eu-central-1 --seed 11 --json > world.json',
    );
  });
});

function optionsFor(
  { scenario, hash }: LoadedScenario,
  options: Pick<ExportOptions, 'segments' | 'start' | 'script'>,
): ExportOptions {
  return {
    scenario: scenario.name,
    source: scenario.name,
    hash,
    seed: SEED,
    durationUs: durationUs(scenario.load.duration),
    drainUs: durationUs(scenario.load.drain ?? '1s'),
    groups: scenario.load.groups,
    up: ['--era', '2025', '--regions', scenario.regions.join(','), '--seed', String(SEED)],
    ...options,
  };
}

async function exportTo(
  folder: string,
  loaded: LoadedScenario,
  options: Pick<ExportOptions, 'segments' | 'script'>,
): Promise<void> {
  mkdirSync(folder);
  const files = await exportLoad(optionsFor(loaded, options));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

/** As a person does: by the line that was exported. */
function runPart(folder: string, name: string, part: number, start: string): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(
      'sh',
      [join(folder, name, 'run.sh'), String(part)],
      {
        cwd: folder,
        env: {
          PATH: `${join(folder, 'bin')}:/usr/bin:/bin`,
          HOME: folder,
          REGIONFALL_WORLD: 'world.json',
          REGIONFALL_START: start,
          SSL_CERT_FILE: 'ca.pem',
        },
        timeout: 40_000,
      },
      (error, _, stderr) => (error === null ? resolve() : reject(new Error(`${error.message} ${stderr}`))),
    );
  });
}
