/**
 * `exec`: any program, unmodified, inside a world: the one of a running `up`, or a fresh one that ends with it. The
 * program keeps the three standard streams and its own exit code; nothing else is printed unless something is wrong.
 */

import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { isatty } from 'node:tty';
import { DEFAULT_ERA, type EraName, era as eraNamed, regionInEra } from '../../aws/eras.ts';
import { EnvironmentError, UsageError } from '../../errors/regionfall-error.ts';
import { openIsolation } from '../../world/isolation.ts';
import { programEnvironment } from '../../world/program-environment.ts';
import { EXIT } from '../exit-codes.ts';
import type { NetworkName } from '../option-values.ts';
import type { Terminal } from '../terminal.ts';
import { privateWorldFolder, removeWorldFolder, runningWorlds, type WorldFolder } from '../world-folder.ts';
import { DEFAULT_REGIONS, endOfWorld, openChosenWorld } from '../world-options.ts';
import { type Endings, withLever } from './with-lever.ts';

const LEVER_PATIENCE_MS = 2_000;

export interface ExecOptions {
  readonly command: string;
  readonly parameters: readonly string[];
  /** Where the program stands; without it, the world's first location. */
  readonly location?: string;
  /** The user whose keys it gets. */
  readonly as: string;
  /** Asks for a fresh world of these Regions, whatever else runs. */
  readonly regions?: readonly string[];
  /** Asks for a fresh world of this era, whatever else runs. */
  readonly era?: EraName;
  /** In a network namespace of its own, where no proxy is needed. */
  readonly isolated: boolean;
  readonly network: NetworkName;
  readonly seed: number;
  readonly out: string;
}

/** Returns the program's own exit code; 128 and the signal's number when a signal ended it. */
export async function execCommand(
  options: ExecOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  return await withLever(terminal, signal, async (endings) => {
    const running =
      options.regions === undefined && options.era === undefined
        ? (await runningWorlds(options.out)).at(-1)
        : undefined;
    if (running !== undefined) return runProgram(options, running, terminal, endings);

    const regions = options.regions ?? regionsAround(options.location, options.era ?? DEFAULT_ERA);
    const location = options.location ?? regions[0] ?? DEFAULT_REGIONS[0];
    await using world = await openChosenWorld({
      ...(options.era === undefined ? {} : { era: options.era }),
      regions,
      locations: [location],
      network: options.network,
      seed: options.seed,
      signal: endings.any,
    });
    const folder = await privateWorldFolder(world);
    try {
      return await Promise.race([runProgram(options, folder, terminal, endings), endOfWorld(world)]);
    } finally {
      await removeWorldFolder(folder);
    }
  });
}

/** The usual Regions, and the one the program stands in; a location that is no Region has only the usual ones. */
function regionsAround(location: string | undefined, era: EraName): readonly string[] {
  const own = location !== undefined && regionInEra(location, eraNamed(era)) !== undefined ? [location] : [];
  return [...new Set([...own, ...DEFAULT_REGIONS])];
}

async function runProgram(
  options: ExecOptions,
  folder: WorldFolder,
  terminal: Terminal,
  { any: signal, lever }: Endings,
): Promise<number> {
  const location = options.location ?? Object.keys(folder.world.edges)[0] ?? '';
  const environment = programEnvironment(folder.world, {
    location,
    way: options.isolated ? { by: 'names' } : { by: 'proxy', edge: location },
    principal: options.as,
    files: folder.files,
    inherited: terminal.env,
  });
  if (signal.aborted) return EXIT.aborted;
  const typed = [options.command, ...options.parameters];
  await using isolation = options.isolated
    ? await openIsolation({
        ports: linksAt(folder, location),
        edge: folder.world.edges[location] ?? '',
        command: typed,
      })
    : undefined;
  const [program = '', ...parameters] = isolation?.command ?? typed;
  // No shell: the parameters arrive as they were typed.
  const child = spawn(program, parameters, {
    env: environment,
    stdio: 'inherit',
    shell: false,
  });
  const passOn = (): void => {
    if (signal.reason !== 'Ctrl-C') child.kill('SIGTERM');
    // At a terminal a Ctrl-C reaches the program as it reaches us, and the program decides what it means.
    else if (![0, 1, 2].some(isatty)) child.kill('SIGINT');
  };
  signal.addEventListener('abort', passOn, { once: true });
  // A person may let a program take its time; whoever pulls the lever wants everything to end.
  lever.addEventListener('abort', () => setTimeout(() => child.kill('SIGKILL'), LEVER_PATIENCE_MS).unref(), {
    once: true,
  });
  return await new Promise((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => reject(notStarted(options.command, error)));
    child.once('exit', (code, endedBy) => {
      signal.removeEventListener('abort', passOn);
      resolve(endedBy === null ? (code ?? EXIT.bug) : 128 + constants.signals[endedBy]);
    });
  });
}

/** Ports of the links from a location; a world in plain data tells those of its first alone. */
function linksAt({ world }: WorldFolder, location: string): ReadonlyMap<string, number> {
  const [first = ''] = Object.keys(world.edges);
  if (location !== first) {
    throw new UsageError(`--isolated can stand in ${first} alone in this world, not in ${location}`, {
      code: 'RF-LOCATION-UNKNOWN',
      hint: `open a fresh world there: add --regions ${location}`,
    });
  }
  const addresses = { ...world.endpoints, ...world.controlPlane };
  return new Map(
    Object.entries(addresses).map(([host, address]) => [
      host,
      Number(address.slice(address.lastIndexOf(':') + 1)),
    ]),
  );
}

function notStarted(command: string, cause: NodeJS.ErrnoException): EnvironmentError {
  const reason = cause.code === 'ENOENT' ? 'there is no such program on the PATH' : cause.message;
  return new EnvironmentError(`'${command}' could not be started: ${reason}`, {
    code: 'RF-NO-PROGRAM',
    hint: `command -v ${command}`,
    cause,
  });
}
