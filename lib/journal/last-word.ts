/** How a run that cannot be ended in order says why, when its own writer is closed or gone. */

import { join } from 'node:path';
import type { Clock } from '../time/monotonic.ts';
import type { RunAborted } from './event.ts';
import { openEventWriter } from './event-writer.ts';
import { freeReserve } from './reserve.ts';
import { RUN_FILES } from './run-folder.ts';

/** Gives up the room that was kept for this. Never throws: then the missing seal has to speak for itself. */
export function leaveLastWord(folder: string, reason: string, clock: Clock, wallClock: () => number): void {
  freeReserve(folder);
  try {
    const writer = openEventWriter(join(folder, RUN_FILES.events), clock, wallClock);
    writer.write({ kind: 'run.aborted', by: 'failure', reason } satisfies RunAborted);
    writer.close();
  } catch {
    // The disk is broken, or full to the last block.
  }
}
