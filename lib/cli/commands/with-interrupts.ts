/** Gives a command the signal that a Ctrl-C aborts, and says on the first one what will happen. */

import { monotonicUs } from '../../time/monotonic.ts';
import { EXIT } from '../exit-codes.ts';
import { listenForInterrupts } from '../interrupts.ts';

export interface InterruptTexts {
  /** Told on the first interrupt. */
  readonly onFirst: (cause: string) => void;
  /** Called before the process leaves at once, on the second; `stay` when the second means nothing. */
  readonly onSecond: (() => void) | 'stay';
}

export async function withInterrupts<Result>(
  { onFirst, onSecond }: InterruptTexts,
  act: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  using interrupts = listenForInterrupts({
    source: process,
    clock: monotonicUs,
    onFirst,
    onSecond: () => {
      if (onSecond === 'stay') return;
      onSecond();
      process.exit(EXIT.aborted);
    },
  });
  // Listening takes hold of the channel again (see main.ts).
  process.channel?.unref();
  return await act(interrupts.signal);
}
