import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ManifestCounts, writeManifest } from './manifest.ts';
import { createRunFolder, openRunFolder, RUN_FILES } from './run-folder.ts';

let parent = '';
let folder = '';
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'regionfall-runs-'));
});
afterAll(async () => {
  await rm(parent, { recursive: true });
});
beforeEach(async () => {
  folder = await createRunFolder(parent, 'region-outage', NOW);
});

const NOW = Date.UTC(2026, 10, 24, 21, 0, 0, 123);
const COUNTS: ManifestCounts = {
  planned: 3,
  ok: 2,
  failed: 1,
  indeterminate: 0,
  dropped: 0,
  sampleRows: 4,
  serviceRows: 3,
};
const CONTENT = {
  [RUN_FILES.scenario]: '{"name":"region-outage"}',
  [RUN_FILES.events]: '{"kind":"note","monoUs":1}\n',
  [RUN_FILES.samples]: 'rows',
  [RUN_FILES.service]: 'more rows',
  [RUN_FILES.reportHtml]: '<!doctype html>',
};

async function sealed(): Promise<void> {
  for (const [name, text] of Object.entries(CONTENT)) await writeFile(join(folder, name), text);
  await writeManifest(folder, COUNTS);
}

describe('a run folder', () => {
  it('is named after its second and scenario, and never shared', async () => {
    const first = await createRunFolder(join(parent, 'deep', 'er'), 'region-outage', NOW);
    expect(basename(first)).toBe('20261124T210000Z-region-outage');
    expect((await stat(first)).mode & 0o777).toBe(0o700);
    const both = await Promise.all([1, 2].map(() => createRunFolder(join(parent, 'twice'), 'a/b', NOW)));
    expect(both.map((path) => basename(path)).sort()).toEqual([
      '20261124T210000Z-a-b',
      '20261124T210000Z-a-b-2',
    ]);
  });

  it('is complete once it was sealed and nothing was changed', async () => {
    await sealed();
    const opened = await openRunFolder(folder);
    expect(opened).toMatchObject({ complete: true, reason: '', unlisted: [] });
    expect(opened.manifest?.counts).toEqual(COUNTS);
    const samples = opened.manifest?.files.find((file) => file.name === RUN_FILES.samples);
    const sha256 = createHash('sha256').update('rows').digest('hex');
    expect(samples).toEqual({ name: 'samples.arrows', bytes: 4, sha256 });
    expect(opened.file('events')).toBe(join(folder, 'events.ndjson'));
  });

  it('can be sealed again after a new report', async () => {
    await sealed();
    await writeFile(join(folder, RUN_FILES.reportHtml), '<!doctype html><p>again');
    expect((await openRunFolder(folder)).complete).toBe(false);
    await writeManifest(folder, COUNTS);
    expect((await openRunFolder(folder)).complete).toBe(true);
  });

  it('without a seal says that the run did not end in order', async () => {
    const opened = await openRunFolder(folder);
    expect(opened.complete).toBe(false);
    expect(opened.reason).toBe('There is no manifest.json: the run did not end in order.');
  });

  it('names the files that are missing, longer or different', async () => {
    await sealed();
    await rm(join(folder, RUN_FILES.samples));
    await appendFile(join(folder, RUN_FILES.events), 'x');
    await writeFile(join(folder, RUN_FILES.service), 'mOre rows');
    const { complete, reason } = await openRunFolder(folder);
    expect(complete).toBe(false);
    expect(reason).toContain('samples.arrows is missing.');
    expect(reason).toContain('events.ndjson has 28 bytes, the manifest says 27.');
    expect(reason).toContain('service.arrows was changed');
  });

  it('lists what was added later without calling it damaged', async () => {
    await sealed();
    await writeFile(join(folder, 'notes.txt'), 'looked at it with Ana');
    expect(await openRunFolder(folder)).toMatchObject({ complete: true, unlisted: ['notes.txt'] });
  });

  it('is not complete when it was sealed without its samples', async () => {
    await writeFile(join(folder, RUN_FILES.scenario), '{}');
    await writeManifest(folder, COUNTS);
    const { complete, reason } = await openRunFolder(folder);
    expect(complete).toBe(false);
    expect(reason).toContain('samples.arrows was missing when the folder was sealed.');
  });

  it('with a bit flipped in any file, the seal included, is not complete', async () => {
    await sealed();
    const names = [...Object.keys(CONTENT), RUN_FILES.manifest];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.nat(), fc.nat({ max: 7 }), async (name, at, bit) => {
        const path = join(folder, name);
        const original = await readFile(path);
        const flipped = Buffer.from(original);
        const offset = at % flipped.length;
        flipped[offset] = (flipped[offset] ?? 0) ^ (1 << bit);
        await writeFile(path, flipped);
        expect((await openRunFolder(folder)).complete).toBe(false);
        await writeFile(path, original);
      }),
      { numRuns: 150 },
    );
    expect((await openRunFolder(folder)).complete).toBe(true);
  });

  it('with any file cut at any byte is not complete', async () => {
    await sealed();
    for (const name of [...Object.keys(CONTENT), RUN_FILES.manifest]) {
      const path = join(folder, name);
      const original = await readFile(path);
      const step = Math.max(1, Math.floor(original.length / 20));
      for (let length = 0; length < original.length; length += step) {
        await truncate(path, length);
        expect((await openRunFolder(folder)).complete).toBe(false);
        await writeFile(path, original);
      }
    }
  });

  it('that is none is a usage error with a hint', async () => {
    await expect(openRunFolder(join(parent, 'nowhere'))).rejects.toMatchObject({
      code: 'RF-NO-RUN',
      exitCode: 2,
    });
  });
});
