/** Writes several new files as if they were one: all of them, or none and no trace of the attempt. */

import {
  appendFileSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { EnvironmentError, UsageError } from '../../errors/regionfall-error.ts';
import type { ScaffoldFile } from './scaffold.ts';

/**
 * @throws UsageError RF-FILE-EXISTS naming every file that is in the way: one that is there, a link that leads nowhere,
 * or a file where a folder is needed.
 */
export function refuseExisting(root: string, files: readonly ScaffoldFile[]): void {
  const existing = files
    .filter(({ action }) => action === 'create')
    .map(({ path }) => inTheWayOf(root, path))
    .filter((path) => path !== undefined);
  if (existing.length === 0) return;
  const [are, them] = existing.length === 1 ? ['exists', 'it'] : ['exist', 'them'];
  throw new UsageError(
    `${existing.join(', ')} ${are} in ${root} already; nothing is overwritten, and nothing was written`,
    { code: 'RF-FILE-EXISTS', hint: `move ${them} away, then: regionfall init again` },
  );
}

/**
 * Synchronous: nothing else of this process comes in between.
 * @throws UsageError as {@link refuseExisting}; EnvironmentError RF-NOT-WRITABLE when a file cannot be written, after
 * everything before it was taken back.
 */
export function writeTogether(root: string, files: readonly ScaffoldFile[]): void {
  refuseExisting(root, files);
  const undo: (() => void)[] = [];
  for (const file of files) {
    try {
      writeOne(root, file, undo);
    } catch (cause) {
      throw notWritable(join(root, file.path), cause, takeBack(undo));
    }
  }
}

/** What has to be undone is noted before it is done: a write that fails may have begun. */
function writeOne(root: string, { path, action, text }: ScaffoldFile, undo: (() => void)[]): void {
  const target = join(root, path);
  if (action === 'append') {
    const { length } = readFileSync(target);
    undo.push(() => truncateSync(target, length));
    appendFileSync(target, text);
    return;
  }
  for (const folder of missingFoldersOf(root, path)) {
    mkdirSync(folder);
    undo.push(() => rmdirSync(folder));
  }
  // Created empty first: from here on the file is ours, and another program's that came in between is not touched.
  writeFileSync(target, '', { flag: 'wx' });
  undo.push(() => rmSync(target));
  writeFileSync(target, text);
}

/** In reverse. @returns What could not be taken back, in words. */
function takeBack(undo: readonly (() => void)[]): readonly string[] {
  return undo.toReversed().flatMap((step) => {
    try {
      step();
      return [];
    } catch (error) {
      return [(error as Error).message];
    }
  });
}

function notWritable(path: string, cause: unknown, left: readonly string[]): EnvironmentError {
  const state = left.length === 0 ? 'nothing was written' : `and not all could be undone: ${left.join('; ')}`;
  return new EnvironmentError(`'${path}' cannot be written: ${(cause as Error).message}; ${state}`, {
    code: 'RF-NOT-WRITABLE',
    hint: `ls -ld '${dirname(path)}'; df -h '${dirname(path)}'`,
    cause,
  });
}

/** The path itself when something has its name, or the parent of it that is no folder; relative to the root. */
function inTheWayOf(root: string, path: string): string | undefined {
  const parent = parentsOf(path).find((folder) => {
    const found = lstatSync(join(root, folder), { throwIfNoEntry: false });
    return found !== undefined && !found.isDirectory();
  });
  if (parent !== undefined) return parent;
  return lstatSync(join(root, path), { throwIfNoEntry: false }) === undefined ? undefined : path;
}

/** Absolute, from the outermost in. */
function missingFoldersOf(root: string, path: string): readonly string[] {
  return parentsOf(path)
    .map((folder) => join(root, folder))
    .filter((folder) => lstatSync(folder, { throwIfNoEntry: false }) === undefined);
}

/** `a/b/c` → `a`, `a/b`. */
function parentsOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_part, index) => parts.slice(0, index + 1).join('/'));
}
