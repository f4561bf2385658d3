import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openRunFolder } from '../lib/journal/run-folder.ts';
import type { Sample } from '../lib/journal/sample.ts';
import { type MilestoneName, milestonesOf } from '../lib/measure/milestones.ts';
import { type Story, shortOutage, tell } from './story.ts';

const APP = /^app-/;

/** CI takes twenty, in a step of their own. */
const SEEDS = Number(process.env['REGIONFALL_SEEDS'] ?? 1);

describe('a run through a Region’s outage', () => {
  it('passes, keeps its books to the request, and leaves a sealed folder', { timeout: 60_000 }, async () => {
    const { json, exitCode, folder, history, service, events } = await tell({ scenario: shortOutage() });
    expect(json).toMatchObject({
      schema: 1,
      verdict: 'pass',
      scenario: 'short-outage',
      seed: 7,
      engine: 'embedded',
    });
    expect(exitCode).toBe(0);

    const { planned, ok, failed, indeterminate, dropped } = json.counts;
    expect(planned).toBe(ok + failed + indeterminate + dropped);
    expect(planned).toBeGreaterThan(300);
    const rows = Array.from({ length: history.samples.length }, (_, index) => history.samples.row(index));
    const last = new Map(
      rows.toSorted((a, b) => a.attempt - b.attempt).map((row) => [row.arrival, row.outcome]),
    );
    expect(last.size).toBe(planned);
    expect([...last.values()].filter((outcome) => outcome === 'ok')).toHaveLength(ok);

    // Every answer that a caller holds is one the service gave. What it gave besides was lost on a link that was cut.
    const answered = rows.filter((row) => row.status > 0).map((row) => row.requestId);
    const given = Array.from({ length: service.length }, (_, index) => service.row(index)).filter(
      (row) => row.caller !== '',
    );
    expect(new Set(answered).size).toBe(answered.length);
    const known = new Set(given.map((row) => row.requestId));
    expect(answered.filter((requestId) => !known.has(requestId))).toEqual([]);
    const lost = rows.filter((row) => row.outcome === 'indeterminate').length;
    expect(known.size - answered.length).toBeLessThanOrEqual(lost);

    expect(events.filter((event) => event.kind.startsWith('fault.')).map((event) => event.kind)).toEqual([
      'fault.planned',
      'fault.probed',
      'fault.applied',
      'fault.probed',
      'fault.lifted',
      'fault.probed',
      'fault.healed',
    ]);
    expect(await openRunFolder(folder)).toMatchObject({ complete: true, unlisted: [] });
    expect(JSON.parse(readFileSync(json.reports.json, 'utf8'))).toMatchObject({ schema: 1, verdict: 'pass' });
    const secrets = readFileSync(json.reports.html, 'utf8') + readFileSync(`${folder}/events.ndjson`, 'utf8');
    expect(secrets).not.toMatch(/secretAccessKey|adminToken|PRIVATE KEY/);
  });

  it(`tells milestones that agree with the service’s own log, within their uncertainty, for ${SEEDS} ${SEEDS === 1 ? 'seed' : 'seeds'}`, {
    timeout: 240_000,
  }, async () => {
    // A few at a time: side by side they would measure each other.
    const seeds = Array.from({ length: SEEDS }, (_, index) => index + 1);
    for (let index = 0; index < seeds.length; index += 3) {
      await Promise.all(seeds.slice(index, index + 3).map(checkSeed));
    }
  });
});

/** One operation only: a milestone counts those that had failed, and the service cannot know which had. */
const ASSUME_ROLE = shortOutage({
  load: {
    ...shortOutage().load,
    groups: shortOutage().load.groups.map((group) => ({ ...group, operations: { AssumeRole: 1 } })),
  },
});

async function checkSeed(seed: number): Promise<void> {
  const story = await tell({ scenario: ASSUME_ROLE, seed });
  const milestones = new Map(
    milestonesOf(story.history)
      .filter((milestone) => milestone.group === 'app')
      .map((milestone) => [milestone.name, milestone]),
  );
  for (const [name, seenByServiceMs] of Object.entries(truthOf(story))) {
    const milestone = milestones.get(name as MilestoneName);
    const difference = Math.abs((milestone?.atMs ?? Number.NaN) - seenByServiceMs);
    expect
      .soft(
        difference,
        `seed ${seed}: ${name} at ${milestone?.atMs} ms, the service says ${seenByServiceMs} ms`,
      )
      .toBeLessThanOrEqual(milestone?.uncertaintyMs ?? 0);
  }
  expect.soft(servedInVain(story), `seed ${seed}`).toEqual([]);
}

/** The same moments from what the emulated service wrote down itself, without a look at any sample. */
function truthOf({ service, history }: Story): Partial<Record<MilestoneName, number>> {
  const fault = history.faults[0];
  const rows = Array.from({ length: service.length }, (_, index) => service.row(index)).filter(
    (row) => APP.test(row.caller) && row.errorCode === '',
  );
  const first = (region: string, fromUs: number): number =>
    Math.min(
      ...rows.filter((row) => row.region === region && row.endedUs >= fromUs).map((row) => row.endedUs),
    ) / 1_000;
  return {
    failedOver: first('eu-central-1', fault?.appliedRequestedUs ?? Number.NaN),
    failedBack: first('eu-west-1', fault?.liftedRequestedUs ?? Number.NaN),
  };
}

/** Attempts begun while the fault was surely in force and answered from home before it was lifted: there are none. */
function servedInVain({ history }: Story): readonly Sample[] {
  const fault = history.faults[0];
  const rows = Array.from({ length: history.samples.length }, (_, index) => history.samples.row(index));
  return rows.filter(
    (row) =>
      row.servingRegion === 'eu-west-1' &&
      row.startedUs > (fault?.appliedUs ?? Number.NaN) &&
      row.endedUs < (fault?.liftedRequestedUs ?? Number.NaN),
  );
}
