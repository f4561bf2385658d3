/**
 * Tells a process from a later one that got its number. A number alone must never be killed: the system hands it
 * out again. The moment of starting, together with the boot, makes it one of a kind.
 */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface ProcessMark {
  readonly pid: number;
  /**
   * When it started, as the system tells it: on Linux clock ticks since boot (field 22 of /proc/PID/stat) and the
   * boot's id, elsewhere what `ps -o lstart=` prints. Compared as text.
   */
  readonly started: string;
}

/** The mark of a living process; undefined when there is none, or when the system does not tell. */
export function markOf(pid: number): ProcessMark | undefined {
  const seen = observe(pid);
  return seen === undefined ? undefined : { pid, started: seen.started };
}

/** Whether this very process still runs. One that has ended and only waits for its parent does not. */
export function isAlive(mark: ProcessMark): boolean {
  return observe(mark.pid)?.started === mark.started;
}

/**
 * Kills the process of this mark and, when it leads a group, what it started in that group. Does nothing to a
 * process of the same number that started at another time. Returns whether there was something to kill.
 */
export function killMarked(mark: ProcessMark): boolean {
  const seen = observe(mark.pid);
  if (seen?.started !== mark.started) return false;
  if (seen.leadsGroup) signalQuietly(-mark.pid);
  signalQuietly(mark.pid);
  return true;
}

interface Observation {
  readonly started: string;
  readonly leadsGroup: boolean;
}

function observe(pid: number): Observation | undefined {
  // 0 and negative numbers address groups, 1 is the system's own.
  if (!Number.isSafeInteger(pid) || pid <= 1) return undefined;
  return process.platform === 'linux' ? observeLinux(pid) : observeElsewhere(pid);
}

function observeLinux(pid: number): Observation | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in field 2 may hold spaces and parentheses; what follows the last one is regular.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, , group] = fields;
    const ticks = fields[19];
    if (state === undefined || ticks === undefined || 'ZXx'.includes(state)) return undefined;
    return { started: `${ticks}@${bootId()}`, leadsGroup: Number(group) === pid };
  } catch {
    // No such process, or one that we may not look at and hence did not start.
    return undefined;
  }
}

let boot: string | undefined;

function bootId(): string {
  boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  return boot;
}

function observeElsewhere(pid: number): Observation | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,pgid=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 2_000,
    });
    const match = /^\s*(\S+)\s+(\d+)\s+(.+?)\s*$/.exec(line);
    const [, state, group, started] = match ?? [];
    if (state === undefined || started === undefined || state.startsWith('Z')) return undefined;
    return { started, leadsGroup: Number(group) === pid };
  } catch {
    // ps ends with 1 when there is no such process, and a system without ps gets no guardian.
    return undefined;
  }
}

function signalQuietly(target: number): void {
  try {
    process.kill(target, 'SIGKILL');
  } catch {
    // It ended between the look and the signal.
  }
}
