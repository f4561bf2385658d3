/**
 * A disk that fails: from the n-th write to a folder on, writes of this process end in the error that a full or broken
 * disk gives, half of their bytes written. It stands between Node's file functions and the system, so that what is
 * tested is the product as it is.
 */

import fs from 'node:fs';
import promises, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { resolve, sep } from 'node:path';

export type DiskError = 'ENOSPC' | 'EIO';

export interface FailingDisk extends Disposable {
  /** Writes so far, failed ones included. */
  writes(): number;
  /** How many of them failed. */
  failures(): number;
}

export interface FailWrites {
  readonly folder: string;
  /** So many writes succeed first. */
  readonly after: number;
  readonly code: DiskError;
  /** So many fail, then the disk is well again; all without it. */
  readonly times?: number;
  /** Well again as soon as this says so: what was full has room. */
  readonly until?: () => boolean;
  readonly onFirst?: () => void;
  /** Only files of these endings are hit; all without it. */
  readonly endings?: readonly string[];
}

/** Until it is disposed of. One at a time in a process. */
export function failWrites({
  folder,
  after,
  code,
  times = Infinity,
  endings,
  ...rest
}: FailWrites): FailingDisk {
  let writes = 0;
  let failures = 0;
  const root = resolve(folder) + sep;
  const concerned = (path: unknown): boolean =>
    typeof path === 'string' &&
    `${resolve(path)}${sep}`.startsWith(root) &&
    (endings === undefined || endings.some((ending) => path.endsWith(ending)));
  /** Whether this write is one to fail. */
  const fails = (): boolean => {
    writes += 1;
    if (writes <= after || failures >= times) return false;
    if (rest.until?.() === true) return false;
    failures += 1;
    if (failures === 1) rest.onFirst?.();
    return true;
  };
  const error = (): Error =>
    Object.assign(new Error(`${code}: ${MEANINGS[code]}, write`), { code, syscall: 'write' });
  const undo = [patchSync(concerned, fails, error), patchPromises(concerned, fails, error)];
  syncBuiltinESMExports();
  return {
    writes: () => writes,
    failures: () => failures,
    [Symbol.dispose]: () => {
      for (const restore of undo) restore();
      syncBuiltinESMExports();
    },
  };
}

const MEANINGS: Readonly<Record<DiskError, string>> = {
  ENOSPC: 'no space left on device',
  EIO: 'i/o error',
};

type Concerned = (path: unknown) => boolean;

function patchSync(concerned: Concerned, fails: () => boolean, error: () => Error): () => void {
  const { openSync, writeSync, fsyncSync, writeFileSync, closeSync } = fs;
  const ours = new Set<number>();
  fs.openSync = (path, flags, mode) => {
    const file = openSync(path, flags, mode);
    if (concerned(path) && flags !== 'r' && flags !== undefined) ours.add(file);
    return file;
  };
  fs.closeSync = (file) => {
    ours.delete(file);
    closeSync(file);
  };
  const write = (file: number, bytes: Uint8Array, offset: number, length: number): number => {
    if (!ours.has(file) || !fails()) return writeSync(file, bytes, offset, length);
    writeSync(file, bytes, offset, length >> 1);
    throw error();
  };
  fs.writeSync = write as typeof fs.writeSync;
  fs.fsyncSync = (file) => {
    if (ours.has(file) && fails()) throw error();
    fsyncSync(file);
  };
  fs.writeFileSync = (path, data, options) => {
    if (concerned(path) && fails()) {
      writeFileSync(path, halfOf(data), options);
      throw error();
    }
    writeFileSync(path, data, options);
  };
  return () => {
    Object.assign(fs, { openSync, writeSync, fsyncSync, writeFileSync, closeSync });
  };
}

function patchPromises(concerned: Concerned, fails: () => boolean, error: () => Error): () => void {
  const { open, writeFile } = promises;
  promises.open = async (path, flags, mode) => {
    const file = await open(path, flags, mode);
    return concerned(path) && flags !== 'r' && flags !== undefined ? failing(file, fails, error) : file;
  };
  promises.writeFile = async (path, data, options) => {
    if (!concerned(path) || !fails()) return await writeFile(path, data, options);
    await writeFile(path, halfOf(data), options);
    throw error();
  };
  return () => {
    Object.assign(promises, { open, writeFile });
  };
}

function failing(file: FileHandle, fails: () => boolean, error: () => Error): FileHandle {
  const writeFile = file.writeFile.bind(file);
  const sync = file.sync.bind(file);
  file.writeFile = async (data, options) => {
    if (!fails()) return await writeFile(data, options);
    await writeFile(halfOf(data), options);
    throw error();
  };
  file.sync = async () => {
    if (fails()) throw error();
    await sync();
  };
  return file;
}

function halfOf<Data>(data: Data): Data {
  const cut = data as { readonly length?: number; slice?(start: number, end: number): Data };
  return cut.slice?.(0, (cut.length ?? 0) >> 1) ?? data;
}
