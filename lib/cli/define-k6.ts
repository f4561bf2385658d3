/** The commands about k6: scripts, and loads that other machines make. What each does is loaded when it is asked for. */

import { UsageError } from '../errors/regionfall-error.ts';
import { type Definition, jsonOption, outOption, seedOption } from './options.ts';

export function defineK6({ program, terminal, done }: Definition): void {
  const k6 = program.command('k6').description('scripts for plain k6, and loads past one machine');
  k6.command('bundle')
    .description('make one file of a script and all that it imports, for plain `k6 run`')
    .argument('<script>', 'TypeScript or JavaScript that may import regionfall/k6')
    .option('--out <file>', 'where to write it (default: standard output)')
    .action(async (script: string, options: { out?: string }) => {
      const { k6BundleCommand } = await import('./commands/k6-bundle.ts');
      done(await k6BundleCommand(script, options.out, terminal));
    });
  k6.command('export')
    .description('write what other machines need to make the load of a scenario')
    .argument('<scenario>', 'file or name')
    .requiredOption('--out <folder>', 'must be empty, or not there')
    .option('--segments <n>', 'machines to share the load', parseSegments, 1)
    .option(
      '--start <moment>',
      'agreed start, such as 2026-12-01T09:00:00Z (default: told on each machine)',
      parseStart,
    )
    .addOption(seedOption())
    .action(
      async (scenario: string, options: { out: string; segments: number; start?: string; seed: number }) => {
        const { k6ExportCommand } = await import('./commands/k6-export.ts');
        done(await k6ExportCommand({ scenario, ...options }, terminal));
      },
    );
  program
    .command('merge')
    .description('bring the parts of an exported load together as one run')
    .argument('<scenario>', 'that was exported: file or name')
    .argument('<part...>', 'files that k6 wrote, plain or ending in .gz')
    .addOption(seedOption())
    .addOption(outOption())
    .addOption(jsonOption('print the verdict as one JSON object, and nothing else'))
    .action(
      async (scenario: string, parts: string[], options: { seed: number; out: string; json: boolean }) => {
        const { mergeCommand } = await import('./commands/merge.ts');
        done(await mergeCommand({ scenario, parts, ...options }, terminal));
      },
    );
}

const SEGMENTS_MOST = 1_000;

function parseSegments(text: string): number {
  const segments = Number(text);
  if (/^\d+$/.test(text) && segments >= 1 && segments <= SEGMENTS_MOST) return segments;
  throw new UsageError(`--segments needs a whole number from 1 to ${SEGMENTS_MOST}, not '${text}'`, {
    code: 'RF-OPTION-VALUE',
    hint: '--segments 4',
  });
}

/** With its zone, since machines stand in several. */
function parseStart(text: string): string {
  const atMs = Date.parse(text);
  if (!Number.isNaN(atMs) && /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(text))
    return new Date(atMs).toISOString();
  throw new UsageError(`--start needs a moment with its zone, not '${text}'`, {
    code: 'RF-OPTION-VALUE',
    hint: '--start 2026-12-01T09:00:00Z',
  });
}
