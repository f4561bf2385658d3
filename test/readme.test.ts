/** What the README shows must be so: its scenario is valid, its tables name every command and exit code there is. */

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EXIT_MEANINGS } from '../lib/cli/exit-codes.ts';
import { createProgram } from '../lib/cli/program.ts';
import { testTerminal } from '../lib/cli/test-terminal.ts';
import { validate } from '../lib/scenario/validate.ts';
import { VERSION } from '../lib/version.ts';

const ROOT = resolve(import.meta.dirname, '..');
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');

describe('the README', () => {
  test('shows a scenario that is valid', async () => {
    const [, source = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
    const module = (await import(`data:text/javascript,${encodeURIComponent(source)}`)) as {
      default: unknown;
    };
    expect(validate(module.default).problems).toEqual([]);
  });

  test('names every command once, and no other', () => {
    const table = /## Commands\n([\s\S]*?)\n## /.exec(readme)?.[1] ?? '';
    const named = [...table.matchAll(/^\| `(\w+)/gm)].map(([, command]) => command);
    const commands = createProgram(testTerminal(), () => {}).commands.map((command) => command.name());
    expect(named.toSorted()).toEqual(commands.toSorted());
  });

  test('has the exit codes with their meanings', () => {
    const rows = [...readme.matchAll(/^\| (\d+) +\| (.+?) +\|$/gm)].map(([, code, meaning]) => [
      Number(code),
      meaning,
    ]);
    expect(rows).toEqual(EXIT_MEANINGS);
  });

  test('links only to files that exist', () => {
    for (const [, path = ''] of readme.matchAll(/\]\(([\w./-]+)\)/g)) {
      expect(() => readFileSync(join(ROOT, path)), path).not.toThrow(/ENOENT/);
    }
  });
});

test('the version in the sources is that of the package', () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  expect(VERSION).toBe(version);
});
