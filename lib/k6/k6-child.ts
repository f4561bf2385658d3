/** k6 as a child of the callers' process: its output is read as it comes, and it never outlives us. */

import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { k6Arguments, k6Environment } from './k6-command.ts';
import { createK6Reader, type K6Attempt, type K6Reader } from './reader.ts';
import type { K6Config } from './script/config.ts';

export interface K6Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Bytes of an unfinished last line. */
  readonly cut: number;
  /** The end of what it said, for a person. */
  readonly said: string;
}

export interface K6Child {
  readonly pid: number;
  readonly reader: K6Reader;
  /** When it has ended and all of its output is read. */
  readonly exited: Promise<K6Exit>;
  /** k6 has read what it needs: the keys need not lie on the disk any longer. */
  forgetKeys(): Promise<void>;
  /** Asks it to end, and after a while does not ask any more. */
  stop(): void;
}

export interface K6ChildOptions {
  /** Of k6 itself. */
  readonly path: string;
  readonly version: string;
  /** JavaScript. */
  readonly script: string;
  readonly config: K6Config;
  readonly hosts: Readonly<Record<string, string>>;
  readonly caPem: string;
  readonly onAttempt: (attempt: K6Attempt) => void;
  /** Epoch microseconds. */
  readonly onDropped: (atUs: number) => void;
}

/** k6 ends what is under way at once when it is interrupted; one that does not is not waited for. */
const PATIENCE_MS = 1_000;

/** @throws when there is no such program. The folder with the keys is gone when it has ended. */
export async function startK6(options: K6ChildOptions): Promise<K6Child> {
  const home = await mkdtemp(join(tmpdir(), 'regionfall-k6-'));
  const files = {
    home,
    script: join(home, 'script.js'),
    config: join(home, 'config.json'),
    k6Config: join(home, 'k6.json'),
    ca: join(home, 'ca.pem'),
  };
  const write = (path: string, text: string): Promise<void> =>
    writeFile(path, text, { mode: 0o600, flag: 'wx' });
  await Promise.all([
    write(files.script, options.script),
    write(files.config, JSON.stringify(options.config)),
    write(files.k6Config, JSON.stringify({ hosts: options.hosts, setupTimeout: '1h' })),
    write(files.ca, options.caPem),
  ]);
  const child = spawn(options.path, k6Arguments(files, options.version), {
    env: k6Environment(files),
    cwd: home,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const killWithUs = (): void => {
    child.kill('SIGKILL');
    rmSync(home, { recursive: true, force: true });
  };
  process.once('exit', killWithUs);
  const reader = createK6Reader(options.onAttempt, options.onDropped);
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => reader.push(chunk));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4_000);
  });
  let patience: NodeJS.Timeout | undefined;
  const exited = new Promise<K6Exit>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(patience);
      process.off('exit', killWithUs);
      rm(home, { recursive: true, force: true }).then(
        () => resolve({ code, signal, cut: reader.end(), said: lastWords(said) }),
        reject,
      );
    });
  });
  const { pid } = child;
  if (pid === undefined) {
    await exited;
    throw new Error('k6 could not be started');
  }
  return {
    pid,
    reader,
    exited,
    forgetKeys: () => rm(files.config, { force: true }),
    stop: () => {
      child.kill('SIGINT');
      patience ??= setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    },
  };
}

/** k6 writes `time="…" level=error msg="…"`; the message of the last error is what a person needs. */
function lastWords(said: string): string {
  const lines = said.trim().split('\n');
  const last = lines.findLast((line) => line.includes('level=error')) ?? lines.at(-1) ?? '';
  const message = /msg="((?:[^"\\]|\\.)*)"/.exec(last)?.[1];
  return (message?.replaceAll('\\n', ' ').replaceAll('\\"', '"') ?? last).slice(0, 600);
}
