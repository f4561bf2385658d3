/**
 * The seal of a run folder: counts and the SHA-256 of every file, written last and atomically. A folder without
 * a valid one is partial.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ArrivalCounts } from './event.ts';

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
      readonly manifest: Manifest /** Added later. */;
      readonly unlisted: readonly string[];
    }
  | { readonly ok: false /** Whole sentences, at least one. */; readonly problems: readonly string[] };

/** Hashes what is in the folder and seals it. Call again after a report was made anew. */
export async function writeManifest(folder: string, counts: ManifestCounts): Promise<Manifest> {
  const names = await filesOf(folder);
  const files: ManifestFile[] = [];
  for (const name of names) files.push(await describe(folder, name));
  const manifest: Manifest = { schema: 1, counts, files };
  const temporary = join(folder, TEMPORARY_NAME);
  await rm(temporary, { force: true });
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(serialise(manifest));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, join(folder, MANIFEST_NAME));
  await syncFolder(folder);
  return manifest;
}

/** Never throws for a damaged folder; the problems name each file that is missing or different. */
export async function verifyManifest(folder: string): Promise<ManifestCheck> {
  let text: string;
  try {
    text = await readFile(join(folder, MANIFEST_NAME), 'utf8');
  } catch {
    return { ok: false, problems: [`There is no ${MANIFEST_NAME}: the run did not end in order.`] };
  }
  const manifest = parseManifest(text);
  if (manifest === undefined) {
    return { ok: false, problems: [`${MANIFEST_NAME} is damaged: its own checksum does not match.`] };
  }
  const present = new Set(await filesOf(folder));
  const problems: string[] = [];
  for (const listed of manifest.files) {
    if (!present.delete(listed.name)) {
      problems.push(`${listed.name} is missing.`);
      continue;
    }
    const found = await describe(folder, listed.name);
    if (found.bytes !== listed.bytes) {
      problems.push(`${listed.name} has ${found.bytes} bytes, the manifest says ${listed.bytes}.`);
    } else if (found.sha256 !== listed.sha256) {
      problems.push(`${listed.name} was changed: its SHA-256 is not the manifest's.`);
    }
  }
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, manifest, unlisted: [...present].sort() };
}

const TEMPORARY_NAME = `.${MANIFEST_NAME}.partial`;

/** The manifest's own checksum is its last field and covers the text before it. */
function serialise(manifest: Manifest): string {
  const body = JSON.stringify(manifest, null, 2);
  const sha256 = createHash('sha256').update(body).digest('hex');
  return `${JSON.stringify({ ...manifest, sha256 }, null, 2)}\n`;
}

/** Accepts only the exact text that {@link serialise} would write, so no flipped bit goes unseen. */
function parseManifest(text: string): Manifest | undefined {
  try {
    const { schema, counts, files } = JSON.parse(text) as Manifest;
    const manifest: Manifest = { schema, counts, files };
    return schema === 1 && serialise(manifest) === text ? manifest : undefined;
  } catch {
    return undefined;
  }
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length)
        .replace(/^[\\/]+/, '')
        .replaceAll('\\', '/'),
    )
    .filter((name) => name !== MANIFEST_NAME && name !== TEMPORARY_NAME)
    .sort();
}

async function describe(folder: string, name: string): Promise<ManifestFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  await pipeline(createReadStream(join(folder, name)), async (source) => {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      hash.update(chunk);
    }
  });
  return { name, bytes, sha256: hash.digest('hex') };
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
