/** `validate`: everything that is wrong with scenarios, all at once, without running any. */

import { RegionfallError } from '../../errors/regionfall-error.ts';
import { loadScenarios } from '../../scenario/load-scenario.ts';
import { reportError } from '../error-text.ts';
import { combinedExitCode, EXIT } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';

export async function validateCommand(scenarios: readonly string[], terminal: Terminal): Promise<number> {
  const codes: number[] = [];
  for (const name of scenarios) {
    try {
      for (const { scenario } of await loadScenarios(name)) {
        terminal.result(`${terminal.paint('green', '✓', 'out')} ${scenario.name}: ${scenario.question}`);
      }
      codes.push(EXIT.pass);
    } catch (error) {
      if (!(error instanceof RegionfallError)) throw error;
      codes.push(reportError(terminal, error));
    }
  }
  return combinedExitCode(codes);
}
