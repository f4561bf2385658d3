/** Completions for zsh: a function for each command, in the words of zsh's own `_arguments`. */

import { VERSION } from '../../version.ts';
import {
  allShapes,
  type CommandShape,
  handsOver,
  type OptionShape,
  type ValueShape,
} from './command-shape.ts';

export function zshScript(program: CommandShape): string {
  return `#compdef regionfall
# Completions of regionfall ${VERSION} for zsh, as \`regionfall completions zsh\` prints them: to be sourced after
# compinit, or kept as a file named _regionfall in a folder of fpath.

__regionfall_or_files() {
  _alternative "names:name:($*)" 'files:file:_files'
}

__regionfall_list() {
  _values -s , value "$@"
}

${allShapes(program).map(functionOf).join('\n')}
if [[ $funcstack[1] == _regionfall ]]; then
  _regionfall "$@"
else
  compdef _regionfall regionfall
fi
`;
}

function functionOf(shape: CommandShape): string {
  const { commands, options, values } = shape;
  const specs = options.map(optionSpec);
  if (commands.length === 0) {
    // Options after the first argument of such a command are the other program's.
    const own = handsOver(shape) ? "_arguments -S -A '-*'" : '_arguments -S';
    return `${nameOf(shape)}() {\n  ${[own, ...specs, ...values.flatMap(valueSpecs)].join(' \\\n    ')}\n}\n`;
  }
  // Not called `commands`: that is zsh's own table of programs, and completing one behind `exec` needs it.
  return `${nameOf(shape)}() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  local -a inner=(
${commands.map((inner) => `    ${quote(`${inner.path.at(-1)}:${inner.description}`)}`).join('\n')}
  )
  ${[`_arguments -S -C -A '-*'`, ...specs, `'1:command:{_describe -t commands command inner}'`, `'*::argument:->arguments'`].join(' \\\n    ')} && return
  [[ $state == arguments ]] || return
  case $line[1] in
${commands.map((inner) => `    ${inner.path.at(-1)}) ${nameOf(inner)} ;;`).join('\n')}
  esac
}
`;
}

/** `'--engine=[what makes the calls]:name:(embedded k6)'`. */
function optionSpec({ flags, description, value }: OptionShape): string {
  const about = `[${description.replaceAll(/[\\[\]:]/g, '\\$&')}]`;
  const names = value === undefined ? flags : flags.map((flag) => `${flag}=`);
  const after = value === undefined ? '' : `:${value.name}:${actionOf(value)}`;
  if (names.length === 1) return quote(`${names[0]}${about}${after}`);
  return `${quote(`(${flags.join(' ')})`)}{${names.join(',')}}${quote(`${about}${after}`)}`;
}

function valueSpecs(value: ValueShape): readonly string[] {
  const { name, variadic, offer } = value;
  if (offer.paths === 'programs') return [`'1:${name}:_command_names -e'`, `'*::argument:_normal'`];
  return [quote(`${variadic ? '*' : ''}:${name}:${actionOf(value)}`)];
}

/** None of these holds a colon, which would end it. */
function actionOf({ offer: { words, paths, list } }: ValueShape): string {
  if (words.length > 0 && paths === 'files') return `{__regionfall_or_files ${words.join(' ')}}`;
  if (words.length > 0) return list ? `{__regionfall_list ${words.join(' ')}}` : `(${words.join(' ')})`;
  if (paths === 'files') return '_files';
  return paths === 'folders' ? '_files -/' : ' ';
}

/** `_regionfall_k6_bundle`. */
function nameOf({ path }: CommandShape): string {
  return `_${path.join('_')}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
