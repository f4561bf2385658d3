/**
 * A real run's folder, damaged and written on failing disks: a lean share of `npm run soak:folders`, and each write of
 * each file failing in turn.
 */

import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readProcesses, writeProcesses } from '../lib/chaos/run-remains.ts';
import { readEventLog, readSamples } from '../lib/journal/reader.ts';
import { keepReserve, RESERVE_NAME } from '../lib/journal/reserve.ts';
import { openRunFolder, RUN_FILES, type RunFile } from '../lib/journal/run-folder.ts';
import type { Sample } from '../lib/journal/sample.ts';
import { openSampleWriter } from '../lib/journal/sample-writer.ts';
import type { Verdict } from '../lib/measure/verdict.ts';
import { makeReport } from '../lib/run/make-report.ts';
import { openRunLog } from '../lib/run/run-log.ts';
import { createStop } from '../lib/run/stop.ts';
import { createRandom } from '../lib/time/random.ts';
import { type Damage, readIntoMemory } from './soak/damage.ts';
import { type DiskError, type FailingDisk, failWrites } from './soak/failing-disk.ts';
import { reportOnDisk } from './soak/report-on-disk.ts';
import { runSmall } from './soak/small-run.ts';
import { cutsOf, decidingDamages, flipsOf, torture } from './soak/torture.ts';

let place = '';
let sample: Sample;
/** Of the run itself, and a copy of it for one test. */
let whole = '';
let verdict: Verdict;
let folder = '';
beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'regionfall-folder-'));
  const run = await runSmall(place);
  whole = run.folder;
  verdict = run.json.verdict;
  sample = readSamples(join(whole, RUN_FILES.samples)).row(0);
});
afterAll(() => rmSync(place, { recursive: true, force: true }));
beforeEach(() => {
  folder = mkdtempSync(join(place, 'copy-'));
  cpSync(whole, folder, { recursive: true });
});

const at = (name: RunFile): string => join(folder, RUN_FILES[name]);

describe('a run folder that is damaged', () => {
  it('never crashes a report, passes for complete or goes unnamed', { timeout: 60_000 }, async () => {
    const memory = await readIntoMemory(folder);
    expect((await torture(memory, cutsOf(memory, 400))).findings).toEqual([]);
    expect((await torture(memory, flipsOf(memory, 300, createRandom('flips')))).findings).toEqual([]);
    const unsealed = await readIntoMemory(folder, [RUN_FILES.manifest]);
    const flips = decidingDamages(flipsOf(unsealed, 300, createRandom('unsealed')));
    expect((await torture(unsealed, flips)).findings).toEqual([]);
    const everyFile = memory.names.flatMap((file): Damage[] => [
      { kind: 'cut', file, at: 77 },
      { kind: 'flip', file, at: 77 },
    ]);
    expect(await reportOnDisk(folder, everyFile)).toEqual([]);
    expect(await openRunFolder(folder)).toMatchObject({ complete: true });
  });

  it('in its reports alone is mended by making them again', async () => {
    rmSync(at('reportHtml'));
    truncateSync(at('reportJson'), 10);
    expect(await makeReport(folder, ['json'])).toMatchObject({
      partial: expect.stringContaining('report.html is missing.'),
      json: { verdict },
    });
    expect(await openRunFolder(folder)).toMatchObject({ complete: false });
    expect(await makeReport(folder, ['html', 'json'])).toMatchObject({ partial: '' });
    expect(await openRunFolder(folder)).toMatchObject({ complete: true });
  });

  it('down to its scenario is an empty run that did not end in order', async () => {
    for (const name of readdirSync(folder)) if (name !== RUN_FILES.scenario) rmSync(join(folder, name));
    const partial = 'There is no manifest.json: the run did not end in order.';
    expect(await makeReport(folder, ['html'])).toMatchObject({
      partial,
      json: {
        verdict: 'inconclusive',
        reasons: [`The run's folder is not complete. ${partial}`, 'There are no samples.'],
      },
    });
    truncateSync(at('scenario'), 0);
    await expect(makeReport(folder, ['html'])).rejects.toMatchObject({ code: 'RF-RUN-DAMAGED', exitCode: 2 });
  });
});

