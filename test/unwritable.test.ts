/** Runs that cannot write, or lose a part before the load: told as what they are, never as a bug or a verdict on STS. */

import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RUN_FILES } from '../lib/journal/run-folder.ts';
import { type RunOptions, type RunResult, runScenario } from '../lib/run/run-scenario.ts';
import { loadScenario } from '../lib/scenario/load-scenario.ts';
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
    expect(json.reasons[0]).toMatch(new RegExp(`A part of the harness failed: .*callers.*${told}`));
    expect(existsSync(json.reports.html)).toBe(true);
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});
