import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAuthority } from '../world/certificates.ts';
import type { World } from '../world/local-world.ts';
import { announcedWorldFolder, removeStaleWorlds, removeWorldFolder, runningWorlds } from './world-folder.ts';

/** As much of a world as its description needs. */
const authority = await createAuthority(Date.now());

const WORLD = {
  era: '2026',
  regions: ['eu-west-1'],
  links: [],
  accounts: [],
  caPem: authority.caPem,
  admin: { url: 'http://127.0.0.1:1', token: 'token' },
  edges: { 'eu-west-1': 4_001 },
} as unknown as World;

describe('the world of a running `up`', () => {
  let out = '';
  beforeEach(async () => {
    out = await mkdtemp(join(tmpdir(), 'regionfall-up-'));
  });
  afterEach(() => rm(out, { recursive: true, force: true }));

  test('is found by others while it runs, and not when it has been removed', async () => {
    const folder = await announcedWorldFolder(out, WORLD);
    expect((await runningWorlds(out)).map(({ world }) => world.edges)).toEqual([
      { 'eu-west-1': 'http://127.0.0.1:4001' },
    ]);
    await removeWorldFolder(folder);
    expect(await runningWorlds(out)).toEqual([]);
  });

  test('is readable by its owner only', async () => {
    const { path, world } = await announcedWorldFolder(out, WORLD);
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    expect((await stat(join(path, 'world.json'))).mode & 0o777).toBe(0o600);
    expect(await readFile(world.ca, 'utf8')).toBe(authority.caPem);
  });

  test('is ignored and cleared away when its process has died, even if the number lives on', async () => {
    const { path } = await announcedWorldFolder(out, WORLD);
    const file = join(path, 'world.json');
    const announcement = JSON.parse(await readFile(file, 'utf8')) as { process: { started: string } };
    announcement.process.started = 'another time';
    await writeFile(file, JSON.stringify(announcement));
    expect(await runningWorlds(out)).toEqual([]);
    expect(await removeStaleWorlds(out)).toEqual([path]);
    expect(await removeStaleWorlds(out)).toEqual([]);
  });

  test('is nowhere when nothing was ever opened', async () => {
    expect(await runningWorlds(join(out, 'nowhere'))).toEqual([]);
  });
});
