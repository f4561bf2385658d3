/** Whole runs in which k6 makes the calls: the same scenario, the same arrivals, the same verdict, and no k6 left behind. */

import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { JournalEvent } from '../lib/journal/event.ts';
import { planArrivals } from '../lib/load/arrival-plan.ts';
import { loadGroupSchema } from '../lib/load/load-spec.ts';
import { arrivalsOf } from '../lib/measure/arrivals.ts';
import { createRandom } from '../lib/time/random.ts';
import { isAlive } from './processes.ts';
import { partOrSkip } from './required-part.ts';
import { type Story, shortOutage, tell, temporaryFolder } from './story.ts';

const k6 = await partOrSkip('k6');

function k6Pid(events: readonly JournalEvent[]): number {
  const found = events.flatMap((event) =>
    event.kind === 'process.started' && event.name === 'k6' ? [event.pid] : [],
  );
  return found.at(-1) ?? 0;
}

function generatorOf({ events }: Story) {
  return events.flatMap((event) => (event.kind === 'generator.ended' ? [event] : []))[0];
}

k6.suite('a run in k6', () => {
  it('passes the same outage with the same arrivals, and k6, the journal and the service agree to the request', {
    timeout: 90_000,
  }, async () => {
    const scenario = shortOutage();
    const story = await tell({ scenario, engine: 'k6' });
    expect(story.json).toMatchObject({ verdict: 'pass', engine: 'k6' });

    const groups = scenario.load.groups.map((group) => loadGroupSchema.parse(group));
    const plan = planArrivals(groups, 6_000_000, createRandom(7).fork('arrivals'));
    const seen = arrivalsOf(story.history).toSorted((one, other) => one.arrival - other.arrival);
    expect(
      seen.map(({ arrival, plannedUs, caller, operation }) => ({ arrival, plannedUs, caller, operation })),
    ).toEqual(
      plan.map(({ arrival, plannedUs, group, caller, operation }) => ({
        arrival,
        plannedUs,
        caller: `${groups[group]?.name}-${caller + 1}`,
        operation,
      })),
    );

    expect(story.history.floor).toMatchObject({ engine: 'k6', samples: expect.any(Number) });
    expect(story.history.floor?.floorMsP99).toBeGreaterThan(0);
    const { samples } = story.history;
    const rows = Array.from({ length: samples.length }, (_, row) => samples.row(row));
    const generator = generatorOf(story);
    expect(generator).toMatchObject({
      exitCode: 0,
      requests: rows.length,
      attempts: rows.length,
      strangers: 0,
    });
    const answered = rows.filter(({ requestId }) => requestId !== '').map(({ requestId }) => requestId);
    const served = Array.from({ length: story.service.length }, (_, row) => story.service.row(row))
      .filter(({ caller }) => caller !== '')
      .map(({ requestId }) => requestId);
    const [known, heard] = [new Set(served), new Set(answered)];
    const unheard = served.filter((id) => !heard.has(id));
    expect(answered.filter((id) => !known.has(id))).toEqual([]);
    // What was answered as the Region was lost: each is an attempt that heard nothing.
    expect(unheard).toHaveLength(served.length - answered.length);
    expect(unheard.length).toBeLessThanOrEqual(
      rows.filter(({ outcome }) => outcome === 'indeterminate').length,
    );
    expect(answered.length).toBeGreaterThan(300);
    expect(isAlive(k6Pid(story.events))).toBe(false);
  });

  it('that loses its k6 is inconclusive, says so by name, and counts nothing of it against STS', {
    timeout: 60_000,
  }, async () => {
    const { json, events } = await tell({
      scenario: shortOutage(),
      engine: 'k6',
      onEvent: (event) => {
        if (event.kind === 'fault.applied') process.kill(k6OfNow, 'SIGKILL');
        if (event.kind === 'process.started' && event.name === 'k6') k6OfNow = event.pid; // The last is that of the load.
      },
    });
    expect(json.verdict).toBe('inconclusive');
    expect(json.reasons.join(' ')).toContain('k6 ended in the middle of the load: SIGKILL');
    expect(isAlive(k6Pid(events))).toBe(false);
  });

  it('with a k6 that breaks off in the middle of a line and refuses to stop ends when it is told to, and leaves nothing', {
    timeout: 60_000,
  }, async () => {
    const behaviour =
      "process.on('SIGINT', () => {}); process.stdout.write('{\"metric\":\"regionfall_att'); setInterval(() => {}, 1_000);";
    useStubK6(behaviour);
    const abort = new AbortController();
    const { json, events } = await tell({
      scenario: shortOutage(),
      engine: 'k6',
      signal: abort.signal,
      onEvent: (event) => {
        if (event.kind === 'load.started') setTimeout(() => abort.abort('a test'), 1_500);
      },
    });
    expect(json.verdict).toBe('aborted');
    expect(json.counts.planned).toBe(
      json.counts.ok + json.counts.failed + json.counts.indeterminate + json.counts.dropped,
    );
    expect(json.counts.ok).toBe(0);
    expect(isAlive(k6Pid(events))).toBe(false);
  });

  it('whose k6 says nothing although calls are due is not taken for a quiet load', {
    timeout: 60_000,
  }, async () => {
    useStubK6('setInterval(() => {}, 1_000);');
    const { json } = await tell({ scenario: shortOutage(), engine: 'k6' });
    expect(json.verdict).toBe('inconclusive');
    expect(json.reasons.join(' ')).toContain('measuring has stalled');
  });

  it('is refused before anything is opened where k6 cannot do what the scenario asks', async () => {
    const faults = [
      { name: 'skew', kind: 'clock-skew', offset: '20m', target: { group: 'app' }, at: '2s', for: '2s' },
    ] as never;
    await expect(
      tell({ scenario: { ...shortOutage(), faults, expect: [] }, engine: 'k6' }),
    ).rejects.toMatchObject({
      code: 'RF-ENGINE-CANNOT',
      message: expect.stringContaining("fault 'skew'"),
    });
  });
});

let k6OfNow = 0;

/** A program that calls itself k6, asks for the start as our script does, and then behaves as it is told. */
function useStubK6(behaviour: string): void {
  const path = join(temporaryFolder('stub-k6'), 'k6');
  writeFileSync(
    path,
    `#!${process.execPath}
const { readFileSync } = require('node:fs');
if (process.argv[2] === 'version') { console.log('k6 v1.1.0 (a stub)'); process.exit(0); }
const { control, groups } = JSON.parse(readFileSync(process.env.REGIONFALL_CONFIG, 'utf8'));
// While k6's own share is measured it has nothing to say.
if (groups[0].targets[0].host.endsWith('.invalid')) process.exit(0);
fetch(control).then((answer) => answer.json()).then(() => { ${behaviour} });
`,
  );
  chmodSync(path, 0o700);
  vi.stubEnv('REGIONFALL_K6', path);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(readFileSync(path, 'utf8')).toContain(behaviour);
}
