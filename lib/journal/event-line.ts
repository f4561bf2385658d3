/**
 * Events as the lines of `events.ndjson`. The last field of each is the CRC-32 of the line without it, so that a line
 * which was cut, overwritten or flipped is left out instead of believed. Pure.
 */
import { crc32 } from 'node:zlib';
import type { JournalEvent } from './event.ts';

export interface EventLog {
  readonly events: readonly JournalEvent[];
  /** Lines that are no event, or not as they were written: usually the last one, cut by a crash. */
  readonly unreadableLines: number;
}

/** With its line feed. */
export function eventLine(event: JournalEvent): string {
  const text = JSON.stringify(event);
  return `${text.slice(0, -1)},"crc32":"${checksumOf(text)}"}\n`;
}

export function parseEventLog(text: string): EventLog {
  const events: JournalEvent[] = [];
  let unreadableLines = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const event = parseEventLine(line);
    if (event === undefined) unreadableLines += 1;
    else events.push(event);
  }
  return { events, unreadableLines };
}

/** @param line Without its line feed. @returns Undefined when it is not a whole line of ours. */
function parseEventLine(line: string): JournalEvent | undefined {
  const text = `${line.slice(0, -TAIL_LENGTH)}}`;
  if (line.slice(-TAIL_LENGTH) !== `,"crc32":"${checksumOf(text)}"}`) return undefined;
  try {
    const event: unknown = JSON.parse(text);
    return isEvent(event) ? event : undefined;
  } catch {
    return undefined;
  }
}

const TAIL_LENGTH = ',"crc32":"00000000"}'.length;

function checksumOf(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}

function isEvent(value: unknown): value is JournalEvent {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, monoUs } = value as Partial<Record<keyof JournalEvent, unknown>>;
  return typeof kind === 'string' && typeof monoUs === 'number';
}
