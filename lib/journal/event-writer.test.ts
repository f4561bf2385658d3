import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { failWrites } from '../../test/soak/failing-disk.ts';
import { parseEventLog } from './event-line.ts';
import { openEventWriter } from './event-writer.ts';
import { readEventLog, readEvents } from './reader.ts';

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

  it('with any bit flipped loses the lines that it was in, and believes none', () => {
    const path = freshPath();
    const writer = openEventWriter(path, countingClock(), () => 7);
    const events = ['a', 'ü', '{"c":"d"}'].map((text) => writer.write(note(text)));
    writer.close();
    const bytes = readFileSync(path);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const at = bit >> 3;
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7));
      const log = parseEventLog(bytes.toString('utf8'));
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7));
      expect(log.events.length, `bit ${bit}`).toBeLessThan(3);
      expect(events).toEqual(expect.arrayContaining([...log.events]));
      expect(log.unreadableLines, `bit ${bit}`).toBeGreaterThan(0);
    }
  });

  it('leaves out lines that are JSON but none of ours', () => {
    const text = '3\nnull\n{"kind":"note"}\n{"kind":"note","monoUs":1,"wallMs":2}\n';
    expect(parseEventLog(text)).toEqual({ unreadableLines: 4, events: [] });
  });

  it('goes on after a write that failed half-way, with a line of its own', () => {
    const path = freshPath();
    using disk = failWrites({ folder, after: 1, code: 'ENOSPC', times: 1 });
    const writer = openEventWriter(path, countingClock(), () => 7);
    const events = [writer.write(note('before'))];
    expect(() => writer.write(note('lost'))).toThrow(/ENOSPC/);
    expect(disk.failures()).toBe(1);
    events.push(writer.write(note('after')));
    writer.close();
    expect(readEventLog(path)).toEqual({ events, unreadableLines: 1 });
  });
});
