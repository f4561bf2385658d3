/**
 * Finds an outside program and asks it for its version, behind a deadline. What is missing or does not suit
 * comes back as a sentence and the line that gets it, never as an error: whoever needs it decides.
 */

import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { TOOLS, type Tool, type ToolName } from './tools.ts';

export interface FoundTool<Name extends string = ToolName> {
  readonly found: true;
  readonly name: Name;
  /** Absolute. */
  readonly path: string;
  readonly version: string;
}

export interface MissingTool<Name extends string = ToolName> {
  readonly found: false;
  readonly name: Name;
  /** What is wrong, as a sentence. */
  readonly missing: string;
  /** The next line to type. */
  readonly hint: string;
}

export type ToolFinding<Name extends string = ToolName> = FoundTool<Name> | MissingTool<Name>;

export interface FindToolOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly platform?: NodeJS.Platform;
  /** How long the program may take to tell its version. Default 5000. */
  readonly deadlineMs?: number;
}

export function findTool(name: ToolName, options: FindToolOptions = {}): Promise<ToolFinding> {
  return find(TOOLS[name], options);
}

/** The same for a program that is none of Regionfall's own parts: a test may need one that the product never starts. */
export async function find<Name extends string>(
  tool: Tool<Name>,
  options: FindToolOptions = {},
): Promise<ToolFinding<Name>> {
  const { env = process.env, platform = process.platform, deadlineMs = 5_000 } = options;
  const { name } = tool;
  const hint = tool.line[platform] ?? tool.line.other;
  const missing = (sentence: string): MissingTool<Name> => ({ found: false, name, missing: sentence, hint });

  const path = await locate(tool, env, platform);
  if (path === undefined) {
    const named = env[tool.variable];
    return missing(
      named === undefined || named === ''
        ? `${name} was not found: no ${tool.binaries.join(', ')} on the PATH and ${tool.variable} is not set`
        : `${name} was not found: ${tool.variable} names '${named}', which is no program`,
    );
  }
  const answer = await ask(path, tool.versionArguments, deadlineMs, env);
  const version = tool.versionPattern.exec(answer.text)?.[1];
  if (version === undefined) return missing(`${name} at ${path} does not tell its version: ${answer.why}`);
  if (!tool.suits(version)) return missing(`${name} at ${path} is ${version}; needed is ${tool.needed}`);
  return { found: true, name, path, version };
}

async function locate(
  tool: Pick<Tool, 'variable' | 'binaries'>,
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): Promise<string | undefined> {
  const named = env[tool.variable];
  if (named !== undefined && named !== '') {
    // Someone who names a binary wants that one: PATH is no answer to a wrong name.
    return isAbsolute(named) && (await executable(named)) ? named : await onPath([named], env, platform);
  }
  return onPath(tool.binaries, env, platform);
}

async function onPath(
  binaries: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): Promise<string | undefined> {
  // An empty or relative entry would mean the working directory, where anyone may have left a file.
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  const endings = platform === 'win32' ? ['.exe', '.cmd'] : [''];
  for (const binary of binaries) {
    for (const folder of folders) {
      for (const ending of endings) {
        const path = join(folder, binary + ending);
        if (!isAbsolute(binary) && (await executable(path))) return path;
      }
    }
  }
  return undefined;
}

async function executable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false; // Not there, or not ours to run: either way no program for us.
  }
}

/** What it printed; `why` says what went wrong when that is of no use. */
function ask(
  path: string,
  versionArguments: readonly string[],
  deadlineMs: number,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly text: string; readonly why: string }> {
  return new Promise((resolve) => {
    execFile(
      path,
      [...versionArguments],
      { env: environmentFor(env), timeout: deadlineMs, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 },
      (error, stdout, stderr) => {
        const text = `${stdout}\n${stderr}`;
        const lastLine = text.trim().split('\n').at(-1)?.slice(0, 200);
        const late = error?.killed === true ? `no answer within ${deadlineMs} ms` : undefined;
        resolve({ text, why: late ?? (lastLine || error?.message || 'it printed nothing') });
      },
    );
  });
}

/** Only what a program needs to start and to find its engine: no credential of the operator. */
function environmentFor(env: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  const passed: NodeJS.ProcessEnv = {};
  for (const name of ['PATH', 'HOME', 'USERPROFILE', 'SystemRoot', 'DOCKER_HOST', 'XDG_RUNTIME_DIR']) {
    if (env[name] !== undefined) passed[name] = env[name];
  }
  return passed;
}