describe.each<DiskError>(['ENOSPC', 'EIO'])('on a disk that gives %s at any one write,', (code) => {
  it('the journal ends the run, keeps what was written, and still says why', async () => {
    const writes = await everyWrite({ code, endings: ['.ndjson'] }, () => {
      rmSync(at('events'));
      const log = openRunLog(at('events'), () => {});
      const stop = createStop(log, new AbortController().signal);
      const written = ['a', 'b', 'c'].filter((fault) => log.write(planned(fault)));
      log.close();
      const { events } = readEventLog(at('events'));
      expect(events.flatMap((event) => ('fault' in event ? [event.fault] : []))).toEqual(
        expect.arrayContaining(written),
      );
      expect(log.failed.reason).toMatchObject({ code });
      expect(stop.signal.aborted).toBe(true);
      expect(events.some((event) => event.kind === 'run.aborted' && event.reason.includes(code))).toBe(true);
    });
    expect(writes).toBe(7);
  });

  it('samples are refused, and readable up to the last whole batch', async () => {
    const writes = await everyWrite({ code, endings: ['.arrows'] }, async () => {
      rmSync(at('samples'));
      await expect(writeSamples(at('samples'))).rejects.toMatchObject({ code });
      const { length, complete } = readSamples(at('samples'));
      expect([0, 1, 2, 3]).toContain(length);
      if (complete) expect(length).toBe(3);
    });
    expect(writes).toBe(6);
  });

  it('a run whose reports or seal fail is partial, and says why', async () => {
    const writes = await everyWrite({ code, endings: ['.part', '.partial'] }, async () => {
      for (const name of ['manifest', 'reportHtml', 'reportJson'] as const) rmSync(at(name));
      await expect(makeReport(folder, ['html', 'json'], true)).rejects.toMatchObject({
        code: 'RF-NOT-WRITABLE',
        exitCode: 3,
      });
      const { complete, reason } = await openRunFolder(folder);
      expect(complete).toBe(false);
      expect(reason).toContain(`Its journal says: the folder could not be sealed: ${code}`);
      expect(readdirSync(folder).filter((name) => /part(?:ial)?$/.test(name))).toEqual([]);
    });
    expect(writes).toBe(4);
  });

  it('a report made again costs nothing but, at worst, a report', async () => {
    await everyWrite({ code, endings: ['.part', '.partial'] }, async (disk) => {
      await expect(makeReport(folder, ['html', 'json'])).rejects.toMatchObject({ code: 'RF-NOT-WRITABLE' });
      disk[Symbol.dispose]();
      expect(await makeReport(folder, ['html', 'json'])).toMatchObject({
        partial: '',
        json: { verdict },
      });
    });
  });

  it('a list of processes stays the one before', () => {
    const list = (name: string) => [{ name, pid: 2, started: 'then' }];
    writeProcesses(folder, list('before'));
    using _ = failWrites({ folder, after: 0, code });
    expect(() => writeProcesses(folder, list('after'))).toThrow(code);
    expect(readProcesses(folder)).toEqual(list('before'));
  });
});

/**
 * Does the same on a fresh copy for each write that it makes, with that one failing. One that is full fails until the
 * room that a run keeps is given up, a broken one once. Returns how many writes there were.
 */
async function everyWrite(
  { code, endings }: { readonly code: DiskError; readonly endings: readonly string[] },
  act: (disk: FailingDisk) => Promise<void> | void,
): Promise<number> {
  for (let after = 0; ; after += 1) {
    rmSync(folder, { recursive: true });
    cpSync(whole, folder, { recursive: true });
    keepReserve(folder);
    const well = code === 'EIO' ? { times: 1 } : { until: () => !existsSync(join(folder, RESERVE_NAME)) };
    using disk = failWrites({ folder, after, code, endings, ...well });
    try {
      await act(disk);
      expect(disk.failures(), `write ${after}`).toBeGreaterThan(0);
    } catch (error) {
      if (disk.failures() === 0) return disk.writes();
      throw error;
    }
  }
}

async function writeSamples(path: string): Promise<void> {
  const writer = await openSampleWriter(path);
  let failure: unknown;
  for (const arrival of [0, 1, 2]) {
    writer.write({ ...sample, arrival });
    await writer.flush().catch((error: unknown) => {
      failure = error;
    });
  }
  await writer.close();
  if (failure !== undefined) throw new Error('a lost batch was forgotten', { cause: failure });
}

function planned(fault: string) {
  return {
    kind: 'fault.planned',
    fault,
    faultKind: 'refused',
    title: '',
    fromUs: 0,
    toUs: 1,
    links: [],
    regions: [],
  } as const;
}
