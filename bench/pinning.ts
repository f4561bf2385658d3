/** Gives the server under test a core of its own, away from its clients, where the system can. */

import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';

/** The server's core; clients get the other. */
export const SERVER_CORE = 0;
const CLIENT_CORE = 1;

/** Best effort: does nothing without `taskset`, which util-linux brings, or with a single core. */
export function pin(pid: number, core: number): void {
  if (cpus().length < 2) return;
  spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', String(core), String(pid)], {
    stdio: 'ignore',
  });
}

/** What runs here is the client. Children inherit it: start those first that should not, or pin them. */
export function pinClient(): void {
  pin(process.pid, CLIENT_CORE);
}
