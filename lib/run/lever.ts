/**
 * The one lever that stops everything: a file in the user's state folder. While it is there, what runs ends in order
 * and nothing new begins; it outlives every process and the machine's restart. A file that cannot be read counts: who
 * cannot tell whether to stop, stops.
 */

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { EnvironmentError, RegionfallError } from '../errors/regionfall-error.ts';

/** As it stands in the file. */
export interface Pulled {
  readonly schema: 1;
  readonly reason: string;
  /** Wall clock. */
  readonly atMs: number;
  /** Who pulled it. */
  readonly by: string;
}

export interface LeverState {
  readonly path: string;
  /** Absent where the file cannot be read or is not what `halt` writes. */
  readonly pulled?: Pulled;
  /** What the file would not tell; empty where it told all. */
  readonly trouble: string;
}

/** Somebody has stopped everything: exit 4, as after an abort. */
export class HaltedError extends RegionfallError {
  constructor(state: LeverState) {
    super(`nothing is started: ${describeLever(state)}`, 4, {
      code: 'RF-HALTED',
      hint: `regionfall resume lifts it (${state.path})`,
    });
  }
}

/** Looked at this often, so that runs end well within a second of each other. */
const LOOK_EVERY_MS = 500;

export function leverPath(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const own = env['REGIONFALL_STATE'];
  const shared = env['XDG_STATE_HOME'] || join(env['HOME'] || homedir(), '.local', 'state');
  return join(resolve(own || join(shared, 'regionfall')), 'halted.json');
}

/** Undefined when nobody has pulled it. Never throws. */
export function readLever(path: string): LeverState | undefined {
  try {
    return stateOf(path, readFileSync(path, 'utf8'));
  } catch (error) {
    return unreadable(path, error);
  }
}

/** @returns What stands there now: an earlier pull keeps its reason. @throws EnvironmentError RF-NOT-WRITABLE. */
export function pullLever(path: string, reason: string, nowWallMs: number): LeverState | undefined {
  const pulled: Pulled = { schema: 1, reason, atMs: nowWallMs, by: whoWeAre() };
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // Whoever reads it half written takes it for damaged, and that counts as well.
    writeFileSync(path, `${JSON.stringify(pulled)}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw notWritable(path, error);
  }
  return readLever(path);
}

/** @returns What stood there; undefined when nothing did. @throws EnvironmentError RF-NOT-WRITABLE. */
export function releaseLever(path: string): LeverState | undefined {
  const state = readLever(path);
  try {
    rmSync(path, { force: true });
  } catch (error) {
    throw notWritable(path, error);
  }
  return state;
}

/** `ada pulled the lever at 2026-11-24T21:00:00Z: the demo is over`. */
export function describeLever({ path, pulled, trouble }: LeverState): string {
  if (pulled === undefined) return `the lever is pulled, though ${path} does not say by whom (${trouble})`;
  const at = new Date(pulled.atMs).toISOString().replace(/\.\d+Z$/, 'Z');
  return `${pulled.by} pulled the lever at ${at}${pulled.reason === '' ? '' : `: ${pulled.reason}`}`;
}

/** @throws HaltedError while the lever is pulled. */
export function refuseWhenHalted(path: string): void {
  const state = readLever(path);
  if (state !== undefined) throw new HaltedError(state);
}

export interface LeverWatch {
  /** Aborted when somebody pulls it; its reason is a sentence. */
  readonly signal: AbortSignal;
  [Symbol.dispose](): void;
}

export function watchLever(path: string): LeverWatch {
  const controller = new AbortController();
  let over = false;
  const look = async (): Promise<void> => {
    const state = await readFile(path, 'utf8').then(
      (text) => stateOf(path, text),
      (error: unknown) => unreadable(path, error),
    );
    if (over) return;
    if (state !== undefined) controller.abort(describeLever(state));
    else plan();
  };
  let timer: NodeJS.Timeout | undefined;
  const plan = (): void => {
    timer = setTimeout(() => void look(), LOOK_EVERY_MS);
    timer.unref();
  };
  plan();
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      over = true;
      clearTimeout(timer);
    },
  };
}

function stateOf(path: string, text: string): LeverState {
  try {
    const { schema, reason, atMs, by } = JSON.parse(text) as Partial<Record<keyof Pulled, unknown>>;
    // The range of dates that can be written down.
    const dated = Number.isSafeInteger(atMs) && Math.abs(Number(atMs)) <= 8.64e15;
    if (schema === 1 && typeof reason === 'string' && typeof by === 'string' && dated) {
      return { path, pulled: { schema, reason, atMs: Number(atMs), by }, trouble: '' };
    }
  } catch {
    // Told below.
  }
  return { path, trouble: 'the file is damaged' };
}

function unreadable(path: string, error: unknown): LeverState | undefined {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? undefined : { path, trouble: message };
}

function whoWeAre(): string {
  try {
    return userInfo().username;
  } catch {
    // A user whom the system has no name for, as containers have them.
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}

function notWritable(path: string, cause: unknown): EnvironmentError {
  return new EnvironmentError(`'${path}' cannot be changed: ${(cause as Error).message}`, {
    code: 'RF-NOT-WRITABLE',
    hint: 'REGIONFALL_STATE names another folder for it; every shell that is to obey needs the same',
    cause,
  });
}
