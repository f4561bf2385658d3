import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { publishedManifest, type RootManifest } from './manifest.ts';

const root = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8'),
) as RootManifest & Readonly<Record<string, unknown>>;

describe('the package.json that is published', () => {
  const manifest = publishedManifest(root);

  test('brings no runtime, no tools and no scripts', () => {
    expect(root['optionalDependencies']).toBeDefined();
    expect(root['private']).toBe(true);
    for (const field of ['optionalDependencies', 'devDependencies', 'scripts', 'private'])
      expect(manifest).not.toHaveProperty(field);
  });

  test('pins what it depends on, as the repository does', () => {
    expect(manifest['dependencies']).toEqual(root.dependencies);
    for (const version of Object.values(root.dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test('exports what the repository exports, types first, and itself', () => {
    const exported = manifest['exports'] as Record<string, unknown>;
    expect(Object.keys(exported)).toEqual([...Object.keys(root.exports), './package.json']);
    expect(Object.entries(exported['./failover'] as object)).toEqual([
      ['types', './lib/failover/index.d.ts'],
      ['default', './lib/failover/index.js'],
    ]);
    expect(JSON.stringify(exported)).not.toMatch(/[^d]\.ts"/);
  });

  test('has its entries in the README, each in a row, and no other', () => {
    const readme = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8');
    const rows = [...readme.matchAll(/^\| `(regionfall[\w/]*)` +\|/gm)].map(([, entry]) => entry);
    const entries = Object.keys(root.exports).map((entry) => entry.replace(/^\./, 'regionfall'));
    expect(rows.toSorted()).toEqual(entries.toSorted());
  });

  test('asks for no package that users may do without', () => {
    const peers = Object.keys(manifest['peerDependencies'] as object);
    const meta = manifest['peerDependenciesMeta'] as Record<string, { optional: boolean }>;
    for (const peer of peers) expect(meta[peer]).toEqual({ optional: true });
  });
});
