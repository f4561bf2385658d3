/**
 * The conductor's pen: every event goes to the journal first and then to whoever watches the run. A journal that
 * cannot be written ends the run; it never keeps a fault from being lifted or a process from being ended.
 */

import type { EventBody, JournalEvent } from '../journal/event.ts';
import { openEventWriter } from '../journal/event-writer.ts';
import { monotonicUs } from '../time/monotonic.ts';

export interface RunLog {
  /** Never throws. False when the event is not in the journal: after the first that is not, none is. */
  write(body: EventBody): boolean;
  /** Aborted by the first event that could not be written; its reason is the error. */
  readonly failed: AbortSignal;
  close(): void;
}

export function openRunLog(path: string, onEvent: (event: JournalEvent) => void): RunLog {
  const writer = openEventWriter(path, monotonicUs, Date.now);
  const failed = new AbortController();
  const guarded = <Value>(act: () => Value): Value | undefined => {
    try {
      return act();
    } catch (error) {
      failed.abort(error);
      return undefined;
    }
  };
  return {
    write: (body) => {
      // A line that was cut would swallow the next one.
      if (failed.signal.aborted) return false;
      const event = guarded(() => writer.write(body));
      if (event !== undefined) onEvent(event);
      return event !== undefined;
    },
    failed: failed.signal,
    close: () => void guarded(() => writer.close()),
  };
}
