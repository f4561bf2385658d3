/** The commands about scenarios and their runs. What each does is loaded when it is asked for. */

import { Argument, Option } from 'commander';
import type { ReportFormat } from '../run/make-report.ts';
import {
  ENGINES,
  type EngineName,
  LISTS,
  type ListName,
  type NetworkName,
  oneOf,
  someOf,
  WORLDS,
  type WorldName,
} from './option-values.ts';
import {
  choiceOption,
  type Definition,
  jsonOption,
  networkOption,
  outOption,
  seedOption,
} from './options.ts';
import { PROGRESS_MODES, type ProgressMode } from './progress/progress.ts';

export function defineRuns(definition: Definition): void {
  addRun(definition);
  addReport(definition);
  addScenarioCommands(definition);
}

function addRun({ program, terminal, done }: Definition): void {
  program
    .command('run')
    .description('run scenarios, each into a folder of its own; the last line is the path of the report')
    .argument('<scenario...>', 'file, folder or name (see `regionfall list`)')
    .addOption(choiceOption('--engine <name>', 'what makes the calls', ENGINES).default('embedded'))
    .addOption(networkOption())
    .addOption(choiceOption('--world <name>', 'where the parts of the run are', WORLDS).default('local'))
    .addOption(seedOption())
    .addOption(outOption())
    .addOption(jsonOption('print the verdict as one JSON object, and nothing else'))
    .addOption(choiceOption('--events <format>', 'print every event as it happens', ['ndjson']))
    .addOption(choiceOption('--progress <mode>', 'how progress is shown', PROGRESS_MODES).default('auto'))
    .option('--dry-run', 'print the plan and run nothing', false)
    .option(
      '--without-faults',
      'run the load alone: is the steady state what the scenario takes it to be?',
      false,
    )
    .action(
      async (
        scenarios: string[],
        options: {
          engine: EngineName;
          network: NetworkName;
          world: WorldName;
          seed: number;
          out: string;
          json: boolean;
          events?: 'ndjson';
          progress: ProgressMode;
          dryRun: boolean;
          withoutFaults: boolean;
        },
      ) => {
        const { runCommand } = await import('./commands/run.ts');
        done(await runCommand({ scenarios, ...options }, terminal));
      },
    );
}

const REPORT_FORMATS = ['html', 'json', 'md', 'junit'] as const satisfies readonly ReportFormat[];

function addReport({ program, terminal, done }: Definition): void {
  program
    .command('report')
    .description('make the report of a run again, from its folder alone')
    .argument('<run>', 'folder of the run, or its name inside --out')
    .addOption(
      new Option('--format <list>', 'one or several, separated by commas')
        .choices(REPORT_FORMATS)
        .argParser(someOf('--format', REPORT_FORMATS))
        .default(['html', 'json'], 'html,json'),
    )
    .addOption(outOption())
    .action(async (run: string, options: { format: readonly ReportFormat[]; out: string }) => {
      const { reportCommand } = await import('./commands/report.ts');
      done(await reportCommand({ run, formats: options.format, out: options.out }, terminal));
    });
}

function addScenarioCommands({ program, terminal, done }: Definition): void {
  program
    .command('list')
    .description('list what there is: scenarios, regions or faults')
    .addArgument(
      new Argument('[what]', 'of what').choices(LISTS).argParser(oneOf('list', LISTS)).default('scenarios'),
    )
    .addOption(jsonOption('as a JSON array'))
    .action(async (what: ListName, options: { json: boolean }) => {
      const { listCommand } = await import('./commands/list.ts');
      done(await listCommand(what, options.json, terminal));
    });
  program
    .command('validate')
    .description('say everything that is wrong with a scenario, each with its place, and run nothing')
    .argument('<scenario...>', 'file, folder or name')
    .action(async (scenarios: string[]) => {
      const { validateCommand } = await import('./commands/validate.ts');
      done(await validateCommand(scenarios, terminal));
    });
  program
    .command('explain')
    .description('say what an error code means and what to do about it')
    .argument('[code]', 'such as RF-PORT-TAKEN or RegionDisabledException; all of them without it')
    .action(async (code: string | undefined) => {
      const { explainCommand } = await import('./commands/explain.ts');
      done(explainCommand(code, terminal));
    });
}
