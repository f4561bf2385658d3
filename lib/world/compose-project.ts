/**
 * The containers of one run, made by Docker Compose from docker-compose.yml: a project of its own, whose name says whose
 * it is. It ends with us: in order, or through a keeper when we are killed, or by the next one's sweep when the keeper
 * was killed too.
 */

import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { EnvironmentError } from '../errors/regionfall-error.ts';
import { entryUrl } from '../process/entry.ts';
import { isOrphan, ownPrefix } from '../process/owner-names.ts';
import { startChild } from '../process/rpc.ts';
import type { Compose } from '../tools/compose.ts';
import type { ComposeDown } from './compose-keeper.ts';

/** As it comes with Regionfall. */
export const COMPOSE_FILE = fileURLToPath(new URL('../../docker-compose.yml', import.meta.url));

const KEEPER = entryUrl('./compose-keeper.ts', import.meta.url);

export interface ComposeProjectOptions {
  readonly compose: Compose;
  /** Path of the docker program. */
  readonly docker: string;
  /** Folder of the run folders, which exists; at the same path inside. */
  readonly runs: string;
  /** What the harness may read of this machine, at the same path inside. */
  readonly project: string;
  /** Of the operator: what Docker itself and the images go by is taken from it. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface ComposeProject {
  readonly name: string;
  /** Starts the service, Toxiproxy, and what lends k6. @throws EnvironmentError `RF-CONTAINERS`, with Compose's words. */
  up(): Promise<void>;
  /** Runs the harness with these arguments; resolves with its exit code. */
  harness(parameters: readonly string[], heard: Heard): Promise<number>;
  /** To the harness that runs. */
  interrupt(): Promise<void>;
  /** Ends and removes everything of it. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Told of each line of the harness. */
export interface Heard {
  readonly result: (line: string) => void;
  readonly message: (line: string) => void;
}

export async function openComposeProject(options: ComposeProjectOptions): Promise<ComposeProject> {
  const { compose, docker } = options;
  const name = `${ownPrefix()}run`;
  const harnessName = `${name}-harness`;
  const environment = environmentOf(options);
  const [program, ...first] = compose.command;
  const of = (project: string, parameters: readonly string[]): string[] => [
    ...first,
    '--project-name',
    project,
    '--file',
    COMPOSE_FILE,
    ...parameters,
  ];
  const call = (parameters: readonly string[]): Promise<Ended> => ended(program, parameters, environment);
  const down = of(name, DOWN);
  await sweep(docker, environment, (project) => call(of(project, DOWN)));
  const keeper = startChild({ name: 'keeper', entry: KEEPER });
  await keeper.call('keep', { program, parameters: down, env: environment } satisfies ComposeDown);
  return {
    name,
    up: async () => {
      const { code, said } = await call(of(name, ['up', '--detach', 'toxiproxy', 'k6']));
      // Compose 1.29 ends with 0 also when it did not understand: what counts is what runs.
      const running = await ended(
        docker,
        ['ps', '--quiet', '--filter', `label=${PROJECT_LABEL}=${name}`],
        environment,
      );
      if (code === 0 && running.output.trim() !== '') return;
      throw new EnvironmentError(`the containers did not start: ${lastLines(said)}`, {
        code: 'RF-CONTAINERS',
        hint: 'npm run image makes the image of Regionfall; REGIONFALL_IMAGE, REGIONFALL_TOXIPROXY_IMAGE and REGIONFALL_K6_IMAGE name others',
      });
    },
    harness: (parameters, heard) =>
      new Promise((resolve, reject) => {
        const child = spawn(
          program,
          of(name, ['run', '--rm', '-T', '--no-deps', '--name', harnessName, 'harness', ...parameters]),
          // In a group of its own: a Ctrl-C is handed on by us, to the harness and not to Compose.
          { env: environment, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
        );
        createInterface({ input: child.stdout }).on('line', heard.result);
        createInterface({ input: child.stderr }).on('line', (line) => {
          if (!COMPOSE_CHATTER.test(line)) heard.message(line);
        });
        child.once('error', reject);
        child.once('close', (code) => resolve(code ?? NO_CODE));
      }),
    interrupt: async () => {
      await ended(docker, ['kill', '--signal', 'INT', harnessName], environment);
    },
    [Symbol.asyncDispose]: async () => {
      const { code, said } = await call(down);
      await keeper.call('done', undefined);
      await keeper[Symbol.asyncDispose]();
      if (code === 0) return;
      throw new EnvironmentError(`the containers of ${name} could not be removed: ${lastLines(said)}`, {
        code: 'RF-CONTAINERS',
        hint: `docker ps --all --filter label=${PROJECT_LABEL}=${name}`,
      });
    },
  };
}

const PROJECT_LABEL = 'com.docker.compose.project';
const DOWN = ['down', '--volumes', '--remove-orphans', '--timeout', '3'];
/** What Compose says about its own doing between the lines of the harness; 1.29 tells an exit code as well. */
const COMPOSE_CHATTER =
  /^\s*(?:(?:Creating|Starting) \S+ +\.\.\.|Container \S+ {2}(?:Creat|Start|Runn)|\d{1,3}$)/;
const NO_CODE = 70;

/** Ends what killed ones left. */
async function sweep(
  docker: string,
  env: NodeJS.ProcessEnv,
  remove: (project: string) => Promise<unknown>,
): Promise<void> {
  const listed = [
    'ps',
    '--all',
    '--filter',
    `label=${PROJECT_LABEL}`,
    '--format',
    `{{.Label "${PROJECT_LABEL}"}}`,
  ];
  const { output } = await ended(docker, listed, env);
  for (const project of new Set(output.split('\n').filter(isOrphan))) await remove(project);
}

function environmentOf({ runs, project, env }: ComposeProjectOptions): Record<string, string> {
  const passed = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && PASSED.test(entry[0]),
  );
  const user =
    process.getuid === undefined ? {} : { REGIONFALL_USER: `${process.getuid()}:${process.getgid?.()}` };
  return {
    ...user,
    ...Object.fromEntries(passed),
    REGIONFALL_RUNS: runs,
    REGIONFALL_RUNS_AT: runs,
    REGIONFALL_PROJECT: project,
    REGIONFALL_PROJECT_AT: project,
  };
}

/** No credential of the operator's, and none of the settings with which Compose would look elsewhere. */
const PASSED =
  /^(?:PATH|HOME|USERPROFILE|SystemRoot|XDG_RUNTIME_DIR|DOCKER_\w+|REGIONFALL_(?:\w+_)?IMAGE|REGIONFALL_USER)$/;

interface Ended {
  readonly code: number;
  readonly output: string;
  /** Both streams. */
  readonly said: string;
}

function ended(program: string, parameters: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(program, [...parameters], { env, maxBuffer: 16 * 1024 * 1024 }, (error, output, errors) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : NO_CODE;
      resolve({ code, output, said: `${output}\n${errors}` });
    });
  });
}

function lastLines(said: string): string {
  return said.trim().split('\n').slice(-3).join(' ').slice(-600) || 'Compose said nothing';
}
