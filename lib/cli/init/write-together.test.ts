import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ScaffoldFile } from './scaffold.ts';
import { writeTogether } from './write-together.ts';

function folder(): string {
  const root = mkdtempSync(join(tmpdir(), 'regionfall-together-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

const create = (path: string, text = 'new\n'): ScaffoldFile => ({ path, action: 'create', text });
const append = (path: string, text: string): ScaffoldFile => ({ path, action: 'append', text });

describe('files that are written together', () => {
  test('are all there afterwards, with the folders they need', () => {
    const root = folder();
    writeFileSync(join(root, 'list'), 'one\n');
    writeTogether(root, [create('a/b/c'), create('a/d'), append('list', 'two\n')]);
    expect(readFileSync(join(root, 'a/b/c'), 'utf8')).toBe('new\n');
    expect(readFileSync(join(root, 'a/d'), 'utf8')).toBe('new\n');
    expect(readFileSync(join(root, 'list'), 'utf8')).toBe('one\ntwo\n');
  });

  test('leave no trace when one of them cannot be written', () => {
    const root = folder();
    writeFileSync(join(root, 'list'), 'eins, zwei, größer\n');
    // The second of the same name finds the first in its way, after everything else was written.
    const files = [create('a/b/c'), append('list', 'two\n'), create('a/d'), create('a/d', 'other\n')];
    expect(() => writeTogether(root, files)).toThrow(
      expect.objectContaining({
        code: 'RF-NOT-WRITABLE',
        exitCode: 3,
        message: expect.stringMatching(/a\/d' cannot be written: .*; nothing was written$/),
      }),
    );
    expect(readdirSync(root)).toEqual(['list']);
    expect(readFileSync(join(root, 'list'), 'utf8')).toBe('eins, zwei, größer\n');
  });

  test('leave a folder that was there before', () => {
    const root = folder();
    writeTogether(root, [create('kept/one')]);
    expect(() => writeTogether(root, [create('kept/two'), append('missing', 'line\n')])).toThrow(/ENOENT/);
    expect(readdirSync(join(root, 'kept'))).toEqual(['one']);
  });

  test('are refused together, each by name, when any is there: also as a link or as a file in place of a folder', () => {
    const root = folder();
    writeFileSync(join(root, 'one'), 'mine');
    writeFileSync(join(root, 'folder'), 'mine');
    symlinkSync('nowhere', join(root, 'link'));
    const files = [create('new'), create('one'), create('folder/two'), create('link')];
    expect(() => writeTogether(root, files)).toThrow(
      expect.objectContaining({
        code: 'RF-FILE-EXISTS',
        exitCode: 2,
        message: expect.stringMatching(
          /^one, folder, link exist in .*; nothing is overwritten, and nothing was written$/,
        ),
      }),
    );
    expect(readdirSync(root).toSorted()).toEqual(['folder', 'link', 'one']);
    expect(readFileSync(join(root, 'one'), 'utf8')).toBe('mine');
  });
});
