/** Values of options: parsed once, and a wrong one answered with what would be right. */

import { nearestName } from '../aws/nearest-name.ts';
import { UsageError } from '../errors/regionfall-error.ts';

export { ENGINES, type EngineName } from '../run/engines.ts';

export const NETWORKS = ['embedded', 'toxiproxy'] as const;
export type NetworkName = (typeof NETWORKS)[number];

/** Where the parts of a run are: processes of this machine, or containers. */
export const WORLDS = ['local', 'containers'] as const;
export type WorldName = (typeof WORLDS)[number];

/** What `list` has lists of. */
export const LISTS = ['scenarios', 'regions', 'faults'] as const;
export type ListName = (typeof LISTS)[number];

/** Shells that `completions` writes for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type ShellName = (typeof SHELLS)[number];

/** A parser for an option that takes one of a few words. */
export function oneOf<Word extends string>(option: string, words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const word = words.find((candidate) => candidate === text);
    if (word !== undefined) return word;
    const nearest = nearestName(text, words);
    throw new UsageError(`${option} does not know '${text}'; this version knows ${words.join(', ')}`, {
      code: 'RF-OPTION-VALUE',
      hint: nearest === undefined ? `${option} ${words[0]}` : `did you mean ${option} ${nearest}?`,
    });
  };
}

/** A list of words from a fixed set, separated by commas. */
export function someOf<Word extends string>(
  option: string,
  words: readonly Word[],
): (text: string) => readonly Word[] {
  const parse = oneOf(option, words);
  return (text) => listOf(text).map(parse);
}

/** Words separated by commas or spaces. */
export function listOf(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}

/** A TCP port that an unprivileged program may ask for. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1_024 && port <= 65_535) return port;
  throw new UsageError(`--admin-port needs a port from 1024 to 65535, not '${text}'`, {
    code: 'RF-OPTION-VALUE',
    hint: '--admin-port 8125',
  });
}

/** Seeds are integers that a double holds exactly, so that JSON and every language read the same one. */
export function parseSeed(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(seed)) return seed;
  throw new UsageError(`--seed needs a whole number from 0 to ${Number.MAX_SAFE_INTEGER}, not '${text}'`, {
    code: 'RF-OPTION-VALUE',
    hint: '--seed 7',
  });
}
