/** Lets a command begin only while nobody has pulled the lever, and ends it when somebody does. */

import { leverPath, refuseWhenHalted, watchLever } from '../../run/lever.ts';
import { CalledOff } from '../../world/opening.ts';
import { EXIT } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';

export interface Endings {
  /** Aborted by a person or by the lever, whichever comes first. */
  readonly any: AbortSignal;
  readonly lever: AbortSignal;
}

/**
 * @returns The command's exit code; that of an abort when its world was called off before it was open.
 * @throws HaltedError.
 */
export async function withLever(
  terminal: Terminal,
  person: AbortSignal,
  act: (endings: Endings) => Promise<number>,
): Promise<number> {
  const path = leverPath(terminal.env);
  refuseWhenHalted(path);
  using watch = watchLever(path);
  watch.signal.addEventListener('abort', () => terminal.say(`ending: ${watch.signal.reason}`), {
    once: true,
  });
  try {
    return await act({ any: AbortSignal.any([person, watch.signal]), lever: watch.signal });
  } catch (error) {
    if (error instanceof CalledOff) return EXIT.aborted;
    throw error;
  }
}
