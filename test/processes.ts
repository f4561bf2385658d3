/** Looks at processes and their listeners from outside, through /proc: how tests see that nothing was left behind. */

import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface MarkedProcess {
  readonly name: string;
  readonly pid: number;
  /** Tells a process from a later one of the same number. */
  readonly started: string;
}

/** What a live run, or one that died, says it has started. */
export function processesOf(folder: string): readonly MarkedProcess[] {
  const path = `${folder}/processes.json`;
  return existsSync(path)
    ? (JSON.parse(readFileSync(path, 'utf8')) as { processes: MarkedProcess[] }).processes
    : [];
}

/** A zombie that nobody has collected is dead. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** A process and all that it has started, directly or not. */
export function familyOf(pid: number): readonly number[] {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), parentOf(Number(name))] as const),
  );
  const family = [pid];
  for (const member of family) {
    for (const [child, parent] of parents) if (parent === member) family.push(child);
  }
  return family;
}

/** Listening TCP sockets of the processes, by inode: unlike a port, nobody else ever gets the same one. */
export function listenersOf(pids: readonly number[]): readonly string[] {
  const own = new Set(pids.flatMap(socketInodes));
  return allListeners().filter((inode) => own.has(inode));
}

/** Every listening TCP socket of the machine, by inode. */
export function allListeners(): readonly string[] {
  const rows = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) =>
    readFileSync(path, 'utf8').split('\n').slice(1),
  );
  return rows.flatMap((row) => {
    const fields = row.trim().split(/\s+/);
    return fields[3] === '0A' ? [fields[9] ?? ''] : [];
  });
}

function parentOf(pid: number): number {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return 0;
  }
}

function socketInodes(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((name) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${name}`))?.[1] ?? [];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}
