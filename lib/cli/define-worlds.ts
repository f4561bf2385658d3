/** The commands about worlds and the machine. What each does is loaded when it is asked for. */

import { Option } from 'commander';
import { DEFAULT_ERA, type EraName } from '../aws/eras.ts';
import { withInterrupts } from './commands/with-interrupts.ts';
import { listOf, type NetworkName, parsePort } from './option-values.ts';
import {
  type Definition,
  eraOption,
  jsonOption,
  networkOption,
  outOption,
  regionsOption,
  seedOption,
} from './options.ts';
import { DEFAULT_REGIONS } from './world-options.ts';

export function defineWorlds(definition: Definition): void {
  addUp(definition);
  addServe(definition);
  addExec(definition);
  addUpkeep(definition);
}

function addUp({ program, terminal, done }: Definition): void {
  program
    .command('up')
    .description('open a world to play in, until a signal')
    .addOption(regionsOption('Regions of the world').default(DEFAULT_REGIONS, DEFAULT_REGIONS.join(',')))
    .addOption(
      new Option('--locations <list>', 'where callers may stand (default: the Regions)').argParser(listOf),
    )
    .addOption(eraOption('the year whose STS is emulated').default(DEFAULT_ERA))
    .addOption(networkOption())
    .addOption(
      new Option('--admin-port <port>', 'port of the admin API on 127.0.0.1 (default: a free one)').argParser(
        parsePort,
      ),
    )
    .option(
      '--listen <address>',
      'in a container: let others reach the world by its real names on port 443 of this address',
    )
    .option('--ca-file <path>', 'write the certificate authority there as well')
    .addOption(seedOption())
    .addOption(outOption())
    .addOption(jsonOption('print one line of JSON when the world is open'))
    .action(
      async (options: {
        regions: readonly string[];
        locations?: readonly string[];
        era: EraName;
        network: NetworkName;
        adminPort?: number;
        listen?: string;
        caFile?: string;
        seed: number;
        out: string;
        json: boolean;
      }) => {
        const { upCommand } = await import('./commands/up.ts');
        const texts = { onFirst: () => terminal.say('closing the world'), onSecond: () => {} };
        done(await withInterrupts(texts, (signal) => upCommand(options, terminal, signal)));
      },
    );
}

function addServe({ program, terminal, done }: Definition): void {
  program
    .command('serve')
    .description('stand ready with the service for worlds that are opened in other containers')
    .requiredOption('--socket <path>', 'Unix socket to be asked on; REGIONFALL_SERVICE_SOCKET there')
    .action(async ({ socket }: { socket: string }) => {
      const { serveCommand } = await import('./commands/serve.ts');
      const texts = { onFirst: () => terminal.say('ending the service'), onSecond: () => {} };
      done(await withInterrupts(texts, (signal) => serveCommand(socket, terminal, signal)));
    });
}

function addExec({ program, terminal, done }: Definition): void {
  program
    .command('exec')
    .description('run a program inside a world: that of a running `up`, or a fresh one')
    .usage('[options] -- <command> [arguments...]')
    .argument('<command...>', 'the program and its arguments')
    .option('--location <name>', 'where the program stands (default: the first location of the world)')
    .option('--as <principal>', 'user whose keys it gets: app or admin', 'app')
    .option('--isolated', 'in a network namespace of its own, without a proxy (Linux)', false)
    .addOption(regionsOption('a fresh world of these Regions, whatever else runs'))
    .addOption(eraOption('a fresh world with the STS of that year, whatever else runs'))
    .addOption(networkOption())
    .addOption(seedOption())
    .addOption(outOption())
    // What follows the program's name is the program's, also without `--`.
    .passThroughOptions()
    .action(
      async (
        [command = '', ...rest]: string[],
        options: {
          location?: string;
          as: string;
          isolated: boolean;
          regions?: readonly string[];
          era?: EraName;
          network: NetworkName;
          seed: number;
          out: string;
        },
      ) => {
        const { execCommand } = await import('./commands/exec.ts');
        const act = (signal: AbortSignal): Promise<number> =>
          execCommand({ ...options, command, parameters: rest }, terminal, signal);
        done(await withInterrupts({ onFirst: () => {}, onSecond: 'stay' }, act));
      },
    );
}

function addUpkeep({ program, terminal, done }: Definition): void {
  program
    .command('doctor')
    .description('check each outside part: found version, needed range, the line that gets it')
    .addOption(jsonOption('as a JSON object'))
    .action(async (options: { json: boolean }) => {
      const { doctorCommand } = await import('./commands/doctor.ts');
      done(await doctorCommand(options.json, terminal));
    });
  program
    .command('heal')
    .description('lift whatever an earlier run left; normally finds nothing')
    .addOption(outOption())
    .action(async (options: { out: string }) => {
      const { healCommand } = await import('./commands/heal.ts');
      done(await healCommand(options.out, terminal));
    });
  program
    .command('halt')
    .description('stop everything: what runs ends and heals, nothing new begins until `resume`')
    .argument('[reason...]', 'told to whoever is stopped')
    .action(async (reason: string[]) => {
      const { haltCommand } = await import('./commands/lever.ts');
      done(haltCommand(reason.join(' '), terminal));
    });
  program
    .command('resume')
    .description('lift what `halt` has stopped')
    .action(async () => {
      const { resumeCommand } = await import('./commands/lever.ts');
      done(resumeCommand(terminal));
    });
}
