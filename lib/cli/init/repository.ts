/** What `init` has to know of the repository that it writes into. Reads and decides nothing else; writes nothing. */

import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../../errors/regionfall-error.ts';

/** How a scenario is written there. A `.scenario.ts` is an ES module anywhere; a `.scenario.js` is what Node says. */
export type Language = 'typescript' | 'module' | 'commonjs';

/** What installs its packages; `none` where no package.json is. */
export type PackageManager = 'npm' | 'pnpm' | 'yarn' | 'none';

export interface Repository {
  /** Absolute. */
  readonly root: string;
  readonly language: Language;
  readonly packageManager: PackageManager;
  /** Whether its package.json asks for Regionfall. */
  readonly hasRegionfall: boolean;
  /** Text of its .gitignore; undefined where there is none. */
  readonly gitignore: string | undefined;
}

/**
 * @param folder As it was typed.
 * @throws UsageError RF-FOLDER-UNUSABLE when it is no folder, lies inside a repository instead of being its root, or
 * holds a package.json or .gitignore that cannot be read.
 */
export function readRepository(folder: string): Repository {
  const root = resolve(folder);
  refuseNoFolder(folder, root);
  refuseInsideOfRepository(folder, root);
  const manifest = manifestIn(root);
  const dependencies = { ...manifest?.dependencies, ...manifest?.devDependencies };
  return {
    root,
    language: languageOf(root, dependencies),
    packageManager: manifest === undefined ? 'none' : packageManagerOf(root),
    hasRegionfall: Object.hasOwn(dependencies, 'regionfall'),
    gitignore: textIn(root, '.gitignore'),
  };
}

/** Of package.json, what is read here. */
interface Manifest {
  readonly type?: unknown;
  readonly dependencies?: Readonly<Record<string, unknown>>;
  readonly devDependencies?: Readonly<Record<string, unknown>>;
}

function refuseNoFolder(folder: string, root: string): void {
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const what = existsSync(root) ? `'${folder}' is a file` : `there is no folder '${folder}'`;
  throw new UsageError(`${what}, and init writes into a repository that is there`, {
    code: 'RF-FOLDER-UNUSABLE',
    hint: 'regionfall init FOLDER, with the root of your repository; without FOLDER it is the working directory',
  });
}

/** GitHub reads workflows at the root only, so a workflow elsewhere would be silent for ever. */
function refuseInsideOfRepository(folder: string, root: string): void {
  if (existsSync(join(root, '.git'))) return;
  const above = parentsOf(root).find((parent) => existsSync(join(parent, '.git')));
  if (above === undefined) return;
  throw new UsageError(
    `'${folder}' lies inside the repository ${above}, and GitHub reads no workflow there`,
    {
      code: 'RF-FOLDER-UNUSABLE',
      hint: `regionfall init ${above}, or first \`git init\` for a repository of its own`,
    },
  );
}

function languageOf(root: string, dependencies: Readonly<Record<string, unknown>>): Language {
  const signs = ['tsconfig.json', 'tsconfig.base.json'].some((name) => existsSync(join(root, name)));
  if (signs || Object.hasOwn(dependencies, 'typescript')) return 'typescript';
  // The nearest package.json decides, as for Node; none, or one that says nothing, means CommonJS without a doubt.
  const nearest = [root, ...parentsOf(root)].find((parent) => existsSync(join(parent, 'package.json')));
  return nearest !== undefined && manifestIn(nearest)?.type === 'module' ? 'module' : 'commonjs';
}

function packageManagerOf(root: string): PackageManager {
  if (existsSync(join(root, 'pnpm-lock.yaml'))) return 'pnpm';
  return existsSync(join(root, 'yarn.lock')) ? 'yarn' : 'npm';
}

function manifestIn(root: string): Manifest | undefined {
  const text = textIn(root, 'package.json');
  if (text === undefined) return undefined;
  try {
    // Some editors begin a file with a mark that JSON does not know.
    const manifest: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (typeof manifest === 'object' && manifest !== null) return manifest;
    throw new Error('no object');
  } catch (cause) {
    throw unreadable(join(root, 'package.json'), cause);
  }
}

function textIn(root: string, name: string): string | undefined {
  const path = join(root, name);
  if (!existsSync(path)) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): UsageError {
  return new UsageError(`${path} cannot be read: ${(cause as Error).message}`, {
    code: 'RF-FOLDER-UNUSABLE',
    hint: 'correct it, then: regionfall init again; nothing was written',
    cause,
  });
}

function parentsOf(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [] : [parent, ...parentsOf(parent)];
}
