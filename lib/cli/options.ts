/** Options that several commands share, so that one word means the same everywhere. */

import { type Command, Option } from 'commander';
import { ERA_NAMES } from '../aws/eras.ts';
import { listOf, NETWORKS, oneOf, parseSeed } from './option-values.ts';
import type { Terminal } from './terminal.ts';

/** What a function that defines commands is given. */
export interface Definition {
  readonly program: Command;
  readonly terminal: Terminal;
  /** Receives the exit code of the command that was run. */
  readonly done: (exitCode: number) => void;
}

export const outOption = (): Option => new Option('--out <dir>', 'folder of the run folders').default('runs');
export const seedOption = (): Option =>
  new Option('--seed <n>', 'replays every random choice of a run').argParser(parseSeed).default(1);
/** One of a few words: help and completions name them, and a wrong one is answered with the nearest. */
export const choiceOption = (flags: string, description: string, words: readonly string[]): Option => {
  const option = new Option(flags, description).choices(words);
  return option.argParser(oneOf(option.long ?? flags, words));
};
export const networkOption = (): Option =>
  choiceOption('--network <name>', 'what carries the links', NETWORKS).default('embedded');
export const regionsOption = (description: string): Option =>
  new Option('--regions <list>', description).argParser(listOf);
export const eraOption = (description: string): Option =>
  choiceOption('--era <year>', description, ERA_NAMES);
export const jsonOption = (description: string): Option => new Option('--json', description).default(false);
