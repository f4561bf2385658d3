/** Where the launcher hands over: one command line, one exit code. Whatever goes wrong ends here, in words. */

import { CommanderError } from 'commander';
import { reportError } from './error-text.ts';
import { EXIT } from './exit-codes.ts';
import { createProgram } from './program.ts';
import { type Terminal, terminalOf } from './terminal.ts';

/** Something may still hold the event loop after a command has ended; it gets this long to let go. */
const LINGER_MS = 2_000;

export async function main(parameters: readonly string[]): Promise<void> {
  // The channel to the launcher must not keep a finished command alive.
  process.channel?.unref();
  const terminal = terminalOf(process);
  // What nobody caught is our bug, and Node's own code for it, 1, would read as a broken expectation.
  process.on('uncaughtException', (error) => process.exit(reportError(terminal, error)));
  process.exitCode = await runCommandLine(parameters, terminal);
  setTimeout(() => process.exit(), LINGER_MS).unref();
}

/** Runs a command and returns its exit code; never rejects. */
export async function runCommandLine(parameters: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: number = EXIT.pass;
  const program = createProgram(terminal, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...parameters], { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has printed its own message by now; it knows help and version as errors too.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.pass : EXIT.usage;
    return reportError(terminal, error);
  }
}
