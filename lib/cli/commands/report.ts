/** `report`: the reports of a run made again from its folder, with the figures of the version that makes them. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ReportFormat } from '../../run/make-report.ts';
import { EXIT } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';

export interface ReportOptions {
  /** Path of the run's folder, or its name inside `out`. */
  readonly run: string;
  readonly formats: readonly ReportFormat[];
  readonly out: string;
}

/** Prints the paths of what was written. The run's verdict is not this command's: it returns 0. */
export async function reportCommand(options: ReportOptions, terminal: Terminal): Promise<number> {
  const { makeReport } = await import('../../run/make-report.ts');
  const inside = join(options.out, options.run);
  const folder = !existsSync(options.run) && existsSync(inside) ? inside : options.run;
  const { paths, partial } = await makeReport(folder, options.formats);
  if (partial !== '') terminal.say(`${terminal.paint('yellow', 'partial')} ${partial}`);
  for (const path of Object.values(paths)) terminal.result(path);
  return EXIT.pass;
}
