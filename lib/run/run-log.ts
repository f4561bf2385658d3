/**
 * The conductor's pen: every event goes to the journal first and then to whoever watches the run. A journal that
 * cannot be written ends the run; it never keeps a fault from being lifted or a process from being ended.
 */

import { dirname } from 'node:path';
import type { EventBody, JournalEvent } from '../journal/event.ts';
import { openEventWriter } from '../journal/event-writer.ts';
import { leaveLastWord } from '../journal/last-word.ts';
import { freeReserve, keepReserve } from '../journal/reserve.ts';
import { monotonicUs } from '../time/monotonic.ts';
import { diskTroubleIn } from './disk-trouble.ts';

export interface RunLog {
  /**
   * Never throws. False when the event is not in the journal. The first that fails frees the room that was kept for
   * last words: with it this event and those that tell the end of the run may find their way.
   */
  write(body: EventBody): boolean;
  /**
   * Aborted by the first event that could not be written at once; its reason is the error. Also, at the close, when
   * another process of the run told that it could not write.
   */
  readonly failed: AbortSignal;
  close(): void;
}

/**
 * @param path Of `events.ndjson`, in the run's folder.
 * @throws the file system's error when there is no room for a run.
 */
export function openRunLog(path: string, onEvent: (event: JournalEvent) => void): RunLog {
  const folder = dirname(path);
  keepReserve(folder);
  const writer = openEventWriter(path, monotonicUs, Date.now);
  const failed = new AbortController();
  let troubleOfOthers: Error | undefined;
  /** The event that found the disk full is written into the room that this makes. */
  const writeOrFail = (body: EventBody): JournalEvent | undefined => {
    try {
      return writer.write(body);
    } catch (error) {
      if (failed.signal.aborted) return undefined;
      freeReserve(folder);
      const event = attempt(() => writer.write(body));
      failed.abort(error);
      return event;
    }
  };
  return {
    write: (body) => {
      const event = writeOrFail(body);
      if (event === undefined) return false;
      troubleOfOthers ??= diskTroubleIn(sentenceOf(body));
      onEvent(event);
      return true;
    },
    failed: failed.signal,
    close: () => {
      try {
        writer.close();
      } catch (error) {
        troubleOfOthers ??= error as Error;
      }
      if (troubleOfOthers === undefined || failed.signal.aborted) return;
      const { message } = troubleOfOthers;
      leaveLastWord(folder, `not everything could be written: ${message}`, monotonicUs, Date.now);
      failed.abort(troubleOfOthers);
    },
  };
}

function attempt<Value>(act: () => Value): Value | undefined {
  try {
    return act();
  } catch {
    // The first error has been told.
    return undefined;
  }
}

/** Where a part of the run that could not write is heard of. */
function sentenceOf(body: EventBody): string {
  if (body.kind === 'run.aborted' && body.by === 'failure') return body.reason;
  return body.kind === 'note' && body.level === 'warning' ? body.text : '';
}
