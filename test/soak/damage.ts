/**
 * A run folder in memory, and views of it in which one file is cut or has one bit flipped: what a crash, a full disk or
 * a bad sector may leave, a hundred thousand times a minute.
 */

import { createHash } from 'node:crypto';
import { type FolderFiles, filesOnDisk } from '../../lib/journal/folder-files.ts';

export interface Damage {
  readonly kind: 'cut' | 'flip';
  readonly file: string;
  /** Bytes that are left of a cut file; number of the flipped bit from the beginning of the file. */
  readonly at: number;
}

export interface MemoryFolder {
  readonly names: readonly string[];
  lengthOf(file: string): number;
  /** The folder as it is, or with one thing wrong. Valid until the next view is asked for. */
  view(damage?: Damage): FolderFiles;
}

/** @param except Files to leave out, as a crash may. */
export async function readIntoMemory(path: string, except: readonly string[] = []): Promise<MemoryFolder> {
  const disk = filesOnDisk(path);
  const names = (await disk.names()).filter((name) => !except.includes(name));
  const contents = new Map(names.map((name) => [name, Buffer.from(disk.read(name) ?? [])]));
  const hashes = new Map([...contents].map(([name, bytes]) => [name, sha256(bytes)]));
  const content = (name: string): Buffer => contents.get(name) ?? Buffer.alloc(0);
  return {
    names,
    lengthOf: (name) => content(name).length,
    view: (damage) => {
      const damaged = damage === undefined ? undefined : damagedBytes(content(damage.file), damage);
      const read = (name: string): Buffer | undefined =>
        name === damage?.file ? damaged : contents.get(name);
      return {
        path,
        names: async () => names,
        size: (name) => read(name)?.length,
        sha256: async (name) =>
          damaged !== undefined && name === damage?.file ? sha256(damaged) : (hashes.get(name) ?? ''),
        read,
      };
    },
  };
}

/** What {@link Damage} makes of a file, on disk as in memory. */
export function damagedBytes(whole: Buffer, { kind, at }: Damage): Buffer {
  if (kind === 'cut') return whole.subarray(0, at);
  const flipped = Buffer.from(whole);
  flipped[at >> 3] = (flipped[at >> 3] ?? 0) ^ (1 << (at & 7));
  return flipped;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
