/** A load past one machine, proved on one: four parts of an exported load are, brought together, the whole. */

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSamples, readServiceRecords } from '../lib/journal/reader.ts';
import { RUN_FILES } from '../lib/journal/run-folder.ts';
import { exportLoad, k6OptionsOf } from '../lib/k6/export.ts';
import { planArrivals } from '../lib/load/arrival-plan.ts';
import { arrivalsOfSamples } from '../lib/measure/arrivals.ts';
import { Histogram } from '../lib/measure/histogram.ts';
import { quantile } from '../lib/measure/intervals.ts';
import { mergeParts } from '../lib/run/merge.ts';
import { type LoadedScenario, loadScenario } from '../lib/scenario/load-scenario.ts';
import { monotonicUs } from '../lib/time/monotonic.ts';
import { createRandom } from '../lib/time/random.ts';
import { openWorld, type World } from '../lib/world/local-world.ts';
import { upJson } from '../lib/world/up-json.ts';
import { partOrSkip } from './required-part.ts';
import { scenarioFile, temporaryFolder } from './story.ts';

const k6 = await partOrSkip('k6');
const SEED = 11;
const PARTS = 4;

const SCENARIO = {
  name: 'past-one-machine',
  question: 'Are four parts the whole?',
  regions: ['eu-west-1', 'eu-central-1'],
  load: {
    duration: '3s',
    drain: '1s',
    groups: [
      {
        name: 'app',
        location: 'eu-west-1',
        callers: 10,
        ratePerSecond: 60,
        operations: { AssumeRole: 2, GetCallerIdentity: 1 },
        policy: { kind: 'ordered', endpoints: ['eu-west-1', 'eu-central-1'], attemptTimeLimitMs: 1_000 },
      },
    ],
  },
  expect: [{ name: 'all are served', kind: 'success-ratio', group: 'app', phase: 'all', atLeast: 0.9 }],
};

