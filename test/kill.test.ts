/**
 * The conductor is killed without a word at random instants, most of them while a fault is in force. The instants
 * come from a seed that the failure names.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { JournalEvent } from '../lib/journal/event.ts';
import { readEvents } from '../lib/journal/reader.ts';
import { openRunFolder, RUN_FILES } from '../lib/journal/run-folder.ts';
import { monotonicUs } from '../lib/time/monotonic.ts';
import { createRandom } from '../lib/time/random.ts';
import { allListeners, familyOf, isAlive, listenersOf, processesOf } from './processes.ts';
import { partOrSkip } from './required-part.ts';
import { scenarioFile, shortOutage, temporaryFolder } from './story.ts';

const LAUNCHER = fileURLToPath(new URL('../bin/regionfall', import.meta.url));
const SEED = process.env['REGIONFALL_SEED'] ?? '7';
const toxiproxy = await partOrSkip('toxiproxy');

/** Mid-fault for as long as it takes: the run itself never comes to lift it. */
const scenario = shortOutage({
  load: { ...shortOutage().load, duration: '40s' },
  faults: [{ name: 'outage', kind: 'refused', target: { region: 'eu-west-1' }, at: '1600ms', for: '38s' }],
});

describe.runIf(process.platform === 'linux')('a conductor killed in mid-run', () => {
  it(`leaves no process and no listener within 5 s, at 20 random instants (seed ${SEED})`, {
    timeout: 200_000,
  }, async () => {
    const random = createRandom(SEED).fork('kills');
    const kills = Array.from({ length: 20 }, (_, index) => ({
      // Three in four in mid-fault; the others anywhere from the first breath on.
      inFault: index % 4 !== 0,
      afterMs: Math.round(random.next() * (index % 4 === 0 ? 3_000 : 1_500)),
      network: toxiproxy.available && index % 5 === 0 ? 'toxiproxy' : 'embedded',
    }));
    for (let index = 0; index < kills.length; index += 5) {
      await Promise.all(kills.slice(index, index + 5).map((kill) => checkKill(kill)));
    }
  });

  it('is found, named and left clean by the next run', { timeout: 60_000 }, async () => {
    const out = temporaryFolder('kill');
    const conductor = start(out, 'embedded');
    const folder = await faultIn(out);
    conductor.kill('SIGKILL');
    await expect
      .poll(() => processesOf(folder).some(({ pid }) => isAlive(pid)), { timeout: 5_000 })
      .toBe(false);
    expect(await openRunFolder(folder)).toMatchObject({
      complete: false,
      reason: expect.stringContaining('did not end in order'),
    });

    const next = start(out, 'embedded', {
      ...shortOutage(),
      load: { ...shortOutage().load, duration: '2s' },
      faults: [],
      expect: [{ name: 'served', kind: 'success-ratio', group: 'app', phase: 'all', atLeast: 0.9 }],
    });
    expect(await exitOf(next)).toBe(0);
    const second = readdirSync(out)
      .map((name) => join(out, name))
      .find((path) => path !== folder);
    const found = readEvents(join(second ?? '', RUN_FILES.events)).find(
      (event) => event.kind === 'leftovers.healed',
    );
    expect(found?.found.join()).toMatch(
      /had died in mid-run; its guardian ended .*fault not lifted by the run itself: outage/,
    );
    expect(processesOf(folder)).toEqual([]);
  });
});

async function checkKill(kill: { inFault: boolean; afterMs: number; network: string }): Promise<void> {
  const told = JSON.stringify(kill);
  const out = temporaryFolder('kill');
  const conductor = start(out, kill.network);
  const folder = kill.inFault ? await faultIn(out) : await folderIn(out);
  await reached(monotonicUs() + kill.afterMs * 1_000);
  const names = processesOf(folder).map(({ name }) => name);
  // The family knows also of what was started an instant ago and stands in no list yet.
  const family = familyOf(conductor.pid ?? 0);
  const listeners = listenersOf(family);
  if (kill.inFault) {
    expect(names, told).toEqual(
      expect.arrayContaining(['conductor', 'guardian', 'service', 'network', 'callers']),
    );
    expect(listeners.length, told).toBeGreaterThan(4);
  }
  conductor.kill('SIGKILL');
  await expect.poll(() => family.filter(isAlive), { timeout: 5_000, message: told }).toEqual([]);
  // A process is a zombie before the last of its threads has closed its sockets.
  await expect
    .poll(() => allListeners().filter((inode) => listeners.includes(inode)), {
      timeout: 5_000,
      message: told,
    })
    .toEqual([]);
  if (kill.inFault) {
    const last = readEvents(join(folder, RUN_FILES.events)).at(-1);
    expect(last, told).toMatchObject({ kind: 'guardian.healed', faults: ['outage'] });
  }
}

function start(out: string, network: string, told: unknown = scenario): ChildProcess {
  const child = spawn(
    process.execPath,
    [LAUNCHER, 'run', scenarioFile(told), '--out', out, '--network', network, '--progress', 'quiet'],
    {
      stdio: 'ignore',
    },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', resolve));
}

async function folderIn(out: string): Promise<string> {
  await expect.poll(() => existsSync(out) && readdirSync(out).length, { timeout: 20_000 }).toBe(1);
  return join(out, readdirSync(out)[0] ?? '');
}

/** The run's folder, once its fault is in force. */
async function faultIn(out: string): Promise<string> {
  const folder = await folderIn(out);
  const events = (): readonly JournalEvent[] => {
    const path = join(folder, RUN_FILES.events);
    return existsSync(path) ? readEvents(path) : [];
  };
  await expect
    .poll(() => events().some((event) => event.kind === 'fault.applied'), { timeout: 30_000 })
    .toBe(true);
  return folder;
}

async function reached(momentUs: number): Promise<void> {
  await expect.poll(() => monotonicUs() >= momentUs, { interval: 5, timeout: 10_000 }).toBe(true);
}
