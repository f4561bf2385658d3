/** Completions for fish, from 3.0 on: a line for each thing that may be typed, each with where it may be. */

import { VERSION } from '../../version.ts';
import {
  allShapes,
  type CommandShape,
  handsOver,
  type OptionShape,
  type ValueShape,
} from './command-shape.ts';

export function fishScript(program: CommandShape): string {
  const shapes = allShapes(program);
  return `# Completions of regionfall ${VERSION} for fish, as \`regionfall completions fish\` prints them.

# Where the cursor stands: the command, the number of the argument that is due, whether options are over.
function __regionfall_place
    set -l path regionfall
    set -l number 1
    set -l ended no
    set -l skip no
    for word in (commandline -opc)[2..-1]
        if test $skip = yes
            set skip no
        else if test $ended = no -a "x$word" = x--
            set ended yes
        else if test $ended = no; and string match -q -- '-*' $word
            switch "$path:$word"
                case ${shapes.flatMap(valueFlags).join(' ')}
                    set skip yes
            end
        else if test $number = 1; and contains -- "$path/$word" ${shapes.slice(1).map(keyOf).join(' ')}
            set path "$path/$word"
        else
            set number (math $number + 1)
            # The rest belongs to another program.
            if contains -- $path ${shapes.filter(handsOver).map(keyOf).join(' ')}
                set ended yes
            end
        end
    end
    printf '%s\\n' $path $number $ended
end

# Whether that is: COMMAND options, COMMAND 2 (its second argument), or COMMAND 2+ (that, or a later one).
function __regionfall_at
    set -l place (__regionfall_place)
    test $place[1] = $argv[1]; or return 1
    switch $argv[2]
        case options
            test $place[3] = no
        case '*+'
            test $place[2] -ge (string replace + '' -- $argv[2])
        case '*'
            test $place[2] = $argv[2]
    end
end

# One more word behind those that stand there already, separated by commas.
function __regionfall_list
    set -l before (commandline -ct | string match -r '^(?:--[^=]*=)?(.*,)')[2]
    printf '%s\\n' "$before"$argv
end

complete -c regionfall -f
${shapes.flatMap(linesOf).join('\n')}
`;
}

function linesOf(shape: CommandShape): readonly string[] {
  const key = keyOf(shape);
  return [
    ...shape.options.map((option) => optionLine(key, option)),
    ...shape.commands.map(({ path, description }) =>
      line(`${key} 1`, [`-a ${path.at(-1)}`, `-d ${quote(description)}`]),
    ),
    ...shape.values.flatMap((value, index) => valueLines(key, value, index + 1)),
  ];
}

function optionLine(key: string, { flags, description, value }: OptionShape): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const after = value === undefined ? [] : ['-x', ...offered(value)];
  return line(`${key} options`, [...names, ...after, `-d ${quote(description)}`]);
}

function valueLines(key: string, value: ValueShape, number: number): readonly string[] {
  if (value.offer.paths === 'programs') {
    return [line(`${key} ${number}`, offered(value)), line(`${key} ${number + 1}+`, ['-F'])];
  }
  const offer = offered(value);
  return offer.length === 0 ? [] : [line(`${key} ${number}${value.variadic ? '+' : ''}`, offer)];
}

function offered({ offer: { words, paths, list } }: ValueShape): readonly string[] {
  const given = words.join(' ');
  return [
    ...(words.length === 0 ? [] : [list ? `-a '(__regionfall_list ${given})'` : `-a '${given}'`]),
    ...OF_PATHS[paths],
  ];
}

const OF_PATHS: Readonly<Record<ValueShape['offer']['paths'], readonly string[]>> = {
  none: [],
  files: ['-F'],
  folders: ["-a '(__fish_complete_directories (commandline -ct))'"],
  programs: ["-a '(__fish_complete_command)'"],
};

function line(place: string, parts: readonly string[]): string {
  return ['complete -c regionfall', `-n '__regionfall_at ${place}'`, ...parts].join(' ');
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

function quote(text: string): string {
  return `'${text.replaceAll(/[\\']/g, '\\$&')}'`;
}
