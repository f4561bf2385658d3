/** Runs that cannot write, or lose a part before the load: told as what they are, never as a bug or a verdict on STS. */

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { JournalEvent } from '../lib/journal/event.ts';
import { openRunFolder, RUN_FILES } from '../lib/journal/run-folder.ts';
import { type RunOptions, type RunResult, runScenario } from '../lib/run/run-scenario.ts';
import { loadScenario } from '../lib/scenario/load-scenario.ts';
import { runOnFailingDisk } from './soak/disk-run.ts';
import { runSmall } from './soak/small-run.ts';
import { scenarioFile, shortOutage, temporaryFolder } from './story.ts';

async function run(options: Partial<RunOptions>): Promise<RunResult> {
  return await runScenario({
    scenario: await loadScenario(scenarioFile(shortOutage())),
    seed: 7,
    outDir: temporaryFolder(),
    engine: 'embedded',
    network: 'embedded',
    withoutFaults: false,
    signal: new AbortController().signal,
    ...options,
  });
}

describe('a run that cannot make its folder', () => {
  it('ends as an error of the machine, exit 3, that names the place', async () => {
    const outDir = join(temporaryFolder(), 'runs');
    writeFileSync(outDir, 'a file stands where the folder should be');
    await expect(run({ outDir })).rejects.toMatchObject({
      code: 'RF-NOT-WRITABLE',
      exitCode: 3,
      message: expect.stringContaining(outDir),
    });
  });
});

describe('a run on a disk that fails in mid-run', () => {
  it.each([
    { writer: 'conductor', after: 18 },
    { writer: 'service', after: 2 },
  ] as const)(
    'stops, heals, ends with exit 3 and a folder that says why: %j',
    { timeout: 60_000 },
    async (where) => {
      const place = temporaryFolder('disk');
      expect(await runOnFailingDisk({ place, code: 'ENOSPC', ...where })).toEqual({
        hit: true,
        problems: [],
      });
    },
  );
});

const mounting = canMount();
describe.skipIf(!mounting)(
  `a run on a file system that really is full${mounting ? '' : ' (skipped: needs root on Linux)'}`,
  () => {
    it('ends with exit 3 and a folder that says why', { timeout: 60_000 }, async () => {
      const place = temporaryFolder('full');
      mount(place, 220);
      let folder = '';
      const onEvent = (_: JournalEvent, run: string): void => {
        folder = run;
      };
      await expect(runSmall(place, { onEvent })).rejects.toMatchObject({
        code: 'RF-NOT-WRITABLE',
        exitCode: 3,
      });
      const { complete, reason } = await openRunFolder(folder);
      expect(complete).toBe(false);
      expect(reason).toMatch(/Its journal says: .*ENOSPC/);
    });
  },
);

describe('a run that loses its callers before the load', () => {
  it.each([
    ['because their file cannot be made', 'EEXIST'],
    ['because they are killed', 'SIGKILL'],
  ])('%s is inconclusive and keeps an honest folder', { timeout: 60_000 }, async (_, told) => {
    const { json, folder } = await run({
      onEvent: (event, place) => {
        if (event.kind === 'run.opened' && told === 'EEXIST')
          writeFileSync(join(place, RUN_FILES.samples), '');
        if (event.kind === 'process.started' && event.name === 'callers' && told === 'SIGKILL')
          process.kill(event.pid, 'SIGKILL');
      },
    });
    expect(json).toMatchObject({ verdict: 'inconclusive', exitCode: 5 });
    expect(json.reasons.join(' ')).toMatch(new RegExp(`A part of the harness failed: .*callers.*${told}`));
    expect(existsSync(json.reports.html)).toBe(true);
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});

function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const place = mkdtempSync(join(tmpdir(), 'regionfall-mount-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', place]).status === 0;
  if (mounted) spawnSync('umount', [place]);
  rmSync(place, { recursive: true, force: true });
  return mounted;
}

/** A small file system of its own, for this test. */
function mount(place: string, kibibytes: number): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', place]);
  onTestFinished(() => void execFileSync('umount', [place]));
}
