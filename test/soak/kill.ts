/**
 * One real run whose conductor, guardian, or any other process is killed at a given instant, watched from outside: how
 * long until nothing of it is left, and what its folder says afterwards.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readEvents } from '../../lib/journal/reader.ts';
import { RUN_FILES } from '../../lib/journal/run-folder.ts';
import type { ScenarioInput } from '../../lib/scenario/schema.ts';
import { monotonicUs } from '../../lib/time/monotonic.ts';
import type { Random } from '../../lib/time/random.ts';
import { allListeners, familyOf, isAlive, listenersOf, processesOf } from '../processes.ts';
import { afterwards } from './after-kill.ts';
import { SMALL_SCENARIO } from './small-run.ts';
import { until } from './until.ts';

export const VICTIMS = [
  'conductor',
  'guardian',
  'network',
  'service',
  'callers',
  'toxiproxy',
  'conductor and guardian',
] as const;
export type Victim = (typeof VICTIMS)[number];

export interface Kill {
  readonly victim: Victim;
  readonly network: 'embedded' | 'toxiproxy';
  /** Counted from `fault`: the fault is in force; `folder`: the run has its folder, and hardly more. */
  readonly since: 'fault' | 'folder';
  readonly afterMs: number;
}

export interface KillResult {
  /** Until nothing was left, but for a conductor that still writes its report. */
  readonly goneMs: number;
  /** Sentences; none when all was as promised. */
  readonly problems: readonly string[];
}

const LAUNCHER = fileURLToPath(new URL('../../bin/regionfall', import.meta.url));
const STARTS_WITHIN_MS = 60_000;
const GONE_WITHIN_MS = 5_000;
const BOTH_GONE_WITHIN_MS = 10_000;
/** Not part of the promise: a report takes what it takes on a busy machine. */
const ENDS_WITHIN_MS = 30_000;

/** In force for as long as it takes: the run itself never comes to lift it. */
export const LASTING_FAULT: ScenarioInput = {
  ...SMALL_SCENARIO,
  load: { ...SMALL_SCENARIO.load, duration: '60s' },
  faults: [{ name: 'outage', kind: 'refused', target: { region: 'eu-west-1' }, at: '100ms', for: '59s' }],
};

/** The `index`-th kill of a seed: victims in turn, instants at random. */
export function planKill(random: Random, index: number, toxiproxyAvailable: boolean): Kill {
  const victims = VICTIMS.filter((victim) => toxiproxyAvailable || victim !== 'toxiproxy');
  const victim = victims[index % victims.length] ?? 'conductor';
  const withToxiproxy =
    toxiproxyAvailable && (victim === 'toxiproxy' || Math.floor(index / victims.length) % 5 === 0);
  // Whoever dies with the conductor may die before there is a fault; of the others there is then nothing to kill.
  const early = victim.startsWith('conductor') && Math.floor(index / victims.length) % 3 === 1;
  return {
    victim,
    network: withToxiproxy ? 'toxiproxy' : 'embedded',
    since: early ? 'folder' : 'fault',
    afterMs: Math.round(random.next() * (early ? 2_000 : 1_000)),
  };
}

/** @param out An empty folder of its own, into which the run goes. */
export async function performKill(kill: Kill, out: string): Promise<KillResult> {
  const conductor = startRun(out, kill.network);
  try {
    const folder = await folderOf(out);
    if (kill.since === 'fault') await faultIn(folder);
    await until(hasPassed(kill.afterMs), STARTS_WITHIN_MS, 'the instant');
    // The family knows also of what was started an instant ago and stands in no list yet.
    const family = familyOf(conductor.pid ?? 0);
    const listeners = listenersOf(family);
    const killedUs = monotonicUs();
    for (const pid of pidsOf(kill.victim, conductor.pid ?? 0, folder)) process.kill(pid, 'SIGKILL');
    const conductorDies = kill.victim.startsWith('conductor');
    const rest = conductorDies ? family : family.filter((pid) => pid !== conductor.pid);
    const withinMs = kill.victim === 'conductor and guardian' ? BOTH_GONE_WITHIN_MS : GONE_WITHIN_MS;
    const problems: string[] = [];
    const left = () => ({
      processes: rest.filter(isAlive),
      // A process is a zombie before the last of its threads has closed its sockets.
      listeners: allListeners().filter((inode) => listeners.includes(inode)),
    });
    const gone = (): boolean => left().processes.length === 0 && left().listeners.length === 0;
    await until(gone, withinMs, 'all to be gone').catch(() => {
      problems.push(`left after ${withinMs} ms: ${JSON.stringify(left())}`);
    });
    const goneMs = (monotonicUs() - killedUs) / 1_000;
    const exit = await ended(conductor);
    return { goneMs, problems: [...problems, ...(await afterwards(kill, { out, folder, exit }))] };
  } catch (error) {
    return { goneMs: Number.NaN, problems: [(error as Error).message] };
  } finally {
    conductor.kill('SIGKILL');
  }
}

export function startRun(
  out: string,
  network: string,
  scenario: ScenarioInput = LASTING_FAULT,
): ChildProcess {
  const file = join(out, '..', `${scenario.name}-${Math.round(performance.now() * 1_000)}.scenario.json`);
  writeFileSync(file, JSON.stringify(scenario));
  return spawn(
    process.execPath,
    [LAUNCHER, 'run', file, '--out', out, '--network', network, '--progress', 'quiet'],
    { stdio: 'ignore' },
  );
}

/** The run's folder, once it is there. */
export async function folderOf(out: string): Promise<string> {
  const name = (): string | undefined => (existsSync(out) ? readdirSync(out)[0] : undefined);
  await until(() => name() !== undefined, STARTS_WITHIN_MS, 'the run folder');
  return join(out, name() ?? '');
}

export async function faultIn(folder: string): Promise<void> {
  const path = join(folder, RUN_FILES.events);
  const applied = (): boolean =>
    existsSync(path) && readEvents(path).some((event) => event.kind === 'fault.applied');
  await until(applied, STARTS_WITHIN_MS, 'the fault to be in force');
}

function pidsOf(victim: Victim, conductor: number, folder: string): readonly number[] {
  const listed = processesOf(folder);
  const named = (name: string): readonly number[] =>
    listed.filter((process) => process.name === name).map(({ pid }) => pid);
  if (victim === 'conductor') return [conductor];
  if (victim === 'conductor and guardian') return [...named('guardian'), conductor];
  const pids = named(victim);
  if (pids.length === 0) throw new Error(`no ${victim} to kill`);
  return pids;
}

function hasPassed(ms: number): () => boolean {
  const untilUs = monotonicUs() + ms * 1_000;
  return () => monotonicUs() >= untilUs;
}

async function ended(child: ChildProcess): Promise<number | null> {
  await until(
    () => child.exitCode !== null || child.signalCode !== null,
    ENDS_WITHIN_MS,
    'the conductor to end',
  );
  return child.exitCode;
}
