import { describe, expect, it } from 'vitest';
import type { Sample } from '../journal/sample.ts';
import { tableOfSamples } from '../journal/sample-table.ts';
import { FIXTURE, type FixtureOptions, fixtureHistory, fixtureRun } from './fixture-history.ts';
import { type History, historyOf } from './history.ts';
import { MILESTONE_NAMES, milestonesOf, sumOfParts } from './milestones.ts';

const ELSEWHERE = 'sts.eu-central-1.amazonaws.com';
const HOME = 'sts.eu-west-1.amazonaws.com';

/** The fixture with some samples changed. */
function altered(change: (sample: Sample) => Sample, options: FixtureOptions = {}): History {
  const { events, samples } = fixtureRun(options);
  return historyOf(events, tableOfSamples(samples.map(change)));
}

function atMs(history: History, name: string): number | undefined {
  return milestonesOf(history).find((milestone) => milestone.name === name)?.atMs;
}

describe('milestones of an outage', () => {
  const history = fixtureHistory();
  const milestones = milestonesOf(history);

  it('come in the order of the story, once for the group that was hit', () => {
    expect(milestones.map((milestone) => milestone.name)).toEqual(MILESTONE_NAMES);
    expect(new Set(milestones.map((milestone) => milestone.group))).toEqual(new Set(['app']));
    const times = milestones.map((milestone) => milestone.atMs);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
  });

  it('are what a naive reading of the samples gives', () => {
    const rows = fixtureRun().samples.filter((sample) => sample.caller.startsWith('app-'));
    const min = (list: readonly number[]) => Math.min(...list) / 1_000;
    const failures = rows.filter((sample) => sample.outcome === 'failed');
    const away = rows.filter((sample) => sample.endpoint === ELSEWHERE);
    const back = rows.filter((sample) => sample.endpoint === HOME && sample.endedUs > FIXTURE.liftedUs);
    expect(atMs(history, 'firstFailure')).toBe(min(failures.map((sample) => sample.endedUs)));
    expect(atMs(history, 'detected')).toBe(min(away.map((sample) => sample.startedUs)));
    expect(atMs(history, 'failedOver')).toBe(min(away.map((sample) => sample.endedUs)));
    expect(atMs(history, 'lifted')).toBe(FIXTURE.liftedUs / 1_000);
    const homecomings = back.filter((sample) => sample.outcome === 'ok').map((sample) => sample.endedUs);
    expect(atMs(history, 'failedBack')).toBe(min(homecomings));
  });

  it('say what their uncertainty is made of', () => {
    for (const milestone of milestones) expect(milestone.uncertaintyMs).toBe(sumOfParts(milestone.parts));
    const failedOver = milestones.find((milestone) => milestone.name === 'failedOver');
    expect(failedOver?.parts).toMatchObject({ orderMs: 2.4, timerMs: 1, roundTripMs: 24.8 });
    expect(failedOver?.parts.arrivalMs).toBeCloseTo(1_000 / 60, 0);
    const lifted = milestones.find((milestone) => milestone.name === 'lifted');
    expect(lifted?.parts).toEqual({ orderMs: 3.1, arrivalMs: 0, timerMs: 1, roundTripMs: 0 });
  });

  it('point at the sample that marks them', () => {
    const failedOver = milestones.find((milestone) => milestone.name === 'failedOver');
    const sample = history.samples.row(failedOver?.row ?? -1);
    expect(sample).toMatchObject({ endpoint: ELSEWHERE, outcome: 'ok', caller: failedOver?.caller });
  });

  it('ignore a failure that came before the fault', () => {
    const early = altered((sample) =>
      sample.caller === 'app-1' && sample.endedUs < 1_000_000 ? { ...sample, outcome: 'failed' } : sample,
    );
    expect(atMs(early, 'firstFailure')).toBe(atMs(history, 'firstFailure'));
  });

  it('ignore a success elsewhere that a caller had before it failed', () => {
    const stray = altered((sample) =>
      sample.caller === 'app-1' && sample.plannedUs < 20_000_000 && sample.plannedUs > 19_000_000
        ? { ...sample, endpoint: ELSEWHERE, servingRegion: 'eu-central-1' }
        : sample,
    );
    expect(atMs(stray, 'failedOver')).toBe(atMs(history, 'failedOver'));
  });

  it('have neither detection nor failover when callers have nowhere to go', () => {
    const pinned = milestonesOf(fixtureHistory({ failover: false })).map((milestone) => milestone.name);
    expect(pinned).toEqual(['firstFailure', 'lifted', 'failedBack', 'steady']);
  });

  it('are only the lift when the fault was on but hurt nobody', () => {
    const unhurt = altered((sample) => ({ ...sample, outcome: 'ok' }));
    expect(milestonesOf(unhurt).map((milestone) => milestone.name)).not.toContain('firstFailure');
  });

  it('do not exist without a fault', () => {
    expect(milestonesOf(fixtureHistory({ outage: false }))).toEqual([]);
  });
});

describe('steady', () => {
  it('waits for the last failure that spoils a second', () => {
    const spoiled = altered((sample) =>
      sample.caller.startsWith('app-') && sample.plannedUs > 50_000_000 && sample.plannedUs < 50_200_000
        ? { ...sample, outcome: 'failed' }
        : sample,
    );
    const steady = atMs(spoiled, 'steady') ?? 0;
    expect(steady).toBeGreaterThan(50_000);
    expect(steady).toBeLessThan(51_000);
  });

  it('is not reached while somebody is still served elsewhere', () => {
    const away = altered((sample) =>
      sample.caller === 'app-1' && sample.plannedUs > FIXTURE.liftedUs
        ? { ...sample, endpoint: ELSEWHERE, servingRegion: 'eu-central-1' }
        : sample,
    );
    expect(atMs(away, 'steady')).toBeUndefined();
  });

  it('is not claimed when the run ends within a second of it', () => {
    const late = altered((sample) =>
      sample.caller.startsWith('app-') && sample.plannedUs > 58_900_000 && sample.plannedUs < 59_300_000
        ? { ...sample, outcome: 'failed' }
        : sample,
    );
    expect(atMs(late, 'steady')).toBeUndefined();
  });
});
