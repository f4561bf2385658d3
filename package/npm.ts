/** Runs npm, and whatever else a build or a check needs, as a program of its own whose output is a value. */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Refusal } from './refusal.ts';

export interface ProgramOptions {
  readonly cwd: string;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Exit codes that are no error; 0 alone without it. */
  readonly codes?: readonly number[];
}

/** Standard output. @throws Refusal with all that it said when it ends with another code. */
export function run(
  [program = '', ...parameters]: readonly string[],
  { cwd, env = {}, codes = [0] }: ProgramOptions,
): string {
  const { status, stdout, stderr, error } = spawnSync(program, parameters, {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (error !== undefined || status === null || !codes.includes(status)) {
    const command = [program, ...parameters].join(' ');
    throw new Refusal(`${command}: ${error?.message ?? `code ${status}`}\n${stdout}\n${stderr}`.trim());
  }
  return stdout;
}

/** As {@link run}, of npm: the one that runs us, otherwise the one on the PATH. */
export function npm(parameters: readonly string[], options: ProgramOptions): string {
  const running = process.env['npm_execpath'];
  const command =
    running !== undefined && /npm-cli\.c?js$/.test(running) && existsSync(running)
      ? [process.execPath, running]
      : ['npm'];
  return run([...command, ...parameters, '--no-audit', '--no-fund', '--loglevel=error'], {
    ...options,
    // What `npm run` sets for its scripts is not meant for another npm in another folder.
    env: { ...withoutNpmSettings(), ...options.env },
  });
}

function withoutNpmSettings(): Record<string, undefined> {
  const names = ['npm_config_local_prefix', 'npm_config_prefix', 'npm_package_json', 'INIT_CWD'];
  return Object.fromEntries(names.map((name) => [name, undefined]));
}
