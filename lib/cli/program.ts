/** The command line as people type it: name, version, help, and every command. */

import { Command } from 'commander';
import { VERSION } from '../version.ts';
import { defineK6 } from './define-k6.ts';
import { defineRuns } from './define-runs.ts';
import { defineSetup } from './define-setup.ts';
import { defineWorlds } from './define-worlds.ts';
import { EXIT_MEANINGS } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** @param done Receives the exit code of the command that was run. */
export function createProgram(terminal: Terminal, done: (exitCode: number) => void): Command {
  const program = new Command('regionfall')
    .description('What happens to everything that needs AWS credentials when an STS Region is lost.')
    .version(VERSION)
    .exitOverride()
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => terminal.result(text.trimEnd()),
      writeErr: (text) => terminal.say(text.trimEnd()),
    })
    .addHelpText('before', `${EXAMPLES}\n`)
    .addHelpText('after', `\n${exitCodesText()}`);
  const definition = { program, terminal, done };
  defineRuns(definition);
  defineWorlds(definition);
  defineK6(definition);
  defineSetup(definition);
  return program;
}

const EXAMPLES = `Examples:
  regionfall run region-outage                  takes a Region away under load and reports what callers felt
  regionfall run my.scenario.ts --dry-run       says what would happen, and when
  regionfall exec --as app -- aws sts get-caller-identity
                                                runs any program inside an emulated world`;

function exitCodesText(): string {
  return [
    'Exit codes:',
    ...EXIT_MEANINGS.map(([code, meaning]) => `  ${String(code).padStart(2)}  ${meaning}`),
  ].join('\n');
}
