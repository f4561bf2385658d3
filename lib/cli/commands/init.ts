/** `init`: a first scenario, and a workflow that runs it, in a repository that is there. Overwrites nothing. */

import { EXIT } from '../exit-codes.ts';
import { readRepository } from '../init/repository.ts';
import { type Scaffold, scaffoldFor } from '../init/scaffold.ts';
import { refuseExisting, writeTogether } from '../init/write-together.ts';
import type { Terminal } from '../terminal.ts';

export interface InitOptions {
  /** As it was typed. */
  readonly folder: string;
  /** Prints what would be written, and refuses what would be refused. */
  readonly dryRun: boolean;
  readonly json: boolean;
}

export function initCommand({ folder, dryRun, json }: InitOptions, terminal: Terminal): number {
  const repository = readRepository(folder);
  const scaffold = scaffoldFor(repository);
  if (dryRun) refuseExisting(repository.root, scaffold.files);
  else writeTogether(repository.root, scaffold.files);
  if (json) {
    terminal.result(JSON.stringify({ schema: 1, root: repository.root, dryRun, ...scaffold }));
    return EXIT.pass;
  }
  if (dryRun) printTexts(scaffold, terminal);
  else {
    for (const { path, action } of scaffold.files)
      terminal.result(
        `${terminal.paint('green', '✓', 'out')} ${path}${action === 'append' ? ' (one line added)' : ''}`,
      );
  }
  // A folder that was named is not where the user stands.
  const where = folder === '.' ? '' : ` in ${folder}`;
  terminal.say(
    dryRun ? `Nothing was written. After \`regionfall init\`, type${where}:` : `Next, type${where}:`,
  );
  for (const line of scaffold.next) terminal.say(`  ${terminal.paint('cyan', line)}`);
  return EXIT.pass;
}

function printTexts({ files }: Scaffold, terminal: Terminal): void {
  for (const { path, action, text } of files) {
    const what = action === 'append' ? 'would get at its end' : 'would be created';
    terminal.result(`${terminal.paint('bold', `${path} ${what}:`, 'out')}\n`);
    terminal.result(text.replace(/^(?=.)/gm, '  '));
  }
}
