/**
 * A wall clock that can be set for chosen processes alone, by a library that stands between them and the system. The
 * monotonic clock stays the machine's, as it does when somebody sets a real clock.
 */

import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Faketime {
  /** Starts processes with this, and they read this clock. */
  readonly environment: Readonly<Record<string, string>>;
  /** Sets the clock for all of them at once, so much off the real one. */
  step(offsetSeconds: number): void;
}

/** Where the library is: `REGIONFALL_FAKETIME`, or where systems put it. Undefined when it is in none of the places. */
export function findFaketime(): string | undefined {
  const named = process.env['REGIONFALL_FAKETIME'];
  if (named !== undefined && named !== '') return existsSync(named) ? named : undefined;
  if (process.platform !== 'linux') return undefined;
  const tuple = `${{ x64: 'x86_64', arm64: 'aarch64' }[process.arch as 'x64' | 'arm64']}-linux-gnu`;
  return [`/usr/lib/${tuple}`, '/usr/lib64', '/usr/lib', '/usr/local/lib']
    .map((folder) => join(folder, 'faketime', 'libfaketime.so.1'))
    .find((path) => existsSync(path));
}

/** @param folder For the file that says what time it is. */
export function openFaketime(library: string, folder: string): Faketime {
  const path = join(folder, 'clock');
  const step = (offsetSeconds: number): void => {
    // Whole or not at all: a file that is read while it is empty would set the clock back to the real one.
    writeFileSync(`${path}.part`, `${offsetSeconds < 0 ? '-' : '+'}${Math.abs(offsetSeconds)}\n`);
    renameSync(`${path}.part`, path);
  };
  step(0);
  return {
    environment: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: path,
      // Read at every look, so that all processes are set at one moment.
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
      FAKETIME_DISABLE_SHM: '1',
      NO_FAKE_STAT: '1',
    },
    step,
  };
}
