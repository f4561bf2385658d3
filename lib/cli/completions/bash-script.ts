/**
 * Completions for bash, from 3.2 (macOS) on and without the package bash-completion: a table of what may stand at each
 * place, and one function that finds the place.
 */

import { VERSION } from '../../version.ts';
import { allShapes, type CommandShape, handsOver, type ValueShape } from './command-shape.ts';

export function bashScript(program: CommandShape): string {
  const shapes = allShapes(program);
  return `# Completions of regionfall ${VERSION} for bash, as \`regionfall completions bash\` prints them.

# What may stand at a place: the value of an option ("regionfall/run:--out"), an argument by its number
# ("regionfall/run:1"), or options. Sets words, paths and list.
__regionfall_offer() {
  words='' paths='' list=''
  case $1 in
${shapes.flatMap(places).join('\n')}
    *) return 1 ;;
  esac
}

__regionfall_takes_value() {
  case $1 in
    ${shapes.flatMap(valueFlags).join(' | ')}) return 0 ;;
  esac
  return 1
}

__regionfall_is_command() {
  case $1 in
    ${shapes.slice(1).map(keyOf).join(' | ')}) return 0 ;;
  esac
  return 1
}

# All after their first argument belongs to another program.
__regionfall_hands_over() {
  case $1 in
    ${shapes.filter(handsOver).map(keyOf).join(' | ')}) return 0 ;;
  esac
  return 1
}

${FIND_AND_OFFER}
complete -F _regionfall regionfall
`;
}

const FIND_AND_OFFER = `_regionfall() {
  local IFS=$' \\t\\n' cur=\${COMP_WORDS[COMP_CWORD]} path=regionfall option='' ended='' number=1 first=0
  local i word words paths list place before='' line
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ -n $option ]]; then
      # Bash takes --engine=k6 for three words.
      [[ $word == '=' ]] || option=''
    elif [[ -z $ended && $word == -- ]]; then
      ended=yes
    elif [[ -z $ended && $word == -* ]]; then
      if __regionfall_takes_value "$path:$word"; then option=$word; fi
    elif ((number == 1)) && __regionfall_is_command "$path/$word"; then
      path=$path/$word
    else
      if ((number == 1)); then first=$i; fi
      number=$((number + 1))
      if __regionfall_hands_over "$path"; then ended=yes; fi
    fi
  done

  if [[ -n $option ]]; then
    if [[ $cur == '=' ]]; then cur=''; fi
    place=$path:$option
  elif [[ -z $ended && $cur == -* ]]; then
    place=$path:options
  else
    place=$path:$number
  fi
  if ! __regionfall_offer "$place"; then
    if [[ -n $ended ]]; then return; fi
    __regionfall_offer "$path:options"
  fi

  if [[ $paths == programs && $first -gt 0 ]]; then
    # What the other program takes, where bash-completion is there to know.
    if declare -F _command_offset >/dev/null; then
      _command_offset "$first"
      return
    fi
    paths=files
  fi
  if [[ -n $list ]]; then
    if [[ $cur == *,* ]]; then before=\${cur%,*},; fi
    compopt -o nospace 2>/dev/null
  fi
  while IFS= read -r line; do COMPREPLY+=("$before$line"); done < <(compgen -W "$words" -- "\${cur#"$before"}")
  case $paths in
    files) while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$cur") ;;
    folders) while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$cur") ;;
    programs) while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -c -- "$cur") ;;
  esac
  # Fails where no completion is under way, and in a bash that does not have it.
  if [[ -n $paths ]]; then compopt -o filenames 2>/dev/null; fi
  return 0
}
`;

/** Lines of the table. */
function places(shape: CommandShape): readonly string[] {
  const { commands, options, values } = shape;
  const key = keyOf(shape);
  return [
    ...options.flatMap(({ flags, value }) =>
      value === undefined ? [] : [line(flags.map((flag) => `${key}:${flag}`).join(' | '), value)],
    ),
    `    ${key}:options) words='${options.flatMap(({ flags }) => flags).join(' ')}' ;;`,
    ...(commands.length === 0
      ? []
      : [`    ${key}:1) words='${commands.map(({ path }) => path.at(-1)).join(' ')}' ;;`]),
    // One that may come again takes every number that is left, so it comes last.
    ...values.map((value, index) => line(`${key}:${value.variadic ? '*' : index + 1}`, value)),
  ];
}

function line(pattern: string, { offer: { words, paths, list } }: ValueShape): string {
  const parts = [
    ...(words.length === 0 ? [] : [`words='${words.join(' ')}'`]),
    ...(paths === 'none' ? [] : [`paths=${paths}`]),
    ...(list ? ['list=yes'] : []),
  ];
  return `    ${pattern}) ${parts.length === 0 ? ':' : parts.join(' ')} ;;`;
}

function valueFlags(shape: CommandShape): readonly string[] {
  return shape.options.flatMap(({ flags, value }) =>
    value === undefined ? [] : flags.map((flag) => `${keyOf(shape)}:${flag}`),
  );
}

/** `regionfall/k6/bundle`. */
function keyOf({ path }: CommandShape): string {
  return path.join('/');
}
