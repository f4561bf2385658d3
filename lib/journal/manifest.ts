/**
 * The seal of a run folder: counts and the SHA-256 of every file, written last and atomically. A folder without
 * a valid one is partial.
 */
import { createHash } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArrivalCounts } from './event.ts';
import { type FolderFiles, filesOnDisk } from './folder-files.ts';
import { RESERVE_NAME } from './reserve.ts';

export const MANIFEST_NAME = 'manifest.json';

export interface ManifestCounts extends ArrivalCounts {
  /** Rows of `samples.arrows`. */
  readonly sampleRows: number;
  /** Rows of `service.arrows`. */
  readonly serviceRows: number;
}

export interface ManifestFile {
  /** Relative to the folder, with `/`. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface Manifest {
  readonly schema: 1;
  readonly counts: ManifestCounts;
  readonly files: readonly ManifestFile[];
}

export type ManifestCheck =
  | {
      readonly ok: true;
      readonly manifest: Manifest;
      /** Added later. */
      readonly unlisted: readonly string[];
    }
  | {
      readonly ok: false;
      /** At least one. */
      readonly problems: readonly ManifestProblem[];
    };

export interface ManifestProblem {
  /** The file that is not as it was sealed. */
  readonly file: string;
  /** Whole, and names the file. */
  readonly sentence: string;
}

/** Hashes what is in the folder and seals it. Call again after a report was made anew. */
export async function writeManifest(folder: string, counts: ManifestCounts): Promise<Manifest> {
  const source = filesOnDisk(folder);
  const files: ManifestFile[] = [];
  for (const name of await sealable(source)) {
    files.push({ name, bytes: source.size(name) ?? 0, sha256: await source.sha256(name) });
  }
  const manifest: Manifest = { schema: 1, counts, files };
  const temporary = join(folder, TEMPORARY_NAME);
  await rm(temporary, { force: true });
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(serialise(manifest));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, join(folder, MANIFEST_NAME));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
  return manifest;
}

/** Never throws for a damaged folder; the problems name each file that is missing or different. */
export async function verifyManifest(files: FolderFiles): Promise<ManifestCheck> {
  const problem = (file: string, sentence: string): ManifestProblem => ({ file, sentence });
  const bytes = readQuietly(files, MANIFEST_NAME);
  if (bytes === undefined) {
    const sentence = `There is no ${MANIFEST_NAME}: the run did not end in order.`;
    return { ok: false, problems: [problem(MANIFEST_NAME, sentence)] };
  }
  const manifest = parseManifest(bytes);
  if (manifest === undefined) {
    const sentence = `${MANIFEST_NAME} is damaged: its own checksum does not match.`;
    return { ok: false, problems: [problem(MANIFEST_NAME, sentence)] };
  }
  const present = new Set(await sealable(files));
  const problems: ManifestProblem[] = [];
  for (const listed of manifest.files) {
    present.delete(listed.name);
    const sentence = await differenceOf(files, listed);
    if (sentence !== undefined) problems.push(problem(listed.name, sentence));
  }
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, manifest, unlisted: [...present].sort() };
}

/** The length first: it is known at once, and tells more. */
async function differenceOf(
  files: FolderFiles,
  { name, bytes, sha256 }: ManifestFile,
): Promise<string | undefined> {
  const size = files.size(name);
  if (size === undefined) return `${name} is missing.`;
  if (size !== bytes) return `${name} has ${size} bytes, the manifest says ${bytes}.`;
  try {
    if ((await files.sha256(name)) === sha256) return undefined;
    return `${name} was changed: its SHA-256 is not the manifest's.`;
  } catch (error) {
    return `${name} cannot be read: ${(error as Error).message}.`;
  }
}

const TEMPORARY_NAME = `.${MANIFEST_NAME}.partial`;

/** The manifest's own checksum is its last field and covers the text before it. */
function serialise(manifest: Manifest): string {
  const body = JSON.stringify(manifest, null, 2);
  const sha256 = createHash('sha256').update(body).digest('hex');
  return `${JSON.stringify({ ...manifest, sha256 }, null, 2)}\n`;
}

/** Accepts only the exact bytes that {@link serialise} would write, so no flipped bit goes unseen. */
function parseManifest(bytes: Uint8Array): Manifest | undefined {
  try {
    const { schema, counts, files } = JSON.parse(Buffer.from(bytes).toString('utf8')) as Manifest;
    const manifest: Manifest = { schema, counts, files };
    return schema === 1 && Buffer.from(serialise(manifest), 'utf8').equals(bytes) ? manifest : undefined;
  } catch {
    return undefined;
  }
}

function readQuietly(files: FolderFiles, name: string): Uint8Array | undefined {
  try {
    return files.read(name);
  } catch {
    return undefined;
  }
}

/** What is not a part of the run: the seal itself, and room that was kept for last words. */
async function sealable(files: FolderFiles): Promise<readonly string[]> {
  const names = await files.names();
  return names.filter((name) => ![MANIFEST_NAME, TEMPORARY_NAME, RESERVE_NAME].includes(name));
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder; there the rename alone has to do.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
