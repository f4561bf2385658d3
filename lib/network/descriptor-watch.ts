/**
 * A process without a free file descriptor hangs up on whoever connects, and nothing tells it: callers would take that
 * for the endpoint's doing. So this opens a file now and then, to see whether it still could.
 */

import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { starvation } from '../process/starvation.ts';

const LOOK_EVERY_MS = 1_000;

/** @param onStarved Told once, in a sentence. Clear the returned timer to end the watch. */
export function watchDescriptors(onStarved: (sentence: string) => void): NodeJS.Timeout {
  const watching = setInterval(() => {
    try {
      closeSync(openSync(devNull, 'r'));
    } catch (error) {
      const starved = starvation('it', (error as NodeJS.ErrnoException).code);
      if (starved === undefined) return;
      clearInterval(watching);
      onStarved(starved);
    }
  }, LOOK_EVERY_MS);
  return watching.unref();
}
