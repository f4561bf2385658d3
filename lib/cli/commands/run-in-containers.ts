/**
 * `run --world containers`: the same command, given to the harness in a container, beside a service, a Toxiproxy and a
 * k6 in theirs. Mistakes are found here, before anything is started; the verdict and the run folders come out as ever.
 */

import { mkdir } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { UsageError } from '../../errors/regionfall-error.ts';
import { type LoadedScenario, SCENARIOS_FOLDER } from '../../scenario/load-scenario.ts';
import { requireCompose } from '../../tools/compose.ts';
import { requireTool } from '../../tools/require-tool.ts';
import { openComposeProject } from '../../world/compose-project.ts';
import type { Terminal } from '../terminal.ts';
import type { RunCommandOptions } from './run.ts';
import { withInterrupts } from './with-interrupts.ts';
import { withLever } from './with-lever.ts';

/** @param scenarios What `options.scenarios` name, read already. */
export async function runInContainers(
  scenarios: readonly LoadedScenario[],
  options: RunCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const { env } = terminal;
  const cwd = process.cwd();
  for (const loaded of scenarios) refuseWhatStaysOutside(loaded, cwd);
  const [docker, compose] = await Promise.all([requireTool('docker', { env }), requireCompose({ env })]);
  const runs = resolve(cwd, options.out);
  await mkdir(runs, { recursive: true });
  const texts = {
    onFirst: (cause: string) => terminal.say(`${cause}: told to the harness, which ends the run in order`),
    onSecond: () => {},
  };
  return await withInterrupts(texts, (person) =>
    withLever(terminal, person, async ({ any }) => {
      await using project = await openComposeProject({
        compose,
        docker: docker.path,
        runs,
        project: cwd,
        env,
      });
      terminal.say(`starting the containers of ${project.name}, Compose ${compose.version}`);
      await project.up();
      const interrupt = (): void => void project.interrupt();
      any.addEventListener('abort', interrupt, { once: true });
      if (any.aborted) interrupt();
      try {
        return await project.harness(parametersOf(options), {
          result: (line) => terminal.result(line),
          message: (line) => terminal.say(line),
        });
      } finally {
        any.removeEventListener('abort', interrupt);
      }
    }),
  );
}

function parametersOf(options: RunCommandOptions): readonly string[] {
  const { scenarios, engine, network, seed, out, json, events, progress, withoutFaults } = options;
  return [
    'run',
    ...scenarios,
    '--engine',
    engine,
    '--network',
    network,
    '--seed',
    String(seed),
    '--out',
    out,
    '--progress',
    progress,
    ...(json ? ['--json'] : []),
    ...(events === undefined ? [] : ['--events', events]),
    ...(withoutFaults ? ['--without-faults'] : []),
  ];
}

/** @throws UsageError RF-WORLD-CANNOT for what the containers would not find. */
function refuseWhatStaysOutside({ path, scenario }: LoadedScenario, cwd: string): void {
  const ownFolder = relative(SCENARIOS_FOLDER, path);
  const comesAlong = !ownFolder.startsWith('..') && !isAbsolute(ownFolder);
  const fromHere = relative(cwd, path);
  if (!comesAlong && (fromHere.startsWith('..') || isAbsolute(fromHere))) {
    throw new UsageError(`${path} lies outside of ${cwd}, which is all that the containers see`, {
      code: 'RF-WORLD-CANNOT',
      hint: 'run it from a folder that holds it',
    });
  }
  const programs = scenario.load.groups.filter(({ client }) => client.kind === 'program');
  if (programs.length > 0) {
    throw new UsageError(
      `${scenario.name} runs programs of this machine (${programs.map(({ name }) => name).join(', ')}), which are not in the containers`,
      { code: 'RF-WORLD-CANNOT', hint: '--world local' },
    );
  }
}
