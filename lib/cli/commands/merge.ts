/** `merge`: the parts of an exported load, as k6 wrote them on their machines, as one run with its report. */

import { UsageError } from '../../errors/regionfall-error.ts';
import { mergeParts } from '../../run/merge.ts';
import { loadScenarios } from '../../scenario/load-scenario.ts';
import type { Terminal } from '../terminal.ts';
import { verdictLines } from '../verdict-text.ts';

export interface MergeCommandOptions {
  readonly scenario: string;
  readonly parts: readonly string[];
  readonly seed: number;
  readonly out: string;
  readonly json: boolean;
}

export async function mergeCommand(
  { scenario, parts, seed, out, json }: MergeCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const [loaded, ...others] = await loadScenarios(scenario);
  if (loaded === undefined || others.length > 0) {
    throw new UsageError(`'${scenario}' means several scenarios, and the parts are of one`, {
      code: 'RF-SCENARIO-NOT-FOUND',
      hint: 'name the file or scenario that was exported',
    });
  }
  const merged = await mergeParts({ scenario: loaded, seed, parts, outDir: out });
  if (json) terminal.result(JSON.stringify(merged.json));
  else for (const line of verdictLines(merged.json, terminal)) terminal.result(line);
  return merged.exitCode;
}
