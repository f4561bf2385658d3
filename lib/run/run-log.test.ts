import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EventBody } from '../journal/event.ts';
import { readEvents } from '../journal/reader.ts';
import { openRunLog } from './run-log.ts';
import { createStop } from './stop.ts';

const note = (text: string): EventBody => ({ kind: 'note', level: 'info', text });

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'regionfall-log-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('the log of a run', () => {
  it('tells an event to who watches once it is in the journal', () => {
    const path = join(temporaryFolder(), 'events.ndjson');
    const seen: string[] = [];
    const log = openRunLog(path, (event) => {
      if (event.kind === 'note')
        seen.push(`${event.text} ${readFileSync(path, 'utf8').includes(event.text)}`);
    });
    expect(log.write(note('one'))).toBe(true);
    log.close();
    expect(seen).toEqual(['one true']);
    expect(log.failed.aborted).toBe(false);
  });
});

// A file that is always full: what the system offers to try just this.
describe.skipIf(!existsSync('/dev/full'))('the log of a run on a full disk', () => {
  function fullPath(): string {
    const path = join(temporaryFolder(), 'events.ndjson');
    symlinkSync('/dev/full', path);
    return path;
  }

  it('says that the event is not written, tells nobody of it, and does not throw', () => {
    const seen: unknown[] = [];
    const log = openRunLog(fullPath(), (event) => seen.push(event));
    expect(log.write(note('one'))).toBe(false);
    expect(log.write(note('two'))).toBe(false);
    log.close();
    expect(seen).toEqual([]);
    expect(log.failed.reason).toMatchObject({ code: 'ENOSPC' });
  });

  it('ends the run, with the reason, whether it was full before or after the first look', () => {
    for (const full of ['before', 'after']) {
      const log = openRunLog(fullPath(), () => {});
      if (full === 'before') log.write(note('one'));
      const stop = createStop(log, new AbortController().signal);
      if (full === 'after') log.write(note('one'));
      expect(stop.signal.reason).toMatchObject({
        message: expect.stringMatching(/^the journal cannot be written: ENOSPC/),
      });
    }
  });

  it('lets a person stop it all the same', () => {
    const log = openRunLog(fullPath(), () => {});
    const person = new AbortController();
    const stop = createStop(log, person.signal);
    person.abort('Ctrl-C');
    expect(stop.signal.aborted).toBe(true);
  });
});

describe('the log of a run of which another process could not write', () => {
  it.each([
    { kind: 'run.aborted', by: 'failure', reason: 'the callers ended (code 1) ENOSPC: no space left' },
    { kind: 'note', level: 'warning', text: 'the log is cut: service: EIO: i/o error, write' },
  ] as const)('has failed when it is closed, and says why: %j', (body) => {
    const path = join(temporaryFolder(), 'events.ndjson');
    const log = openRunLog(path, () => {});
    expect(log.write(body)).toBe(true);
    expect(log.failed.aborted).toBe(false);
    log.close();
    expect(log.failed.reason).toMatchObject({ code: expect.stringMatching(/^E/) });
    expect(readEvents(path).at(-1)).toMatchObject({ kind: 'run.aborted', by: 'failure' });
  });
});
