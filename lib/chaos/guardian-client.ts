/**
 * The conductor's end of the guardian: starts it in a session of its own, tells it what to end should the conductor
 * die, and keeps the same list in the run folder for the case that both die.
 */

import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { entryUrl } from '../process/entry.ts';
import { markOf, type ProcessMark } from '../process/process-identity.ts';
import { notStarted } from '../process/rpc.ts';
import type { GuardianMessage, WatchedProcess } from './guardian-protocol.ts';
import { removeProcesses, writeProcesses } from './run-remains.ts';

export interface Guardian {
  readonly pid: number;
  /** To be called as soon as a process is started. One that has already ended is not watched. */
  watch(process: { readonly name: string; readonly pid: number }): void;
  unwatch(pid: number): void;
  fault(name: string): void;
  faultLifted(name: string): void;
  /** The run folder, once it exists: from then on `processes.json` stands in it. */
  folder(path: string): void;
  /**
   * The run has ended in order: lets the guardian go and removes `processes.json`. To be called when every watched
   * process has ended and before the manifest is written.
   */
  done(): Promise<void>;
  /** Resolves when the guardian has ended, in order or not. */
  readonly exited: Promise<{ readonly expected: boolean }>;
}

const GONE_WITHIN_MS = 2_000;

export function startGuardian(): Guardian {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ENTRY], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: process.env['PATH'] ?? '' },
  });
  child.on('error', () => {}); // Told by the missing number, or by the exit.
  const pid = child.pid;
  if (pid === undefined) throw notStarted('guardian');
  const watched = new Map<number, WatchedProcess>();
  let folder: string | undefined;
  let dismissed = false;

  const exited = new Promise<{ expected: boolean }>((resolve) => {
    child.once('exit', () => resolve({ expected: dismissed }));
  });
  // Neither the process nor the pipe keeps the conductor alive, and a guardian that was killed is told to no one.
  child.unref();
  (child.stdin as Socket).unref();
  child.stdin.on('error', () => {});

  const tell = (message: GuardianMessage): void => {
    if (child.stdin.writable) child.stdin.write(`${JSON.stringify(message)}\n`);
  };
  const keepList = (): void => {
    if (folder === undefined) return;
    writeProcesses(folder, [
      ...named('conductor', markOf(process.pid)),
      ...named('guardian', markOf(pid)),
      ...watched.values(),
    ]);
  };
  const keepListIfPossible = (): void => {
    try {
      keepList();
    } catch {
      // The disk is full. The guardian has been told; the list is for the case that it dies as well.
    }
  };

  return {
    pid,
    exited,
    watch: (started) => {
      for (const mark of named(started.name, markOf(started.pid))) {
        watched.set(mark.pid, mark);
        tell({ watch: mark });
        keepListIfPossible();
      }
    },
    unwatch: (ended) => {
      if (!watched.delete(ended)) return;
      tell({ unwatch: ended });
      keepListIfPossible();
    },
    fault: (name) => tell({ fault: name }),
    faultLifted: (name) => tell({ faultLifted: name }),
    folder: (path) => {
      folder = path;
      tell({ folder: path });
      keepList();
    },
    done: async () => {
      dismissed = true;
      tell({ done: true });
      child.stdin.end();
      child.ref();
      const stubborn = setTimeout(() => child.kill('SIGKILL'), GONE_WITHIN_MS);
      await exited;
      clearTimeout(stubborn);
      if (folder !== undefined) removeProcesses(folder);
    },
  };
}

const ENTRY = fileURLToPath(entryUrl('./guardian.ts', import.meta.url));

function named(name: string, mark: ProcessMark | undefined): readonly WatchedProcess[] {
  return mark === undefined ? [] : [{ ...mark, name }];
}
