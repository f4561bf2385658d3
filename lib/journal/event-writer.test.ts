import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openEventWriter } from './event-writer.ts';
import { parseEventLog, readEventLog, readEvents } from './reader.ts';

const folder = mkdtempSync(join(tmpdir(), 'regionfall-events-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function freshPath(): string {
  files += 1;
  return join(folder, `${files}.ndjson`);
}

const note = (text: string) => ({ kind: 'note', level: 'info', text }) as const;

/** A clock that moves by one at each look. */
function countingClock(): () => number {
  let now = 100;
  return () => {
    now += 1;
    return now;
  };
}

describe('the event journal', () => {
  it('stamps each event and has it in the file at once', () => {
    const path = freshPath();
    const writer = openEventWriter(path, countingClock(), () => 7);
    const first = writer.write(note('one'));
    expect(first).toEqual({ monoUs: 101, wallMs: 7, kind: 'note', level: 'info', text: 'one' });
    expect(readEvents(path)).toEqual([first]);
    const second = writer.write(note('two\nlines'));
    expect(readEvents(path)).toEqual([first, second]);
    writer.close();
    writer.close();
    expect(() => writer.write(note('late'))).toThrow(/after the journal was closed/);
  });

  it('goes on in the file of a dead writer, whose last line was cut', () => {
    const path = freshPath();
    const conductor = openEventWriter(path, countingClock(), () => 7);
    const before = conductor.write(note('before'));
    appendFileSync(path, '{"monoUs":5,"kind":"no');
    const guardian = openEventWriter(path, countingClock(), () => 8);
    const after = guardian.write(note('after'));
    guardian.close();
    expect(readEventLog(path)).toEqual({ events: [before, after], unreadableLines: 1 });
    conductor.close();
  });

  it('cut at any byte is readable up to its last whole line', () => {
    const path = freshPath();
    const writer = openEventWriter(path, countingClock(), () => 7);
    const events = ['a', 'ü', 'c'].map((text) => writer.write(note(text)));
    writer.close();
    const bytes = readFileSync(path);
    for (let length = 0; length <= bytes.length; length += 1) {
      const log = parseEventLog(bytes.subarray(0, length).toString('utf8'));
      expect(log.events).toEqual(events.slice(0, log.events.length));
      expect(log.unreadableLines).toBeLessThanOrEqual(1);
    }
    expect(parseEventLog(bytes.toString('utf8'))).toEqual({ events, unreadableLines: 0 });
  });

  it('leaves out lines that are JSON but no event', () => {
    const text = '3\nnull\n{"kind":"note"}\n{"kind":"note","monoUs":1,"wallMs":2}\n';
    expect(parseEventLog(text)).toMatchObject({ unreadableLines: 3, events: [{ monoUs: 1 }] });
  });
});
