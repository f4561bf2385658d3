import { describe, expect, test } from 'vitest';
import { reachable, withRuntimeEndings } from './declarations.ts';

describe('a declaration', () => {
  test.for([
    ["import type { A } from './a.ts';", "import type { A } from './a.js';"],
    ["export * from '../b/c.ts';", "export * from '../b/c.js';"],
    ["type D = import('./d.ts').D;", "type D = import('./d.js').D;"],
    ["import 'node:fs';", "import 'node:fs';"],
    ['/** As `./e.ts` says. */', '/** As `./e.ts` says. */'],
  ])('names files as they are when it runs: %s', ([before, after]) => {
    expect(withRuntimeEndings(before ?? '')).toBe(after);
  });

  test('is kept when an entry leads to it, also in a circle', () => {
    const texts: Readonly<Record<string, string>> = {
      'lib/index.d.ts': "export { A } from './a/a.ts';",
      'lib/a/a.d.ts': "import type { B } from '../b/b.ts';",
      'lib/b/b.d.ts': "import type { A } from '../a/a.ts'; import './side.ts';",
      'lib/b/side.d.ts': 'export {};',
      'lib/c/alone.d.ts': 'export {};',
    };
    expect([...reachable(['lib/index.d.ts'], (path) => texts[path] ?? '')].sort()).toEqual([
      'lib/a/a.d.ts',
      'lib/b/b.d.ts',
      'lib/b/side.d.ts',
      'lib/index.d.ts',
    ]);
  });
});
