/** What a person reads when a command ends in an error: what, where, the code, and the next thing to type. */

import { RegionfallError } from '../errors/regionfall-error.ts';
import { EXIT } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** Writes the error and returns the exit code that goes with it. */
export function reportError(terminal: Terminal, error: unknown): number {
  if (error instanceof RegionfallError) {
    terminal.say(`${terminal.paint('red', 'error')} ${error.message}`);
    if (error.hint !== undefined) terminal.say(`  ${terminal.paint('cyan', 'next')} ${error.hint}`);
    terminal.say(terminal.paint('dim', `  ${error.code} (regionfall explain ${error.code})`));
    return error.exitCode;
  }
  terminal.say(`${terminal.paint('red', 'bug')} Regionfall met something that it was sure could not happen:`);
  terminal.say(textOf(error));
  terminal.say(
    '  This is a mistake in Regionfall and not in your scenario. Please report it with the command you typed,',
  );
  terminal.say(
    '  the lines above, the folder of the run if there is one, and what `regionfall doctor --json` prints.',
  );
  return EXIT.bug;
}

/** The stack, and those of the causes behind it. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return `  thrown: ${String(error)}`;
  const own = error.stack ?? error.message;
  // By name: a Node before 24 has no such class, and `await using` makes an error of that name there.
  const { error: latest, suppressed, cause } = error as Partial<SuppressedError>;
  const inner = error.name === 'SuppressedError' ? [latest, suppressed] : [cause];
  const causes = inner.filter((cause) => cause !== undefined && cause !== null);
  return [own, ...causes.map((cause) => `caused by ${textOf(cause)}`)].join('\n');
}
