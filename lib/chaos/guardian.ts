/**
 * Entry of the guardian's process. It holds one end of a pipe whose other end only the conductor has. When the pipe
 * closes without a good-bye the conductor is dead, however it died: everything of the run is killed, checked to be
 * gone, and written into the journal. Faults live in the killed processes and end with them. The list of processes
 * stays in the run folder, where the sweep of the next run finds it and tells of it.
 */

import { isAlive, killMarked } from '../process/process-identity.ts';
import {
  GUARDIAN_START,
  type GuardianState,
  guardianLearns,
  readMessages,
  type WatchedProcess,
} from './guardian-protocol.ts';
import { appendHealed } from './run-remains.ts';

const GONE_WITHIN_MS = 800;
const LOOK_EVERY_MS = 20;

// Whoever ends the conductor ends us through the pipe; a signal to all at once must not disarm the last one standing.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

let state: GuardianState = GUARDIAN_START;
let rest = '';

process.stdin.setEncoding('utf8');
process.stdin.on('data', (text: string) => {
  const read = readMessages(rest + text);
  rest = read.rest;
  state = read.messages.reduce(guardianLearns, state);
});
process.stdin.on('end', finish);
process.stdin.on('error', finish);

function finish(): void {
  if (state.done) process.exit(0);
  const killed = [...state.watched.values()].filter(killMarked);
  const startedMs = performance.now();
  const check = (): void => {
    const alive = killed.filter(isAlive);
    if (alive.length > 0 && performance.now() - startedMs < GONE_WITHIN_MS) {
      for (const mark of alive) killMarked(mark);
      setTimeout(check, LOOK_EVERY_MS);
      return;
    }
    leaveWord(killed, alive);
    process.exit(0);
  };
  check();
}

function leaveWord(killed: readonly WatchedProcess[], alive: readonly WatchedProcess[]): void {
  if (state.folder === undefined) return;
  const left = alive.map((mark) => `${mark.name} (${mark.pid})`).join(', ');
  try {
    appendHealed(state.folder, {
      kind: 'guardian.healed',
      killed: killed.filter((mark) => !alive.includes(mark)).map(({ name, pid }) => ({ name, pid })),
      faults: state.faults,
      reason: `the conductor ended without a word${left === '' ? '' : `; still there: ${left}`}`,
    });
  } catch {
    // The disk is full or the folder is gone. The processes are ended, which is what matters.
  }
}
