/**
 * Where a world on this machine says how to live in it: a folder with its authority, an empty settings file and, for
 * a running `up`, the object of `up --json`, so that `exec` in another terminal finds it. Readable by its owner only.
 */

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isAlive, markOf, type ProcessMark } from '../process/process-identity.ts';
import type { World } from '../world/local-world.ts';
import { type ProgramFiles, programFilesIn, writeProgramFiles } from '../world/program-files.ts';
import { type UpJson, upJson } from '../world/up-json.ts';

export interface WorldFolder {
  readonly path: string;
  readonly world: UpJson;
  readonly files: ProgramFiles;
}

const WORLDS = '.up';
const WORLD_FILE = 'world.json';
const OPENING_MS = 60_000;

interface Announcement {
  readonly schema: 1;
  /** The `up` that holds the world open; undefined where the system tells no start times. */
  readonly process: ProcessMark | undefined;
  readonly world: UpJson;
}

/** A folder outside the project, for a world that only one program will know. */
export async function privateWorldFolder(world: World): Promise<WorldFolder> {
  return filled(await mkdtemp(join(tmpdir(), 'regionfall-')), world);
}

/** `{outDir}/.up/{pid}`, found by {@link runningWorlds}. Remove it with {@link removeWorldFolder}. */
export async function announcedWorldFolder(outDir: string, world: World): Promise<WorldFolder> {
  const path = resolve(outDir, WORLDS, String(process.pid));
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { recursive: true, mode: 0o700 });
  const folder = await filled(path, world);
  const announcement: Announcement = {
    schema: 1,
    process: markOf(process.pid),
    world: folder.world,
  };
  // Renamed into place, so that nobody reads half of it.
  const draft = join(path, `${WORLD_FILE}.draft`);
  await writeFile(draft, JSON.stringify(announcement), { mode: 0o600 });
  await rename(draft, join(path, WORLD_FILE));
  return folder;
}

/** The world's authority, for those who cannot look into its folder. Nobody reads half of it. */
export async function publishAuthority(path: string, { caPem }: Pick<World, 'caPem'>): Promise<void> {
  const draft = `${path}.draft`;
  await writeFile(draft, caPem);
  await rename(draft, path);
}

export async function removeWorldFolder(folder: { readonly path: string }): Promise<void> {
  await rm(folder.path, { recursive: true, force: true });
}

/** Worlds of running `up` commands. */
export async function runningWorlds(outDir: string): Promise<readonly WorldFolder[]> {
  return (await announcedWorlds(outDir)).flatMap(({ folder }) => (folder === undefined ? [] : [folder]));
}

/** Removes what dead `up` commands left, and names it. One that is just opening is left alone for a minute. */
export async function removeStaleWorlds(outDir: string): Promise<readonly string[]> {
  const dead = (await announcedWorlds(outDir)).filter(({ folder }) => folder === undefined);
  const ages = await Promise.all(
    dead.map(({ path }) => stat(path).then(({ mtimeMs }) => Date.now() - mtimeMs)),
  );
  const stale = dead.filter(
    ({ path }, index) => existsSync(join(path, WORLD_FILE)) || (ages[index] ?? 0) > OPENING_MS,
  );
  await Promise.all(stale.map(removeWorldFolder));
  return stale.map(({ path }) => path);
}

async function announcedWorlds(
  outDir: string,
): Promise<readonly { path: string; folder: WorldFolder | undefined }[]> {
  const parent = resolve(outDir, WORLDS);
  const names = await readdir(parent).catch(() => []);
  return Promise.all(
    names
      .filter((name) => /^\d+$/.test(name))
      .map(async (name) => {
        const path = join(parent, name);
        return { path, folder: await living(path) };
      }),
  );
}

/** The folder's world when its process still runs. */
async function living(path: string): Promise<WorldFolder | undefined> {
  const announcement = await readFile(join(path, WORLD_FILE), 'utf8').then(
    (text) => JSON.parse(text) as Announcement,
    () => undefined,
  );
  // A folder without its file belongs to a world that is just opening, or to one that died then.
  if (announcement?.schema !== 1 || announcement.process === undefined) return undefined;
  if (!isAlive(announcement.process)) return undefined;
  return { path, world: announcement.world, files: programFilesIn(path) };
}

async function filled(path: string, world: World): Promise<WorldFolder> {
  const files = await writeProgramFiles(path, world.caPem);
  return { path, world: upJson(world, files.ca), files };
}
