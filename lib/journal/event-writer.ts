/**
 * Appends to `events.ndjson`. One event is one write of one whole line, so that a crash can cut at most the last.
 */
import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import type { Clock } from '../time/monotonic.ts';
import type { EventBody, JournalEvent } from './event.ts';
import { eventLine } from './event-line.ts';

export interface EventWriter {
  /**
   * Stamps and appends. Returns when the line is in the file; after `fault.planned`, when it is on the disk.
   * @throws the file system's error; what of the line was written is then not read as an event.
   */
  write(body: EventBody): JournalEvent;
  /** Makes the file durable and closes it; a second call does nothing. */
  close(): void;
}

/**
 * Opens for appending, making the file when missing (mode 0600). `wallClock` gives milliseconds since 1970.
 * A last line that a crash or a full disk has cut is closed off before the next, so the guardian may go on in a dead
 * conductor's file.
 */
export function openEventWriter(path: string, clock: Clock, wallClock: () => number): EventWriter {
  // Reading is needed to see how the file ends; O_APPEND keeps two writers' lines apart.
  const file = openSync(path, 'a+', 0o600);
  let insideLine = endsInsideLine(file);
  let open = true;
  return {
    write(body) {
      if (!open) throw new Error(`the event ${body.kind} came after the journal was closed`);
      const event: JournalEvent = { monoUs: clock(), wallMs: wallClock(), ...body };
      const line = eventLine(event);
      // An empty line does no harm where the failed write had left nothing.
      const text = insideLine ? `\n${line}` : line;
      insideLine = true;
      writeWhole(file, text);
      insideLine = false;
      // A fault that nobody wrote down could not be healed by whoever comes after a crash.
      if (body.kind === 'fault.planned') fsyncSync(file);
      return event;
    },
    close() {
      if (!open) return;
      open = false;
      try {
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
    },
  };
}

function endsInsideLine(file: number): boolean {
  const { size } = fstatSync(file);
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  readSync(file, last, 0, 1, size - 1);
  return last.toString() !== '\n';
}

function writeWhole(file: number, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written, bytes.length - written);
}