k6.suite('an exported load', () => {
  let folder: string;
  let world: World;
  let loaded: LoadedScenario;
  const log = (): string => join(folder, 'service.arrows');

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'regionfall-segments-'));
    const path = join(folder, 'story.scenario.json');
    writeFileSync(path, JSON.stringify(SCENARIO));
    loaded = await loadScenario(path);
    world = await openWorld({
      regions: SCENARIO.regions,
      global: false,
      locations: ['eu-west-1'],
      network: 'embedded',
      seed: 7,
      edges: [],
    });
    const ca = join(folder, 'ca.pem');
    writeFileSync(ca, world.caPem);
    writeFileSync(join(folder, 'world.json'), JSON.stringify(upJson(world, ca)));
    const { scenario, hash } = loaded;
    const files = await exportLoad({
      scenario: scenario.name,
      hash,
      seed: SEED,
      durationUs: 3_000_000,
      drainUs: 1_000_000,
      groups: scenario.load.groups,
      segments: PARTS,
    });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    await world.service.call('beginLog', { path: log(), originUs: monotonicUs() });
    const start = String(Date.now() + 2_500);
    await Promise.all(Array.from({ length: PARTS }, (_, index) => runPart(folder, ca, index, start)));
    await world.service.call('endLog', undefined);
  }, 60_000);

  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  const part = (index: number): string => join(folder, `part-${index + 1}.json.gz`);
  const all = (): string[] => Array.from({ length: PARTS }, (_, index) => part(index));
  const merge = (parts: readonly string[]) =>
    mergeParts({ scenario: loaded, seed: SEED, parts, outDir: temporaryFolder('merged') });

  it('is the whole plan when its parts are brought together, to the request that the service saw', async () => {
    const { folder: merged, json } = await merge(all());
    expect(json).toMatchObject({ verdict: 'pass', engine: 'k6' });
    const samples = readSamples(join(merged, RUN_FILES.samples));
    const plan = planArrivals(loaded.scenario.load.groups, 3_000_000, createRandom(SEED).fork('arrivals'));
    const arrivals = arrivalsOfSamples(samples).toSorted((one, other) => one.arrival - other.arrival);
    expect(arrivals.map(({ arrival, plannedUs, caller }) => ({ arrival, plannedUs, caller }))).toEqual(
      plan.map(({ arrival, plannedUs, caller }) => ({ arrival, plannedUs, caller: `app-${caller + 1}` })),
    );
    const served = readServiceRecords(log());
    const seen = Array.from({ length: served.length }, (_, row) => served.requestId.at(row));
    const told = Array.from({ length: samples.length }, (_, row) => samples.requestId.at(row));
    expect(told.toSorted()).toEqual(seen.toSorted());
  });

  it('has the latencies of its parts, added', async () => {
    const histogramOf = async (parts: readonly string[]) => {
      const { folder: merged } = await merge(parts);
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

  it('that lacks a part is inconclusive, and says how much is missing', async () => {
    const { json } = await merge(all().slice(1));
    expect(json.verdict).toBe('inconclusive');
    expect(json.reasons.join(' ')).toMatch(/missing/i);
  });

  it('takes no part twice, none of another plan, and none whose start or clock is another', async () => {
    await expect(merge([part(0), part(0)])).rejects.toMatchObject({ code: 'RF-PARTS-APART' });
    await expect(
      mergeParts({ scenario: loaded, seed: SEED + 1, parts: all(), outDir: temporaryFolder('merged') }),
    ).rejects.toMatchObject({ code: 'RF-PARTS-APART' });
    const shifted = join(folder, 'shifted.json.gz');
    const text = gunzipSync(readFileSync(part(1))).toString('utf8');
    // Its clock is an hour fast: all that it wrote is later, and only the service knows better.
    const hour = (digits: string): string => String(Number(digits) + 3_600_000_000);
    const planned = text.replaceAll(
      /(app\|\d+\|\d+\|\d+\|)(\d{16})/g,
      (_, before, us) => `${before}${hour(us)}`,
    );
    writeFileSync(shifted, gzipSync(planned));
    await expect(merge([part(0), shifted])).rejects.toMatchObject({ code: 'RF-PARTS-APART' });
    const late = text.replaceAll(
      /"time":"(\d{4}-\d{2}-\d{2}T\d{2}):/g,
      (_, day) => `"time":"${day.slice(0, -2)}${String((Number(day.slice(-2)) + 1) % 24).padStart(2, '0')}:`,
    );
    writeFileSync(shifted, gzipSync(late));
    await expect(merge([part(0), shifted])).rejects.toMatchObject({
      code: 'RF-PARTS-APART',
      message: expect.stringContaining('clock of shifted.json.gz'),
    });
  });

  it('with a part that was cut off says so, and with one that is none refuses', async () => {
    const cut = join(folder, 'cut.json.gz');
    const bytes = readFileSync(part(0));
    writeFileSync(cut, bytes.subarray(0, Math.floor(bytes.length * 0.8)));
    const { json, folder: merged } = await merge([cut, ...all().slice(1)]);
    expect(json.verdict).toBe('inconclusive');
    expect(readFileSync(join(merged, RUN_FILES.events), 'utf8')).toContain('cut.json.gz was cut off');
    const other = scenarioFile({ not: 'a part' });
    await expect(merge([other])).rejects.toMatchObject({ code: 'RF-PART-UNREADABLE' });
  });
});

describe('the manifest for Kubernetes', () => {
  it('carries the script and no secret', async () => {
    const path = scenarioFile(SCENARIO);
    const { scenario, hash } = await loadScenario(path);
    const files = await exportLoad({
      scenario: scenario.name,
      hash,
      seed: 1,
      durationUs: 3_000_000,
      drainUs: 1_000_000,
      groups: scenario.load.groups,
      segments: 4,
    });
    const manifest = files['testrun.yaml'] ?? '';
    expect(manifest).toContain('kind: TestRun');
    expect(manifest).toContain('parallelism: 4');
    expect(Object.values(files).join('\n')).not.toMatch(/secretAccessKey": *"\S{20}/);
    expect(files['run.sh']).toContain(
      '--execution-segment 1/4:2/4 --execution-segment-sequence 0,1/4,2/4,3/4,1',
    );
  });
});

function runPart(folder: string, ca: string, index: number, start: string): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(
      k6.path,
      ['run', '--address', '', ...k6OptionsOf(index, PARTS).slice(1)],
      {
        cwd: folder,
        env: {
          HOME: folder,
          REGIONFALL_WORLD: join(folder, 'world.json'),
          REGIONFALL_START: start,
          SSL_CERT_FILE: ca,
          K6_NO_USAGE_REPORT: 'true',
        },
        timeout: 40_000,
      },
      (error, _, stderr) => (error === null ? resolve() : reject(new Error(`${error.message} ${stderr}`))),
    );
  });
}
