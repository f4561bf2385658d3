/** Finds processes by what stands in their environment: it goes on to whatever they start, into any session or group. */

import { readdirSync, readFileSync } from 'node:fs';

/**
 * Kills every process that was started with this entry, `NAME=value`, in its environment; does nothing where the system
 * does not show environments. A second look finds what was just being started.
 * @param entry Long and random enough to be nobody else's.
 */
export function killByEnvironment(entry: string): void {
  for (let look = 0; look < LOOKS_MOST; look += 1) {
    const found = processesWith(entry);
    if (found.length === 0) return;
    for (const pid of found) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended between the look and the signal.
      }
    }
  }
}

/** A program that forks as fast as it is killed is given up. */
const LOOKS_MOST = 8;

/** Living processes with this entry in the environment that they were started with, ours excepted. */
export function processesWith(entry: string): readonly number[] {
  if (process.platform !== 'linux') return [];
  const needle = Buffer.from(`\0${entry}\0`);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && environmentOf(pid).includes(needle));
}

function environmentOf(pid: number): Buffer {
  try {
    return Buffer.concat([NUL, readFileSync(`/proc/${pid}/environ`)]);
  } catch {
    // It has ended, or is not ours to look at. A zombie's reads empty.
    return NUL;
  }
}

const NUL = Buffer.of(0);
