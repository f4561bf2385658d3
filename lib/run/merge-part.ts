/** Reads what one k6 wrote of its share of an exported load: plain or compressed, whole or cut off, and any size. */

import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { createGunzip } from 'node:zlib';
import { UsageError } from '../errors/regionfall-error.ts';
import { createK6Reader, type K6Attempt, type K6Counts } from '../k6/reader.ts';
import type { StartRow } from '../k6/script/start-row.ts';

export interface PartListener {
  readonly attempt: (attempt: K6Attempt) => void;
  readonly dropped?: (atUs: number) => void;
  readonly start?: (start: StartRow) => void;
  /** After each piece; the next is read when it has resolved. */
  readonly pause?: () => Promise<void>;
}

export interface PartEnd {
  readonly counts: Readonly<K6Counts>;
  /** Ends in the middle of a line, or of what was compressed. */
  readonly cut: boolean;
}

/** @throws UsageError RF-PART-UNREADABLE, or what the listener throws. */
export async function readPart(path: string, listener: PartListener): Promise<PartEnd> {
  const reader = createK6Reader(listener.attempt, listener.dropped, listener.start);
  const file = createReadStream(path);
  const stream = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  file.on('error', (error) => stream.destroy(error));
  let broken = false;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      reader.push(chunk);
      await listener.pause?.();
    }
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    // Of the file system or of zlib; anything else is the listener's.
    if (!/^[EZ]/.test(code)) throw cause;
    // A compressed file that was cut off tells all that came before.
    if (code !== 'Z_BUF_ERROR') {
      throw new UsageError(`the part ${path} cannot be read: ${(cause as Error).message}`, {
        code: 'RF-PART-UNREADABLE',
        hint: 'a part is what k6 wrote by --out json=FILE, plain or ending in .gz',
        cause,
      });
    }
    broken = true;
  } finally {
    file.destroy();
  }
  const cut = reader.end() > 0 || broken;
  return { counts: reader.counts, cut };
}

/** As short as tells them apart: parts of several machines may have one name in folders of their own. */
export function namesOf(paths: readonly string[]): readonly string[] {
  const short = paths.map((path) => basename(path));
  return new Set(short).size === short.length ? short : paths;
}
