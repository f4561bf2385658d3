import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { ATTEMPT_METRIC, type AttemptRow, encodeRow } from '../k6/script/attempt-row.ts';
import { encodeStart, START_METRIC, type StartRow } from '../k6/script/start-row.ts';
import type { Arrival } from '../load/arrival-plan.ts';
import { surveyParts } from './merge-survey.ts';

const folder = mkdtempSync(join(tmpdir(), 'regionfall-survey-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const START_MS = Date.parse('2026-12-01T09:00:00Z');
const HASH = 'a'.repeat(64);
const START: StartRow = { hash: HASH, seed: 7, startMs: START_MS, nowMs: START_MS - 5_000, segment: '' };

const ARRIVALS: readonly Arrival[] = [0, 1, 2, 3].map((arrival) => ({
  arrival,
  plannedUs: arrival * 100_000,
  group: 0,
  caller: arrival % 2,
  operation: 'AssumeRole',
}));

function row(arrival: number, changes: Partial<AttemptRow> = {}): AttemptRow {
  return {
    group: 'app',
    caller: arrival % 2,
    arrival,
    attempt: 1,
    plannedUs: START_MS * 1_000 + arrival * 100_000,
    operation: 'AssumeRole',
    host: 'sts.eu-west-1.amazonaws.com',
    status: 200,
    errorCode: '',
    servingRegion: 'eu-west-1',
    requestId: `request-${arrival}`,
    outcome: 'ok',
    final: true,
    tookUs: 20_000,
    reused: true,
    connectUs: -1,
    tlsUs: -1,
    waitUs: 19_000,
    servedAtMs: START_MS + arrival * 100 + 10,
    ...changes,
  };
}

const point = (metric: string, atMs: number, encoded: string): string =>
  JSON.stringify({
    metric,
    type: 'Point',
    data: { time: new Date(atMs).toISOString(), value: 1, tags: {}, metadata: { row: encoded } },
  });
const start = (changes: Partial<StartRow> = {}): string =>
  point(START_METRIC, START_MS - 5_000, encodeStart({ ...START, ...changes }));
const attempt = (arrival: number, changes: Partial<AttemptRow> = {}, aheadMs = 0): string =>
  point(ATTEMPT_METRIC, START_MS + arrival * 100 + 20 + aheadMs, encodeRow(row(arrival, changes)));
const request = (): string =>
  JSON.stringify({
    metric: 'http_reqs',
    type: 'Point',
    data: { time: '2026-12-01T09:00:00Z', value: 1, tags: { name: 'sts' } },
  });

let parts = 0;
function part(...lines: readonly string[]): string {
  parts += 1;
  const path = join(folder, `part-${parts}.json`);
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return path;
}

const survey = (...paths: readonly string[]) =>
  surveyParts({ paths, hash: HASH, seed: 7, arrivals: ARRIVALS, groups: ['app'] });

const EVEN = part(start({ segment: '0:1/2' }), attempt(0), attempt(2));
const ODD = part(start({ segment: '1/2:1' }), attempt(1), attempt(3));

describe('the parts of an exported load', () => {
  it('are the whole when each share is there once', async () => {
    await expect(survey(ODD, EVEN)).resolves.toMatchObject({ startMs: START_MS, lacks: [], words: [] });
    const idle = part(start({ segment: '1/2:1' }));
    await expect(
      survey(part(start({ segment: '0:1/2' }), ...ARRIVALS.map((_, arrival) => attempt(arrival))), idle),
    ).resolves.toMatchObject({
      lacks: [],
      words: [expect.stringContaining('whether its clock was right nobody knows')],
    });
  });

  it('lack a share by name, what was cut off, and requests of which no row tells', async () => {
    expect((await survey(EVEN)).lacks).toEqual(['no part has the share 1/2:1 of the load']);
    const torn = join(folder, 'torn.json');
    writeFileSync(torn, `${start()}\n${attempt(0)}\n${attempt(1).slice(0, 100)}`);
    expect((await survey(torn)).lacks).toEqual(['torn.json was cut off']);
    const packed = join(folder, 'packed.json.gz');
    const bytes = gzipSync(`${start()}\n${attempt(0)}\n`);
    writeFileSync(packed, bytes.subarray(0, bytes.length - 8));
    expect((await survey(packed)).lacks).toEqual(['packed.json.gz was cut off']);
    const lost = await survey(part(start(), request(), request(), attempt(0)));
    expect(lost.lacks).toEqual([expect.stringMatching(/counts 2 requests, and tells of 1 of them/)]);
  });

  it.each<[string, () => readonly string[], RegExp]>([
    ['twice', () => [EVEN, ODD, EVEN], /both hold arrival 0/],
    ['of another scenario', () => [part(start({ hash: 'b'.repeat(64) }), attempt(0))], /another scenario/],
    ['of another seed', () => [part(start({ seed: 8 }), attempt(0))], /with seed 8, not 7/],
    [
      'of another start',
      () => [
        EVEN,
        part(
          start({ segment: '1/2:1', startMs: START_MS + 1_000 }),
          attempt(1, { plannedUs: (START_MS + 1_100) * 1_000 }),
        ),
      ],
      /began 1.00 s after/,
    ],
    ['of a longer plan', () => [part(start(), attempt(4))], /does not plan so/],
    ['of another caller', () => [part(start(), attempt(1, { caller: 0 }))], /does not plan so/],
    [
      'that hold one arrival both',
      () => [EVEN, part(start({ segment: '1/2:1' }), attempt(1), attempt(2))],
      /both hold arrival 2/,
    ],
    [
      'of a fast clock',
      () => [part(start(), attempt(0, {}, 1_500), attempt(1, {}, 1_500))],
      /the clock of .* was 1.50 s ahead of/,
    ],
    [
      'of a slow clock',
      () => [part(start(), attempt(0, {}, -1_500), attempt(1, {}, -1_500))],
      /behind the service/,
    ],
  ])('are refused %s', async (_, paths, message) => {
    await expect(survey(...paths())).rejects.toMatchObject({
      code: 'RF-PARTS-APART',
      message: expect.stringMatching(message),
    });
  });

  it.each<[string, () => readonly string[]]>([
    ['nothing', () => [part()]],
    ['attempts without a start', () => [part(attempt(0))]],
    ['two runs of k6', () => [part(start(), attempt(0), start(), attempt(1))]],
    ['a share that is none', () => [part(start({ segment: '2:1' }), attempt(0))]],
  ])('are none with %s', async (_, paths) => {
    await expect(survey(...paths())).rejects.toMatchObject({ code: 'RF-PART-UNREADABLE' });
  });

  it('are none where there is no file, and none when none is named', async () => {
    await expect(survey(join(folder, 'nowhere.json'))).rejects.toMatchObject({ code: 'RF-PART-UNREADABLE' });
    await expect(survey()).rejects.toMatchObject({ code: 'RF-PART-UNREADABLE' });
  });

  it('are refused where shares overlap, also when nobody called in them', async () => {
    const idle = part(start({ segment: '1/2:1' }));
    await expect(survey(EVEN, idle, idle)).rejects.toMatchObject({
      code: 'RF-PARTS-APART',
      message: expect.stringMatching(/have the same share of the load, or part of it: 1\/2:1 and 1\/2:1/),
    });
  });

  it('from a clock that is a little off say so', async () => {
    const { words } = await survey(part(start(), attempt(0, {}, 200), attempt(1, {}, 200)));
    expect(words).toEqual([expect.stringMatching(/was 200 ms ahead of the service/)]);
  });

  it('of a script of one’s own need no plan', async () => {
    const own = part(start(), attempt(0, { arrival: -100_000_001, plannedUs: 1 }));
    const survey = surveyParts({ paths: [own], hash: HASH, seed: 7, arrivals: undefined, groups: ['app'] });
    await expect(survey).resolves.toMatchObject({ lacks: [] });
  });
});
