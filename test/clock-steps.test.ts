/** Somebody sets the wall clock of every process in mid-fault: only labels may show it. */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../lib/journal/event.ts';
import { readEvents, readSamples } from '../lib/journal/reader.ts';
import { RUN_FILES } from '../lib/journal/run-folder.ts';
import type { RunResult } from '../lib/run/run-scenario.ts';
import { findFaketime, openFaketime } from './faketime.ts';
import { suiteWithout } from './required-part.ts';
import { saturated, temporaryFolder } from './story.ts';

const ENTRY = fileURLToPath(new URL('./clock-steps.run.ts', import.meta.url));
const TITLE = 'a run whose wall clock is set forward and back in mid-fault';
const MINUTE_US = 60_000_000;
const library = findFaketime();

const claims = (): void => {
  it('by an hour and by a day goes on as planned, and tells of it', { timeout: 120_000 }, async () => {
    const { folder, json } = await runOnSteppedClock();
    expect(json).toMatchObject({ verdict: 'pass' });
    const events = readEvents(join(folder, RUN_FILES.events));
    const moments = events.map(({ monoUs }) => monoUs);
    expect(moments).toEqual(moments.toSorted((one, other) => one - other));
    expectOnTime(events);
    const notes = events.flatMap((event) => (event.kind === 'note' ? [event.text] : []));
    for (const step of ['forward by 3600', 'back by 3600', 'forward by 86400', 'back by 86400']) {
      expect(notes).toContainEqual(expect.stringContaining(`the wall clock was set ${step}`));
    }
    expect(notes.filter((text) => text.includes('lease'))).toEqual([]);
    const { length, plannedUs, startedUs, endedUs } = readSamples(join(folder, RUN_FILES.samples));
    expect(length).toBeGreaterThan(100);
    for (let row = 0; row < length; row += 1) {
      const [planned = 0, started = 0, ended = 0] = [plannedUs[row], startedUs[row], endedUs[row]];
      expect(started).toBeGreaterThanOrEqual(planned);
      expect(ended).toBeGreaterThanOrEqual(started);
      expect(ended - planned).toBeLessThan(MINUTE_US);
    }
  });
};

if (library === undefined) suiteWithout('faketime', TITLE, 'libfaketime was not found', claims);
else describe(TITLE, claims);

/** A machine that stalls proves nothing: then once more. */
async function runOnSteppedClock(): Promise<RunResult> {
  for (let left = 3; ; left -= 1) {
    const place = temporaryFolder('clock');
    const { environment } = openFaketime(library ?? '', place);
    const { stdout } = await promisify(execFile)(process.execPath, [ENTRY, place, library ?? ''], {
      env: { ...process.env, ...environment },
    });
    const result = JSON.parse(stdout) as RunResult;
    if (left === 1 || !saturated(result.json.reasons)) return result;
  }
}

/** A busy machine may be late by seconds; a clock that was believed would be early, or late by an hour. */
function expectOnTime(events: readonly JournalEvent[]): void {
  const originUs = events.find((event) => event.kind === 'load.started')?.originUs ?? 0;
  for (const planned of events.filter((event) => event.kind === 'fault.planned')) {
    const lifted = events.find((event) => event.kind === 'fault.lifted' && event.fault === planned.fault);
    const liftedUs = (lifted?.monoUs ?? 0) - originUs;
    // A timer may ring within a millisecond before its time.
    expect(liftedUs).toBeGreaterThanOrEqual(planned.toUs - 1_000);
    expect(liftedUs).toBeLessThan(planned.toUs + MINUTE_US);
  }
  expect(events.find((event) => event.kind === 'load.ended')).toMatchObject({ stoppedEarly: false });
}
