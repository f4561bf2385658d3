import type { Command } from 'commander';
import { EXIT } from '../exit-codes.ts';
import type { ShellName } from '../option-values.ts';
import type { Terminal } from '../terminal.ts';

export function completionsCommand(_shell: ShellName, _program: Command, _terminal: Terminal): number {
  return EXIT.pass;
}
