import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { load, resolve } from './typescript-hooks.ts';

const next = (...given: readonly unknown[]): readonly unknown[] => given;

/** URL of a file in a temporary folder. */
function fileOf(path: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'regionfall-hooks-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
  return pathToFileURL(join(folder, path)).href;
}

describe('an import of a scenario', () => {
  test.for(['regionfall', 'regionfall/failover'])(
    'of %s is asked for as one of our own files asks',
    (specifier) => {
      const parentURL = 'file:///user/my.scenario.ts';
      expect(resolve(specifier, { parentURL, conditions: [] }, next)).toEqual([
        specifier,
        { parentURL: new URL('typescript-hooks.ts', import.meta.url).href, conditions: [] },
      ]);
    },
  );

  test.for(['./regionfall', 'regionfall-plus', '@my/regionfall', 'regionfall/../x'])(
    'of %s is Node’s affair',
    (specifier) => {
      expect(resolve(specifier, { a: 1 }, next)).toEqual([specifier, { a: 1 }]);
    },
  );
});

describe('a TypeScript file', () => {
  test('is a module, even in a package of the kind that npm init makes', () => {
    const context = { format: 'commonjs-typescript', conditions: [] };
    expect(load('file:///p/x.scenario.ts', context, next)).toEqual([
      'file:///p/x.scenario.ts',
      { format: 'module-typescript', conditions: [] },
    ]);
  });

  test('that Node would not strip, as one of an installed package, is stripped by esbuild and names itself in its map', () => {
    const url = fileOf(
      'node_modules/pack/x.ts',
      'import type { A } from "./a.ts";\nexport const one: A = 1 as A;\n',
    );
    const { source, format } = load(url, {}, next) as { source: string; format: string };
    expect(format).toBe('module');
    expect(source).toMatch(/^const one = 1;\nexport \{\n {2}one\n\};\n/);
    const map = JSON.parse(Buffer.from(/base64,(\S+)/.exec(source)?.[1] ?? '', 'base64').toString());
    expect(url).toContain(map.sources[0]);
  });

  test('with a mistake in it is named, with the line', () => {
    const url = fileOf('node_modules/pack/x.ts', '\nconst a: number = ;\n');
    expect(() => load(url, {}, next)).toThrow(/x\.ts:2:18: ERROR: Unexpected ";"/);
  });
});

test('everything else is Node’s affair', () => {
  for (const url of ['file:///p/x.js', 'file:///p/x.cts', 'node:fs', 'data:text/javascript,1'])
    expect(load(url, { a: 1 }, next)).toEqual([url, { a: 1 }]);
});
