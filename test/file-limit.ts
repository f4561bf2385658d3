/** Takes away what is left of a running process's file descriptors, where the system has the tool for it. */

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const PRLIMIT = '/usr/bin/prlimit';

export const canLimitFiles = existsSync(PRLIMIT);

/** From now on the process opens no file and no socket; those that it has stay open. */
export function allowNoMoreFiles(pid: number): void {
  execFileSync(PRLIMIT, ['--pid', String(pid), '--nofile=1:1']);
}
