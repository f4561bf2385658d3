/**
 * The two files through which a run that died speaks to whoever cleans up after it: `processes.json`, the list of
 * what it had started (there only while a run lives, and after one that died), and the end of `events.ndjson`.
 */

import { existsSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GuardianHealed, JournalEvent } from '../journal/event.ts';
import { openEventWriter } from '../journal/event-writer.ts';
import { freeReserve } from '../journal/reserve.ts';
import { monotonicUs } from '../time/monotonic.ts';
import type { WatchedProcess } from './guardian-protocol.ts';

const PROCESSES = 'processes.json';
const EVENTS = 'events.ndjson';

/** Atomic: a reader sees the list before or after, never half of it. */
export function writeProcesses(folder: string, processes: readonly WatchedProcess[]): void {
  const path = join(folder, PROCESSES);
  writeFileSync(`${path}.part`, `${JSON.stringify({ schema: 1, processes })}\n`, { mode: 0o600 });
  renameSync(`${path}.part`, path);
}

export function removeProcesses(folder: string): void {
  rmSync(join(folder, PROCESSES), { force: true });
  rmSync(join(folder, `${PROCESSES}.part`), { force: true });
}

/** Undefined when the folder has no list; `unreadable` when what is there is none of ours, or damaged. */
export function readProcesses(folder: string): readonly WatchedProcess[] | 'unreadable' | undefined {
  const path = join(folder, PROCESSES);
  if (!existsSync(path)) return undefined;
  try {
    const { processes } = JSON.parse(readFileSync(path, 'utf8')) as { processes: unknown };
    if (!Array.isArray(processes)) return 'unreadable';
    return processes.filter(isWatched).map(({ name, pid, started }) => ({ name, pid, started }));
  } catch {
    return 'unreadable';
  }
}

export interface LastWords {
  /** Faults that the journal saw begin and never saw lifted. */
  readonly openFaults: readonly string[];
  /** What the run's own guardian did, when it got to say so. */
  readonly guardian: GuardianHealed | undefined;
}

/** A journal that is cut anywhere still tells what it holds. */
export function lastWordsOf(folder: string): LastWords {
  const open = new Set<string>();
  let guardian: GuardianHealed | undefined;
  for (const line of linesOf(join(folder, EVENTS))) {
    if (line.kind === 'fault.planned') open.add(line.fault);
    if (line.kind === 'fault.lifted') open.delete(line.fault);
    if (line.kind === 'guardian.healed') {
      open.clear();
      guardian = line;
    }
  }
  return { openFaults: [...open], guardian };
}

/** Appends to a journal whose writer is dead. A last line that was cut in the middle tells nothing, and goes. */
export function appendHealed(folder: string, body: GuardianHealed): void {
  const path = join(folder, EVENTS);
  if (existsSync(path)) {
    const bytes = readFileSync(path);
    const whole = bytes.lastIndexOf(0x0a) + 1;
    if (whole < bytes.length) truncateSync(path, whole);
  }
  // Its own run kept this room for last words.
  freeReserve(folder);
  const writer = openEventWriter(path, monotonicUs, Date.now);
  writer.write(body);
  writer.close();
}

function linesOf(path: string): readonly JournalEvent[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        const value: unknown = JSON.parse(line);
        return typeof value === 'object' && value !== null ? [value as JournalEvent] : [];
      } catch {
        return [];
      }
    });
}

function isWatched(value: unknown): value is WatchedProcess {
  if (typeof value !== 'object' || value === null) return false;
  const { name, pid, started } = value as Partial<Record<keyof WatchedProcess, unknown>>;
  return (
    typeof name === 'string' && Number.isSafeInteger(pid) && typeof started === 'string' && started !== ''
  );
}
