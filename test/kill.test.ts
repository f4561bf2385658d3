/**
 * A process of a run is killed without a word while a fault is in force: each of them once, at an instant that comes
 * from a seed. `npm run soak:kill` does the same a thousand times.
 */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEvents } from '../lib/journal/reader.ts';
import { RUN_FILES } from '../lib/journal/run-folder.ts';
import { createRandom } from '../lib/time/random.ts';
import { isAlive, processesOf } from './processes.ts';
import { partOrSkip } from './required-part.ts';
import { inParallel } from './soak/in-parallel.ts';
import { faultIn, folderOf, performKill, planKill, startRun, VICTIMS } from './soak/kill.ts';
import { runSmall, SMALL_SCENARIO } from './soak/small-run.ts';
import { temporaryFolder } from './story.ts';

const SEED = process.env['REGIONFALL_SEED'] ?? '7';
const toxiproxy = await partOrSkip('toxiproxy');

describe.runIf(process.platform === 'linux')('a process killed in mid-run', () => {
  it(`leaves no process and no listener, and a folder that says why (seed ${SEED})`, {
    timeout: 120_000,
  }, async () => {
    const random = createRandom(SEED).fork('kills');
    const place = temporaryFolder('kill');
    // All of them, a hundred times, are the business of the kill suite.
    const kills = VICTIMS.map((_, index) => planKill(random, index, toxiproxy.available)).filter(
      ({ victim }) => ['conductor', 'network', 'conductor and guardian'].includes(victim),
    );
    const results = await inParallel(4, kills, async (kill, index) => {
      const { problems } = await performKill(kill, join(place, `${index}`));
      return problems.map((problem) => `${JSON.stringify(kill)}: ${problem}`);
    });
    expect(results.flat()).toEqual([]);
  });

  it('is found, named and left clean by the next run', { timeout: 60_000 }, async () => {
    const place = temporaryFolder('kill');
    const out = join(place, 'runs');
    const conductor = startRun(out, 'embedded');
    const folder = await folderOf(out);
    await faultIn(folder);
    conductor.kill('SIGKILL');
    await expect
      .poll(() => processesOf(folder).some(({ pid }) => isAlive(pid)), { timeout: 5_000 })
      .toBe(false);
    await runSmall(
      place,
      {},
      { ...SMALL_SCENARIO, load: { ...SMALL_SCENARIO.load, duration: '1s' }, faults: [] },
    );
    const next = readdirSync(out)
      .map((name) => join(out, name))
      .find((path) => path !== folder);
    const found = readEvents(join(next ?? '', RUN_FILES.events)).find(
      (event) => event.kind === 'leftovers.healed',
    );
    expect(found?.found.join()).toMatch(
      /had died in mid-run; its guardian ended .*fault not lifted by the run itself: outage/,
    );
    expect(processesOf(folder)).toEqual([]);
  });
});
