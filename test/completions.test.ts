/** Completions in the shells themselves: each claim is made of every shell that is there. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allShapes, shapeOf } from '../lib/cli/completions/command-shape.ts';
import { runCommandLine } from '../lib/cli/main.ts';
import { createProgram } from '../lib/cli/program.ts';
import { testTerminal } from '../lib/cli/test-terminal.ts';
import { partOrSkip } from './required-part.ts';
import { SHELLS, type ShellName } from './shells/shells.ts';
import { temporaryFolder } from './story.ts';

async function run(...parameters: string[]) {
  const terminal = testTerminal();
  const exitCode = await runCommandLine(parameters, terminal);
  return { exitCode, results: terminal.results.join('\n'), messages: terminal.messages.join('\n') };
}

for (const name of Object.keys(SHELLS) as ShellName[]) {
  const part = await partOrSkip(SHELLS[name].tool);

  /** In a folder with a scenario of the user's own, another file, and a folder. */
  const offers = async (line: string): Promise<readonly string[]> => {
    const folder = temporaryFolder('completions');
    const script = join(folder, '.completions');
    writeFileSync(script, `${(await run('completions', name)).results}\n`);
    for (const file of ['mine.scenario.ts', 'notes.txt']) writeFileSync(join(folder, file), '');
    mkdirSync(join(folder, 'mornings'));
    return SHELLS[name].offers({ shell: part.path, script, line, folder });
  };

  part.suite(`completions in ${name}`, () => {
    test.each([
      ['commands', 'regionfall re', ['report', 'resume']],
      ['commands of a command', 'regionfall k6 ', ['bundle', 'export', 'help']],
      ['commands to be helped with', 'regionfall help ex', ['exec', 'explain']],
      ['options', 'regionfall run --wi', ['--without-faults']],
      ['options of an inner command', 'regionfall k6 export --s', ['--seed', '--segments', '--start']],
      ['options behind an argument', 'regionfall run region-outage --ne', ['--network']],
      ['choices of an option', 'regionfall run --engine ', ['aws-sdk-js', 'embedded', 'k6']],
      ['choices behind a sign', 'regionfall run --network=to', ['toxiproxy']],
      ['choices of an argument', 'regionfall list ', ['faults', 'regions', 'scenarios']],
      ['shells', 'regionfall completions ', ['bash', 'fish', 'zsh']],
      ['eras', 'regionfall up --era 20', ['2015', '2018', '2024', '2026']],
      ['codes', 'regionfall explain RF-FO', ['RF-FOLDER-UNUSABLE']],
      ['scenarios', 'regionfall validate region-o', ['region-outage']],
      ['one more scenario', 'regionfall run region-outage --dry-run part', ['partition-wall']],
      ['a Region in a list', 'regionfall up --regions eu-west-1,us-gov-', ['us-gov-east-1', 'us-gov-west-1']],
      ['files where a scenario is due', 'regionfall run mi', ['mine.scenario.ts']],
      ['files alone', 'regionfall merge region-outage no', ['notes.txt']],
    ])('have %s', async (_what, line, expected) => {
      expect(await offers(line)).toEqual(expected);
    });

    test.each([
      ['a value that is the name of a command', 'regionfall run --out list --wor', ['--world']],
      ['a switch before an argument', 'regionfall list --json ', ['faults', 'regions', 'scenarios']],
    ])('are not led astray by %s', async (_what, line, expected) => {
      expect(await offers(line)).toEqual(expected);
    });

    test('have folders, and no files, where a folder is due', async () => {
      const found = await offers('regionfall run --out m');
      expect(found.map((path) => path.replace(/\/$/, ''))).toEqual(['mornings']);
    });

    test('know no values where anything may be said', async () => {
      expect(await offers('regionfall run --seed ')).toEqual([]);
    });

    test('have programs behind `exec --`, and leave what follows to them', async () => {
      expect(await offers('regionfall exec --as ')).toEqual(['admin', 'app']);
      expect(await offers('regionfall exec -- mkd')).toContain('mkdir');
      expect(await offers('regionfall exec -- cat --loc')).not.toContain('--location');
      expect(await offers('regionfall exec -- cat no')).toEqual(['notes.txt']);
    });
  });
}

describe('regionfall completions', () => {
  test('has every command and option of the program in each script', async () => {
    const shapes = allShapes(shapeOf(createProgram(testTerminal(), () => {})));
    expect(shapes.length).toBeGreaterThan(15);
    const words = shapes.flatMap(({ path, options }) => [
      ...path.slice(1),
      ...options.flatMap(({ flags }) => flags.map((flag) => flag.replace(/^--/, ''))),
    ]);
    for (const shell of Object.keys(SHELLS)) {
      const { exitCode, results, messages } = await run('completions', shell);
      expect({ exitCode, messages }).toEqual({ exitCode: 0, messages: '' });
      const found = new Set(
        results.match(/-?[a-z][\w-]*/gi)?.flatMap((word) => [word, word.replace(/^-+/, '')]),
      );
      expect(words.filter((word) => !found.has(word) && !found.has(word.replace(/^-/, '')))).toEqual([]);
    }
  });

  test('answers a shell that it does not know with those that it does, and one to take', async () => {
    const { exitCode, results, messages } = await run('completions', 'fisch');
    expect({ exitCode, results }).toEqual({ exitCode: 2, results: '' });
    expect(messages).toContain(
      "regionfall completions does not know 'fisch'; this version knows bash, zsh, fish",
    );
    expect(messages).toContain('did you mean regionfall completions fish?');
    expect(messages).toContain('RF-OPTION-VALUE');
    expect((await run('completions', 'powershell')).messages).toContain('next regionfall completions bash');
  });

  test('tells in its help how a new shell gets them', async () => {
    const { results } = await run('completions', '--help');
    for (const shell of Object.keys(SHELLS)) expect(results).toContain(`regionfall completions ${shell}`);
  });
});
