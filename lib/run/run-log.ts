/** The conductor's pen: every event goes to the journal first and then to whoever watches the run. */

import type { EventBody, JournalEvent } from '../journal/event.ts';
import { openEventWriter } from '../journal/event-writer.ts';
import { monotonicUs } from '../time/monotonic.ts';

export interface RunLog {
  write(body: EventBody): JournalEvent;
  close(): void;
}

export function openRunLog(path: string, onEvent: (event: JournalEvent) => void): RunLog {
  const writer = openEventWriter(path, monotonicUs, Date.now);
  return {
    write: (body) => {
      const event = writer.write(body);
      onEvent(event);
      return event;
    },
    close: () => writer.close(),
  };
}
