/** `completions`: the script that lets a shell complete, made from the commands as they are, so it cannot be stale. */

import type { Command } from 'commander';
import { bashScript } from '../completions/bash-script.ts';
import { type CommandShape, shapeOf } from '../completions/command-shape.ts';
import { fishScript } from '../completions/fish-script.ts';
import { zshScript } from '../completions/zsh-script.ts';
import { EXIT } from '../exit-codes.ts';
import type { ShellName } from '../option-values.ts';
import type { Terminal } from '../terminal.ts';

export function completionsCommand(shell: ShellName, program: Command, terminal: Terminal): number {
  terminal.result(SCRIPTS[shell](shapeOf(program)).trimEnd());
  return EXIT.pass;
}

const SCRIPTS: Readonly<Record<ShellName, (program: CommandShape) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};
