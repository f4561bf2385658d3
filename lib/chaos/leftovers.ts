/**
 * Before a run and in `heal`: looks through the run folders for runs that died together with their guardian, ends
 * what still lives of them, and says what it found. A second sweep finds nothing. Runs that are under way, and
 * processes that merely got the number of one of ours, are left alone.
 */

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, killMarked } from '../process/process-identity.ts';
import { appendHealed, lastWordsOf, readProcesses, removeProcesses } from './run-remains.ts';
import { wait } from './wait.ts';

/** A guardian at work needs less; it gets the chance to finish and to write down what it did. */
const GUARDIAN_FINISHES_MS = 1_500;
const GONE_WITHIN_MS = 2_000;
const LOOK_EVERY_MS = 20;

/**
 * @param outDir Where run folders are made; need not exist.
 * @returns Sentences for people and for the journal, one for each run that had left something.
 */
export async function sweep(outDir: string): Promise<readonly string[]> {
  if (!existsSync(outDir)) return [];
  const folders = readdirSync(outDir, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const found: string[] = [];
  for (const { name } of folders) {
    const folder = join(outDir, name);
    if (existsSync(join(folder, 'manifest.json'))) continue;
    const sentence = await sweepRun(name, folder);
    if (sentence !== undefined) found.push(sentence);
  }
  return found;
}

async function sweepRun(name: string, folder: string): Promise<string | undefined> {
  const listed = readProcesses(folder);
  if (listed === undefined) return undefined;
  if (listed === 'unreadable') {
    removeProcesses(folder);
    return `${name} had left a damaged list of processes; nothing could be ended by it`;
  }
  if (listed.some((mark) => mark.name === 'conductor' && isAlive(mark))) return undefined;
  const guardian = listed.find((mark) => mark.name === 'guardian');
  if (guardian !== undefined) await until(() => !isAlive(guardian), GUARDIAN_FINISHES_MS);

  const killed = listed.filter(killMarked);
  await until(() => !killed.some(isAlive), GONE_WITHIN_MS);
  const alive = killed.filter(isAlive);
  const ended = killed.filter((mark) => !alive.includes(mark));
  const { openFaults, guardian: healed } = lastWordsOf(folder);
  try {
    if (healed === undefined || ended.length > 0) {
      appendHealed(folder, {
        kind: 'guardian.healed',
        killed: ended.map(({ name, pid }) => ({ name, pid })),
        faults: openFaults,
        reason: 'found by the sweep of a later run',
      });
    }
    if (alive.length === 0) removeProcesses(folder);
  } catch {
    // A folder that cannot be written to is swept again next time, which does no harm.
  }
  const faults = [...(healed?.faults ?? []), ...openFaults];
  const parts = [
    ...(healed === undefined ? [] : [`its guardian ended ${listOf(healed.killed)}`]),
    ...(ended.length === 0 ? [] : [`this sweep ended ${listOf(ended)}`]),
    ...(healed === undefined && ended.length === 0 ? ['its processes had ended themselves'] : []),
    ...(alive.length === 0 ? [] : [`could not end ${listOf(alive)}`]),
    ...(faults.length === 0 ? [] : [`fault not lifted by the run itself: ${faults.join(', ')}`]),
  ];
  return `${name} had died in mid-run; ${parts.join('; ')}`;
}

function listOf(processes: readonly { readonly name: string; readonly pid: number }[]): string {
  if (processes.length === 0) return 'nothing';
  return processes.map((mark) => `${mark.name} (${mark.pid})`).join(', ');
}

async function until(condition: () => boolean, withinMs: number): Promise<void> {
  const never = new AbortController().signal;
  const startedMs = performance.now();
  while (!condition() && performance.now() - startedMs < withinMs) await wait(LOOK_EVERY_MS, never);
}
