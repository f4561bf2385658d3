/** Real processes for the tests of the guardian: they do nothing for a minute, and end with the test at the latest. */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from 'vitest';

interface Fixtures {
  /** Starts a process that idles; `detached` makes it lead a group. */
  readonly sleeper: (options?: { readonly detached?: boolean }) => ChildProcess & { readonly pid: number };
  readonly outDir: string;
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: the runner reads the names of fixtures from this pattern
  sleeper: async ({}, use) => {
    const started: ChildProcess[] = [];
    await use((options = {}) => {
      const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], {
        stdio: 'ignore',
        ...options,
      });
      started.push(child);
      if (child.pid === undefined) throw new Error('could not start a process');
      return child as ChildProcess & { readonly pid: number };
    });
    for (const child of started) child.kill('SIGKILL');
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above
  outDir: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'regionfall-chaos-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },
});
