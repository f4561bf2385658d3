/**
 * Finds scenario files by name, path or folder and reads them into plain, validated JSON with a hash. A JSON file
 * can only describe; a TypeScript file is a program of the user's own and runs as one, once, when it is imported.
 */

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nearestName } from '../aws/nearest-name.ts';
import { UsageError } from '../errors/regionfall-error.ts';
import { importModule } from './import-module.ts';
import { describeProblem, type Problem } from './problem.ts';
import type { Scenario } from './schema.ts';
import { validate } from './validate.ts';

export interface LoadedScenario {
  readonly path: string;
  /** Defaults filled in; survives JSON unchanged. */
  readonly scenario: Scenario;
  /** SHA-256, hex, over the resolved scenario; how it is written down does not matter. */
  readonly hash: string;
}

/** Scenarios that say something impossible: exit 2, with every problem of every file. */
export class ScenarioError extends UsageError {
  readonly files: readonly InvalidFile[];

  constructor(files: readonly InvalidFile[]) {
    const lines = files.flatMap(({ path, problems }) => [
      `${path} has ${problems.length === 1 ? 'one problem' : `${problems.length} problems`}:`,
      ...problems.map((problem) => `  ${describeProblem(problem)}`),
    ]);
    super(lines.join('\n'), {
      code: 'RF-SCENARIO-INVALID',
      hint: `correct that, then: regionfall validate ${files.map(({ path }) => path).join(' ')}`,
    });
    this.files = files;
  }
}

export interface InvalidFile {
  readonly path: string;
  readonly problems: readonly Problem[];
}

/** The scenarios that come with Regionfall. */
export const SCENARIOS_FOLDER = fileURLToPath(new URL('../../scenarios/', import.meta.url));

const ENDING = /\.scenario\.(?:ts|js|json)$/;
const MOST_BYTES = 1_000_000;

export interface ScenarioPlaces {
  /** Where names are looked up. */
  readonly folder?: string;
  /** What relative paths start from. */
  readonly cwd?: string;
}

/**
 * @param argument A name (`region-outage`), a file, or a folder whose scenario files are meant, in order of name.
 * @throws UsageError when there is no such file or it cannot be read; ScenarioError when it is not valid.
 */
export async function loadScenarios(
  argument: string,
  places: ScenarioPlaces = {},
): Promise<readonly LoadedScenario[]> {
  const loaded: LoadedScenario[] = [];
  const invalid: InvalidFile[] = [];
  for (const path of findScenarios(argument, places)) {
    const validation = validate(await readScenario(path));
    if (validation.valid)
      loaded.push({ path, scenario: validation.scenario, hash: hashOf(validation.scenario) });
    else invalid.push({ path, problems: validation.problems });
  }
  if (invalid.length > 0) throw new ScenarioError(invalid);
  return loaded;
}

/** As {@link loadScenarios}, of one file. */
export async function loadScenario(path: string): Promise<LoadedScenario> {
  const [loaded] = await loadScenarios(resolve(path));
  if (loaded === undefined) throw new Error(`${path} held no scenario`);
  return loaded;
}

/** Paths of the scenario files that a name, a path or a folder means; at least one. */
export function findScenarios(argument: string, places: ScenarioPlaces = {}): readonly string[] {
  const folder = places.folder ?? SCENARIOS_FOLDER;
  const path = resolve(places.cwd ?? process.cwd(), argument);
  if (existsSync(path) && statSync(path).isDirectory()) {
    const files = scenarioFiles(path);
    if (files.length > 0) return files;
    // A folder that happens to have the name of a scenario must not hide it.
    if (named(folder, argument) === undefined) {
      throw new UsageError(`no scenario stands in ${argument}`, {
        code: 'RF-SCENARIO-NOT-FOUND',
        hint: 'scenario files end in .scenario.ts, .scenario.js or .scenario.json',
      });
    }
  } else if (existsSync(path)) return [path];
  const found = named(folder, argument);
  if (found !== undefined) return [found];
  const names = scenarioFiles(folder).map(nameOf);
  const nearest = nearestName(argument, names);
  throw new UsageError(`there is no scenario '${argument}'`, {
    code: 'RF-SCENARIO-NOT-FOUND',
    hint:
      nearest === undefined
        ? `there are ${names.join(', ')}; or give the path of a file`
        : `did you mean '${nearest}'?`,
  });
}

/** Files of a folder that hold scenarios, in order of name; none where there is no folder. */
export function scenarioFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => ENDING.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/** What a file says, unchecked. */
export async function readScenario(path: string): Promise<unknown> {
  if (path.endsWith('.json')) return readJson(path);
  if (!/\.[jt]s$/.test(path)) {
    throw new UsageError(`${path} is no scenario file`, {
      code: 'RF-SCENARIO-UNREADABLE',
      hint: 'scenario files end in .scenario.ts, .scenario.js or .scenario.json',
    });
  }
  const module = await importing(path);
  if (!('default' in module)) {
    throw new UsageError(`${path} exports no scenario`, {
      code: 'RF-SCENARIO-UNREADABLE',
      hint: 'write: export default defineScenario({ … })',
    });
  }
  return module.default;
}

async function importing(path: string): Promise<object> {
  try {
    return await importModule(path);
  } catch (cause) {
    throw new UsageError(`${path} cannot be read: ${(cause as Error).message}${placeOf(cause)}`, {
      code: 'RF-SCENARIO-UNREADABLE',
      hint: `node --check ${path}`,
      cause,
    });
  }
}

/** Where in a file of the user's it was thrown, ` (file:line)`; empty where the stack does not tell. */
function placeOf(error: unknown): string {
  const stack = (error instanceof Error && error.stack) || '';
  const [, file, line] = /(?:^|\(|at |file:\/\/)(\/[^\s():]+\.[cm]?[jt]s):(\d+)/m.exec(stack) ?? [];
  return file === undefined ? '' : ` (${file}:${line})`;
}

function readJson(path: string): unknown {
  if (statSync(path).size > MOST_BYTES) {
    throw new UsageError(`${path} is larger than a scenario can be`, {
      code: 'RF-SCENARIO-UNREADABLE',
      hint: `at most ${MOST_BYTES} bytes`,
    });
  }
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new UsageError(`${path} is not JSON: ${(cause as Error).message}`, {
      code: 'RF-SCENARIO-UNREADABLE',
      hint: 'correct it at the place named',
      cause,
    });
  }
}

function named(folder: string, name: string): string | undefined {
  return scenarioFiles(folder).find((path) => nameOf(path) === name);
}

function nameOf(path: string): string {
  return basename(path).replace(ENDING, '');
}

function hashOf(scenario: Scenario): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(scenario)))
    .digest('hex');
}

/** The same value with the keys of every object in order of name. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
