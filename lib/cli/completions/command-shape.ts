/** What can be typed, read from the commands themselves: the one value from which the script of each shell is made. */

import type { Argument, Command, Option } from 'commander';
import { type Offer, offerFor } from './offers.ts';

export interface CommandShape {
  /** From the program on: `['regionfall', 'k6', 'bundle']`. */
  readonly path: readonly string[];
  readonly description: string;
  readonly commands: readonly CommandShape[];
  readonly options: readonly OptionShape[];
  readonly values: readonly ValueShape[];
}

export interface OptionShape {
  /** The short one first where there is one: `['-h', '--help']`. */
  readonly flags: readonly string[];
  readonly description: string;
  /** Undefined for a switch. */
  readonly value: ValueShape | undefined;
}

/** What follows an option, or stands by itself. */
export interface ValueShape {
  /** As help calls it: `scenario`. */
  readonly name: string;
  /** May come several times; only of the last. */
  readonly variadic: boolean;
  readonly offer: Offer;
}

export function shapeOf(command: Command, above: readonly string[] = []): CommandShape {
  // What help shows, which has `help` and --help too.
  const help = command.createHelp();
  const path = [...above, command.name()];
  const commands = help.visibleCommands(command).map((inner) => shapeOf(inner, path));
  return {
    path,
    description: command.description(),
    commands: commands.map((inner) => (inner.path.at(-1) === 'help' ? helpAbout(inner, commands) : inner)),
    options: help.visibleOptions(command).map(optionShape),
    values: command.registeredArguments.map(argumentShape),
  };
}

/** All shapes, the outer before the inner. */
export function allShapes(shape: CommandShape): readonly CommandShape[] {
  return [shape, ...shape.commands.flatMap(allShapes)];
}

/** Whether all that follows its first argument belongs to another program. */
export function handsOver(shape: CommandShape): boolean {
  return shape.values.some(({ offer }) => offer.paths === 'programs');
}

function optionShape(option: Option): OptionShape {
  const placeholder = /[<[]([\w-]+)/.exec(option.flags)?.[1];
  return {
    flags: [option.short, option.long].filter((flag) => flag !== undefined),
    description: option.description,
    value:
      placeholder === undefined
        ? undefined
        : {
            name: placeholder,
            variadic: false,
            offer: offerFor({ placeholder, owner: option.attributeName(), choices: option.argChoices }),
          },
  };
}

function argumentShape(argument: Argument): ValueShape {
  const name = argument.name();
  return {
    name,
    variadic: argument.variadic,
    offer: offerFor({ placeholder: name, owner: name, choices: argument.argChoices }),
  };
}

function helpAbout(help: CommandShape, siblings: readonly CommandShape[]): CommandShape {
  const words = siblings.map(({ path }) => path.at(-1) ?? '').filter((name) => name !== 'help');
  const offer: Offer = { words, paths: 'none', list: false };
  return { ...help, options: [], values: [{ name: 'command', variadic: false, offer }] };
}
