/** Shells in which completions are tried: how each is found, and how it is asked what it would offer behind a line. */

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tool } from '../../lib/tools/tools.ts';

export type ShellName = 'bash' | 'zsh' | 'fish';

export interface Asked {
  /** Path of the shell. */
  readonly shell: string;
  /** Of completions. */
  readonly script: string;
  /** As typed so far; the cursor stands at its end. */
  readonly line: string;
  /** Working directory, in which paths are completed; also for what has to be written meanwhile. */
  readonly folder: string;
}

export interface Shell {
  readonly tool: Tool<ShellName>;
  /** What is offered, in order of name, as it would stand alone: without what was typed before `=` or a comma. */
  offers(asked: Asked): readonly string[];
}

export const SHELLS: { readonly [Name in ShellName]: Shell } = {
  bash: { tool: toolOf('bash', /version (\d+\.\d+)/), offers: askBash },
  zsh: { tool: toolOf('zsh', /zsh (\d+\.\d+)/), offers: askZsh },
  fish: { tool: toolOf('fish', /version (\d+\.\d+)/), offers: askFish },
};

const DEADLINE_MS = 15_000;

function toolOf(name: ShellName, versionPattern: RegExp): Tool<ShellName> {
  return {
    name,
    purpose: 'trying completions',
    binaries: [name],
    variable: `REGIONFALL_${name.toUpperCase()}`,
    versionArguments: ['--version'],
    versionPattern,
    needed: 'any version',
    suits: () => true,
    line: { darwin: `brew install ${name}`, other: `sudo apt-get install ${name}` },
  };
}

/** The function is called as bash itself calls it: with the words of the line, cut where bash cuts. */
function askBash({ shell, script, line, folder }: Asked): readonly string[] {
  const program = `
    source "$1"; shift
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    "$(complete -p regionfall | sed 's/.*-F \\([^ ]*\\).*/\\1/')"
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const words = line.split(' ').flatMap((word) => word.split(/(=)/).filter((part) => part !== ''));
  if (line.endsWith(' ')) words.push('');
  return offered(run(shell, ['--norc', '--noprofile', '-c', program, 'bash', script, ...words], folder));
}

function askFish({ shell, script, line, folder }: Asked): readonly string[] {
  const program = 'source $argv[1]; complete -C $argv[2]';
  return offered(run(shell, ['--no-config', '-c', program, script, line], folder));
}

/** Completions of zsh need its line editor, and that needs a screen: zsh brings one for a zsh inside. */
function askZsh({ shell, script, line, folder }: Asked): readonly string[] {
  const inner = join(folder, '.inner.zsh');
  const matches = join(folder, '.matches');
  writeFileSync(matches, '');
  writeFileSync(inner, zshInside(script, matches));
  const program = `
    zmodload zsh/zpty
    zpty inner "$1 -f -i"
    zpty -w inner "source $2"
    zpty -r inner seen '*@@ready@@*'
    zpty -n -w inner "$3"$'\\t'
    zpty -r inner seen '*@@done@@*'
    zpty -d inner`;
  run(shell, ['-f', '-c', program, 'zsh', shell, inner, line], folder);
  return offered(readFileSync(matches, 'utf8'));
}

/** Writes down what is handed to the editor as matches, and hands it on. */
const zshInside = (script: string, matches: string): string => `
  PROMPT= LISTMAX=100000
  setopt no_auto_list no_beep
  autoload -Uz compinit && compinit -u -D
  source ${script}
  compadd() {
    # Asked only which words would match.
    if [[ "\${@[1,(i)(-|--)]}" == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return; fi
    local -a found
    builtin compadd -O found "$@"
    print -rl -- $found >> ${matches}
    builtin compadd "$@"
  }
  complete-and-say() { zle complete-word; print -r -- "@@done@@" }
  zle -N complete-and-say
  bindkey '^I' complete-and-say
  print -r -- "@@ready@@"
`;

function run(shell: string, parameters: readonly string[], cwd: string): string {
  const env = { PATH: process.env['PATH'] ?? '', HOME: cwd, TERM: 'xterm', LC_ALL: 'C.UTF-8' };
  const stdio = ['ignore', 'pipe', 'pipe'] as const;
  return execFileSync(shell, parameters, {
    cwd,
    env,
    encoding: 'utf8',
    timeout: DEADLINE_MS,
    stdio: [...stdio],
  });
}

/** One a line; fish adds what it is behind a tab. */
function offered(text: string): readonly string[] {
  const lines = text.split('\n').map((line) => line.replace(/\t.*/, '').replace(/^--[\w-]+=|^.*,/, ''));
  return [...new Set(lines.filter((line) => line !== ''))].sort();
}
