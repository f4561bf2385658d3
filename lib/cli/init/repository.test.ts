import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readRepository } from './repository.ts';

function repository(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'regionfall-repository-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

describe('a repository', () => {
  test.each([
    ['tsconfig.json', { 'tsconfig.json': '{}' }, 'typescript'],
    [
      'typescript among its dependencies',
      { 'package.json': '{"devDependencies":{"typescript":"7"}}' },
      'typescript',
    ],
    ['type "module" and no sign of TypeScript', { 'package.json': '{"type":"module"}' }, 'module'],
    ['type "commonjs"', { 'package.json': '{"type":"commonjs"}' }, 'commonjs'],
    ['a package.json that names no type', { 'package.json': '{}' }, 'commonjs'],
    ['no package.json at all', { 'go.mod': 'module example' }, 'commonjs'],
  ])(
    'with %s has scenarios in the language that works there',
    (_sign, files: Record<string, string>, language) => {
      expect(readRepository(repository(files)).language).toBe(language);
    },
  );

  test.each([
    [{ 'package.json': '{}', 'pnpm-lock.yaml': '' }, 'pnpm'],
    [{ 'package.json': '{}', 'yarn.lock': '' }, 'yarn'],
    [{ 'package.json': '{}' }, 'npm'],
    [{ 'pyproject.toml': '' }, 'none'],
  ])('with %o is installed by %s', (files, packageManager) => {
    expect(readRepository(repository(files)).packageManager).toBe(packageManager);
  });

  test('says whether it asks for Regionfall already, and what it ignores', () => {
    const files = {
      'package.json': '\uFEFF{"devDependencies":{"regionfall":"^0.1.0"}}',
      '.gitignore': 'dist\n',
    };
    expect(readRepository(repository(files))).toMatchObject({ hasRegionfall: true, gitignore: 'dist\n' });
    expect(readRepository(repository({}))).toMatchObject({ hasRegionfall: false, gitignore: undefined });
  });
});

describe('a folder that is no repository to write into', () => {
  const refusal = {
    code: 'RF-FOLDER-UNUSABLE',
    exitCode: 2,
    hint: expect.stringContaining('regionfall init'),
  };

  test('is named when it is not there, or is a file', () => {
    const root = repository({ file: '' });
    const nowhere = join(root, 'nowhere');
    expect(() => readRepository(nowhere)).toThrow(
      expect.objectContaining({
        ...refusal,
        message: expect.stringContaining(`there is no folder '${nowhere}'`),
      }),
    );
    expect(() => readRepository(join(root, 'file'))).toThrow(
      expect.objectContaining({ ...refusal, message: expect.stringContaining('is a file') }),
    );
  });

  test('is named with the root to take instead when GitHub would look for workflows there', () => {
    const root = repository({ '.git/HEAD': '', 'packages/app/package.json': '{}' });
    expect(() => readRepository(join(root, 'packages', 'app'))).toThrow(
      expect.objectContaining({ ...refusal, hint: expect.stringContaining(`regionfall init ${root},`) }),
    );
    expect(readRepository(root).root).toBe(root);
  });

  test('is named with the file in it that cannot be read', () => {
    const broken = repository({ 'package.json': '{"name": ' });
    expect(() => readRepository(broken)).toThrow(
      expect.objectContaining({ ...refusal, message: expect.stringContaining(join(broken, 'package.json')) }),
    );
    const folder = repository({ '.gitignore/file': '' });
    expect(() => readRepository(folder)).toThrow(
      expect.objectContaining({ ...refusal, message: expect.stringContaining('.gitignore cannot be read') }),
    );
  });
});
