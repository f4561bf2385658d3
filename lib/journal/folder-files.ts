/**
 * The files of a run folder as whoever opens it sees them. On disk as a rule; a torture test hands in a view in which
 * one file is cut or has a bit flipped.
 */
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

export interface FolderFiles {
  /** Where they are, for messages and for files that are named to others. */
  readonly path: string;
  /** Of every file, relative to the folder, with `/`, sorted. */
  names(): Promise<readonly string[]>;
  /** In bytes; undefined when there is no such file. */
  size(name: string): number | undefined;
  /** SHA-256 of the content, hex. @throws when there is no such file. */
  sha256(name: string): Promise<string>;
  /** The content; undefined when there is no such file. */
  read(name: string): Uint8Array | undefined;
}

export function filesOnDisk(path: string): FolderFiles {
  return {
    path,
    names: async () => {
      const entries = await readdir(path, { withFileTypes: true, recursive: true });
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) =>
          join(entry.parentPath, entry.name)
            .slice(path.length)
            .replace(/^[\\/]+/, '')
            .replaceAll('\\', '/'),
        )
        .sort();
    },
    size: (name) => {
      const found = statSync(join(path, name), { throwIfNoEntry: false });
      return found?.isFile() === true ? found.size : undefined;
    },
    sha256: async (name) => {
      const hash = createHash('sha256');
      await pipeline(createReadStream(join(path, name)), async (source) => {
        for await (const chunk of source as AsyncIterable<Buffer>) hash.update(chunk);
      });
      return hash.digest('hex');
    },
    read: (name) => {
      try {
        return readFileSync(join(path, name));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
  };
}
