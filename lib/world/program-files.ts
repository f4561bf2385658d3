/** The files that an unmodified program needs beside its environment; put into a folder that only its owner may read. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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

/** In a folder of their own; disposing takes it away. */
export async function privateProgramFiles(caPem: string): Promise<ProgramFiles & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'regionfall-programs-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
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
