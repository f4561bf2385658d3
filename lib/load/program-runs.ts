/**
 * Runs programs and leaves none of them behind: each leads a process group of its own, and the whole group is killed
 * when its leader has ended, when it has taken too long, and at the end of all. What escaped into a session of its own
 * is found by a mark in its environment, where the system shows that (Linux).
 */

import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { killByEnvironment } from '../process/environment-mark.ts';
import { createTail } from './program-tail.ts';

export interface ProgramOrder {
  /** Started without a shell, looked up on the PATH of `environment`. */
  readonly command: readonly string[];
  /** All that it is given. */
  readonly environment: Readonly<Record<string, string>>;
  /** After so long it is killed; null: never. */
  readonly timeLimitMs: number | null;
}

export type ProgramEnd =
  | {
      readonly kind: 'exited';
      readonly code: number;
      /** The end of what it wrote, without the secrets that it was given. */
      readonly said: string;
    }
  | { readonly kind: 'signalled'; readonly signal: NodeJS.Signals; readonly said: string }
  | { readonly kind: 'too-long'; readonly said: string }
  /** With the system's word for it, such as ENOENT. */
  | { readonly kind: 'not-started'; readonly errno: string };

export interface ProgramRuns {
  /** `ended` is called once, unless the run is killed first. */
  start(run: number, order: ProgramOrder, ended: (end: ProgramEnd) => void): void;
  /** What becomes of it is told to nobody. */
  kill(run: number): void;
  /** Kills everything. Nothing can be started afterwards. */
  close(): void;
}

/** Stands in the environment of every program, with a value that no other run has. */
const MARK = 'REGIONFALL_PROGRAM';

export function createProgramRuns(): ProgramRuns {
  const mark = `${MARK}=${randomUUID()}`;
  /** Kills the group of a run that is under way. */
  const running = new Map<number, () => void>();
  let closed = false;
  return {
    start: (run, { command: [program = '', ...parameters], environment, timeLimitMs }, ended) => {
      if (closed) return;
      const [name, value] = mark.split('=', 2);
      const tail = createTail(environment);
      const child = spawn(program, parameters, {
        env: { ...environment, [name ?? MARK]: value },
        // A group of its own, and a session: no terminal's Ctrl-C ends it past us.
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const killGroup = (): void => {
        if (child.pid !== undefined) killQuietly(-child.pid);
      };
      let tooLong = false;
      const limit =
        timeLimitMs === null
          ? undefined
          : setTimeout(() => {
              tooLong = true;
              killGroup();
            }, timeLimitMs);
      const settle = (end: ProgramEnd): void => {
        clearTimeout(limit);
        if (running.delete(run)) ended(end);
      };
      running.set(run, killGroup);
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', tail.add).on('error', () => {});
      child.once('error', ({ code = 'UNKNOWN' }: NodeJS.ErrnoException) => {
        settle({ kind: 'not-started', errno: code });
      });
      child.once('exit', (code, signal) => {
        // What it left in its group is as dead as it is.
        killGroup();
        const said = tail.text();
        if (tooLong) settle({ kind: 'too-long', said });
        else if (signal !== null) settle({ kind: 'signalled', signal, said });
        else settle({ kind: 'exited', code: code ?? 0, said });
        // Whoever escaped may hold the other end for ever.
        child.stdout?.destroy();
        child.stderr?.destroy();
      });
    },
    kill: (run) => {
      running.get(run)?.();
      running.delete(run);
    },
    close: () => {
      closed = true;
      for (const killGroup of running.values()) killGroup();
      running.clear();
      killByEnvironment(mark);
    },
  };
}

function killQuietly(target: number): void {
  try {
    process.kill(target, 'SIGKILL');
  } catch {
    // It ended between the look and the signal.
  }
}
