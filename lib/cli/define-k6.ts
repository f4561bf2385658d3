/** The commands about k6 scripts. What each does is loaded when it is asked for. */

import type { Definition } from './options.ts';

export function defineK6({ program, terminal, done }: Definition): void {
  const k6 = program.command('k6').description('scripts for k6');
  k6.command('bundle')
    .description('make one file of a script and all that it imports, for plain `k6 run`')
    .argument('<script>', 'TypeScript or JavaScript that may import regionfall/k6')
    .option('--out <file>', 'where to write it (default: standard output)')
    .action(async (script: string, options: { out?: string }) => {
      const { k6BundleCommand } = await import('./commands/k6-bundle.ts');
      done(await k6BundleCommand(script, options.out, terminal));
    });
}
