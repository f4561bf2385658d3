/** `init` from outside: what it leaves in a repository is valid, type-checks, and is written wholly or not at all. */

import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCommandLine } from '../lib/cli/main.ts';
import { testTerminal } from '../lib/cli/test-terminal.ts';
import { temporaryFolder } from './story.ts';

const ROOT = resolve(import.meta.dirname, '..');
const LAUNCHER = join(ROOT, 'bin', 'regionfall');

async function run(...parameters: string[]) {
  const terminal = testTerminal();
  const exitCode = await runCommandLine(parameters, terminal);
  return { exitCode, results: terminal.results.join('\n'), messages: terminal.messages.join('\n') };
}

function repository(files: Readonly<Record<string, string>> = {}): string {
  const root = temporaryFolder('init');
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

/** Paths of all files, in order. */
function filesOf(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => existsSync(join(root, path)) && !path.startsWith('.git/'))
    .sort();
}

describe('regionfall init', () => {
  test.each([
    ['TypeScript', 'ts', { 'tsconfig.json': '{}' }],
    ['ES modules', 'js', { 'package.json': '{"type":"module"}' }],
    ['CommonJS', 'js', { 'package.json': '{"type":"commonjs"}' }],
    ['no JavaScript of its own', 'js', { 'pyproject.toml': '' }],
  ])('leaves a scenario that is valid in a repository with %s', async (_kind, ending, files) => {
    const root = repository(files as Record<string, string>);
    expect(await run('init', root)).toMatchObject({ exitCode: 0 });
    const path = join(root, 'regionfall', `region-outage.scenario.${ending}`);
    // In a Node of its own: the one of the tests has its own way to import.
    const validated = execFileSync(process.execPath, [LAUNCHER, 'validate', path], { encoding: 'utf8' });
    expect(validated).toContain('✓ region-outage:');
  });

  test('leaves scenarios that type-check, of which the one in CommonJS is checked by its comment', async () => {
    const compilerOptions = {
      checkJs: true,
      types: [join(ROOT, 'node_modules', '@types', 'node')],
      paths: { regionfall: [join(ROOT, 'lib', 'index.ts')] },
    };
    const root = repository({
      'typescript/tsconfig.json': '{}',
      'typescript/package.json': '{"type":"module"}',
      'commonjs/package.json': '{"type":"commonjs"}',
      'tsconfig.json': JSON.stringify({
        extends: join(ROOT, 'tsconfig.json'),
        compilerOptions,
        include: ['*/regionfall/*'],
      }),
    });
    for (const name of ['typescript', 'commonjs']) await run('init', join(root, name));
    const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    const check = (): string =>
      execFileSync(process.execPath, [tsc, '-p', root], { encoding: 'utf8', stdio: 'pipe' });
    expect(check()).toBe('');
    const path = join(root, 'commonjs', 'regionfall', 'region-outage.scenario.js');
    writeFileSync(path, readFileSync(path, 'utf8').replace("kind: 'ordered'", "kind: 'orderly'"));
    expect(check).toThrow(expect.objectContaining({ stdout: expect.stringContaining('orderly') }));
  }, 60_000);

  test('says what it wrote and the two lines to type next', async () => {
    const root = repository({ 'package.json': '{"type":"module"}', '.gitignore': 'node_modules' });
    const { results, messages } = await run('init', root);
    expect(results.split('\n')).toEqual([
      '✓ regionfall/region-outage.scenario.js',
      '✓ .github/workflows/regionfall.yml',
      '✓ .gitignore (one line added)',
    ]);
    expect(messages.split('\n')).toEqual([
      `Next, type in ${root}:`,
      '  npm install --save-dev regionfall',
      '  npx regionfall run regionfall/region-outage.scenario.js',
    ]);
    expect(readFileSync(join(root, '.gitignore'), 'utf8')).toBe('node_modules\nruns/\n');
  });

  test.each([[[]], [['--dry-run']], [['--json']]])(
    'writes nothing and names each file when some are there, with %j',
    async (options) => {
      const files = {
        'regionfall/region-outage.scenario.js': 'mine',
        '.github/workflows/regionfall.yml': 'mine',
        '.gitignore': 'dist\n',
      };
      const root = repository(files);
      const before = filesOf(root);
      const { exitCode, results, messages } = await run('init', root, ...options);
      expect({ exitCode, results }).toEqual({ exitCode: 2, results: '' });
      expect(messages).toContain(
        'regionfall/region-outage.scenario.js, .github/workflows/regionfall.yml exist',
      );
      expect(messages).toContain('RF-FILE-EXISTS');
      expect(filesOf(root)).toEqual(before);
      for (const [path, text] of Object.entries(files))
        expect(readFileSync(join(root, path), 'utf8')).toBe(text);
    },
  );

  test('does nothing with --dry-run but print what it would', async () => {
    const root = repository({ '.gitignore': 'dist\n' });
    const { exitCode, results, messages } = await run('init', root, '--dry-run');
    expect(exitCode).toBe(0);
    expect(filesOf(root)).toEqual(['.gitignore']);
    expect(results).toContain('regionfall/region-outage.scenario.js would be created:');
    expect(results).toContain("  name: 'region-outage',");
    expect(results).toContain('permissions:\n    contents: read');
    expect(results).toMatch(/\.gitignore would get at its end:\n\n {2}runs\/\n/);
    expect(messages).toContain('Nothing was written');
  });

  test('tells programs the same as one object', async () => {
    const root = repository();
    const dry = await run('init', root, '--dry-run', '--json');
    const wet = await run('init', root, '--json');
    expect(JSON.parse(wet.results)).toEqual({ ...JSON.parse(dry.results), dryRun: false });
    expect(JSON.parse(wet.results)).toMatchObject({
      schema: 1,
      root,
      files: [{ action: 'create' }, { path: '.github/workflows/regionfall.yml' }, { path: '.gitignore' }],
    });
    expect(wet.messages).toBe('');
    expect(readFileSync(join(root, '.gitignore'), 'utf8')).toBe('runs/\n');
  });

  test('leaves a workflow that makes the report of each run there is, and is content when there is none', async () => {
    const root = repository({
      // In place of the real one: shows what it was called with, and leaves what it would.
      'bin/npx': '#!/bin/sh\necho "$@"\necho "about $4" > "$4report.md"\n',
    });
    chmodSync(join(root, 'bin', 'npx'), 0o755);
    await run('init', root);
    const workflow = readFileSync(join(root, '.github', 'workflows', 'regionfall.yml'), 'utf8');
    const [, script = ''] = /run: \|\n((?: {10}.*\n)+)/.exec(workflow) ?? [];
    const summary = join(root, 'summary.md');
    const env = { PATH: `${join(root, 'bin')}:${process.env['PATH']}`, GITHUB_STEP_SUMMARY: summary };
    // As GitHub starts it.
    const step = (): string =>
      execFileSync('bash', ['--norc', '--noprofile', '-e', '-c', script], {
        cwd: root,
        env,
        encoding: 'utf8',
      });
    expect(step()).toBe('');
    for (const name of ['one', 'two']) mkdirSync(join(root, 'runs', name), { recursive: true });
    expect(step()).toMatch(
      /^--yes regionfall@[\d.]+ report runs\/one\/ --format md,junit\n.* runs\/two\/ .*\n$/,
    );
    expect(readFileSync(summary, 'utf8')).toBe('about runs/one/\nabout runs/two/\n');
  });

  test('offers no way to overwrite', async () => {
    expect(await run('init', repository(), '--force')).toMatchObject({ exitCode: 2, results: '' });
  });
});
