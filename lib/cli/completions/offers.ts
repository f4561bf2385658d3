/** What is offered where a value is due: by the words that help uses for it, since one word means one thing there. */

import { basename } from 'node:path';
import { REGIONS } from '../../aws/regions.ts';
import { SCENARIOS_FOLDER, scenarioFiles } from '../../scenario/load-scenario.ts';
import { CODES } from '../codes.ts';

export interface Offer {
  readonly words: readonly string[];
  /** Of the file system, beside the words. */
  readonly paths: 'none' | 'files' | 'folders' | 'programs';
  /** Whether several words may stand there, separated by commas. */
  readonly list: boolean;
}

export interface Wanted {
  /** `name` in `--engine <name>`. */
  readonly placeholder: string;
  /** The option or argument itself, `engine`. */
  readonly owner: string;
  readonly choices: readonly string[] | undefined;
}

/** @throws Error when nobody has said yet what is offered for such a value: a line in the tables below. */
export function offerFor({ placeholder, owner, choices }: Wanted): Offer {
  const byOwner = BY_OWNER[owner];
  const words = choices ?? byOwner?.();
  const list = placeholder === 'list';
  if (words !== undefined) return { words: words.map(plain), paths: 'none', list };
  const offer = BY_PLACEHOLDER[placeholder];
  if (offer === undefined) throw new Error(`completions know no '${placeholder}', which ${owner} takes`);
  return { words: [], paths: 'none', list, ...offer() };
}

const regions = (): readonly string[] => REGIONS.map(({ id }) => id);

/** Values without fixed choices, of which some are known. */
const BY_OWNER: Readonly<Record<string, () => readonly string[]>> = {
  regions,
  // A caller stands anywhere; most stand in a Region.
  locations: regions,
  location: regions,
  as: () => ['app', 'admin'],
  code: () => CODES.map(({ code }) => code),
};

const files = (): Partial<Offer> => ({ paths: 'files' });
const folders = (): Partial<Offer> => ({ paths: 'folders' });
const nothing = (): Partial<Offer> => ({});

const BY_PLACEHOLDER: Readonly<Record<string, () => Partial<Offer>>> = {
  scenario: () => ({ words: scenarioNames(), paths: 'files' }),
  command: () => ({ paths: 'programs' }),
  file: files,
  part: files,
  path: files,
  script: files,
  dir: folders,
  folder: folders,
  run: folders,
  address: nothing,
  moment: nothing,
  n: nothing,
  port: nothing,
  reason: nothing,
};

/** By their files: to ask each for its name would run it. */
function scenarioNames(): readonly string[] {
  return scenarioFiles(SCENARIOS_FOLDER).map((path) => plain(basename(path).replace(/\.scenario\.\w+$/, '')));
}

/** Words stand in scripts as they are, so nothing in them may mean anything to a shell. */
function plain(word: string): string {
  if (!/^[\w.-]+$/.test(word)) throw new Error(`completions cannot offer '${word}'`);
  return word;
}
