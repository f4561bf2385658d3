/** The files that an unmodified program needs beside its environment; put into a folder that only its owner may read. */

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isAlive, markOf, type ProcessMark } from '../process/process-identity.ts';
import { javaTrustStore } from './java-trust-store.ts';

export interface ProgramFiles {
  /** The world's authority, PEM. */
  readonly ca: string;
  /** The same as Java programs read it. */
  readonly trustStore: string;
  /** For AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE: the operator's own stay outside. */
  readonly empty: string;
}

/** What Node programs load first, because their SDK ignores proxy variables. */
export const PRELOAD_PATH = fileURLToPath(new URL('./proxy-preload.cjs', import.meta.url));

/** @param folder Absolute. */
export function programFilesIn(folder: string): ProgramFiles {
  return {
    ca: join(folder, 'ca.pem'),
    trustStore: join(folder, 'ca.jks'),
    empty: join(folder, 'empty'),
  };
}

/**
 * In a folder of their own; disposing takes it away. What processes left that died before they could is taken away
 * first.
 */
export async function privateProgramFiles(caPem: string): Promise<ProgramFiles & AsyncDisposable> {
  await removeLeftFolders();
  const folder = await mkdtemp(join(tmpdir(), PREFIX));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const owner: Owner = { host: hostname(), process: markOf(process.pid) };
    await writeFile(join(folder, OWNER), JSON.stringify(owner), { mode: 0o600 });
    return { ...(await writeProgramFiles(folder, caPem)), [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** @param folder Absolute; exists, and is nobody else's. */
export async function writeProgramFiles(folder: string, caPem: string): Promise<ProgramFiles> {
  const files = programFilesIn(folder);
  await writeFile(files.ca, caPem, { mode: 0o600 });
  await writeFile(files.trustStore, javaTrustStore(caPem), { mode: 0o600 });
  await writeFile(files.empty, '', { mode: 0o600 });
  return files;
}

const PREFIX = 'regionfall-programs-';
const OWNER = 'owner.json';

interface Owner {
  /** A container may share the folder for temporary files and knows nothing of other containers' processes. */
  readonly host: string;
  /** Undefined where the system tells no start times: nobody takes such a folder away but its owner. */
  readonly process: ProcessMark | undefined;
}

async function removeLeftFolders(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  const folders = names.filter((name) => name.startsWith(PREFIX)).map((name) => join(tmpdir(), name));
  await Promise.all(
    folders.map(async (folder) => {
      // One without an owner is just being made; somebody else's cannot be read, nor removed.
      const owner = await readFile(join(folder, OWNER), 'utf8').then(
        (text) => JSON.parse(text) as Owner,
        () => undefined,
      );
      if (owner?.host !== hostname() || owner.process === undefined || isAlive(owner.process)) return;
      await rm(folder, { recursive: true, force: true }).catch(() => {});
    }),
  );
}
