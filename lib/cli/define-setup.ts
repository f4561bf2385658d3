/** The commands that set a repository or a shell up. What each does is loaded when it is asked for. */

import { Argument } from 'commander';
import { oneOf, SHELLS, type ShellName } from './option-values.ts';
import { type Definition, jsonOption } from './options.ts';

export function defineSetup({ program, terminal, done }: Definition): void {
  program
    .command('init')
    .description('write a first scenario, and a GitHub workflow that runs it, into a repository')
    .argument('[folder]', 'root of the repository', '.')
    .option('--dry-run', 'print what would be written and write nothing', false)
    .addOption(jsonOption('print what was written as one JSON object, and nothing else'))
    .action(async (folder: string, options: { dryRun: boolean; json: boolean }) => {
      const { initCommand } = await import('./commands/init.ts');
      done(initCommand({ folder, ...options }, terminal));
    });
  program
    .command('completions')
    .description('print what lets a shell complete commands, options and their values')
    .addArgument(
      new Argument('<shell>', 'which one').choices(SHELLS).argParser(oneOf('regionfall completions', SHELLS)),
    )
    .addHelpText('after', `\n${INSTALLING}`)
    .action(async (shell: ShellName) => {
      const { completionsCommand } = await import('./commands/completions.ts');
      done(completionsCommand(shell, program, terminal));
    });
}

const INSTALLING = `To have them in every new shell:
  bash  echo 'source <(regionfall completions bash)' >> ~/.bashrc
  zsh   echo 'source <(regionfall completions zsh)' >> ~/.zshrc     (below the line with compinit)
  fish  regionfall completions fish > ~/.config/fish/completions/regionfall.fish`;
