import { describe, expect, it } from 'vitest';
import type { Sample } from '../../lib/journal/sample.ts';
import { tableOfSamples } from '../../lib/journal/sample-table.ts';
import { FIXTURE, fixtureHistory, fixtureRun } from '../../lib/measure/fixture-history.ts';
import { historyOf } from '../../lib/measure/history.ts';
import { timeAxisOf } from '../page/time-axis.ts';
import { failoverHeadline, journeyFinding, lostSentence, retriesFinding, shareFinding } from './findings.ts';
import { failoverModel } from './model.ts';

function modelOf(options: Parameters<typeof fixtureHistory>[0] = {}) {
  const history = fixtureHistory(options);
  return { history, model: failoverModel(history, timeAxisOf(history)) };
}

describe('the failover model', () => {
  const { history, model } = modelOf();

  it('tells callers that hang in a silence from callers that are served', () => {
    const { events, samples } = fixtureRun({ failover: false });
    const hanging = historyOf(
      events.map((event) =>
        event.kind === 'load.started'
          ? { ...event, callers: event.callers.map((caller) => ({ ...caller, attemptTimeLimitMs: null })) }
          : event,
      ),
      tableOfSamples(
        samples.map((sample) =>
          sample.outcome === 'failed' ? { ...sample, endedUs: FIXTURE.liftedUs } : sample,
        ),
      ),
    );
    const told = failoverModel(hanging, timeAxisOf(hanging));
    const [journey] = told.journeys;
    const waiting = journey?.lane.find(({ state }) => state === 'waiting');
    expect(waiting?.fromUs).toBeGreaterThan(FIXTURE.appliedRequestedUs - 1_000_000);
    expect(waiting?.fromUs).toBeLessThan(FIXTURE.appliedUs + 1_000_000);
    expect(waiting?.toUs).toBe(FIXTURE.liftedUs);
    expect(failoverHeadline(told)).toMatch(
      /^Callers of app hung for up to (19\.\d|20\.0) s, having no time limit; they saw the first failure/,
    );
  });

  it('claims nothing for the time after the last sample of a run that broke off', () => {
    const { events, samples } = fixtureRun();
    const broken = historyOf(
      events.filter(({ kind }) => kind !== 'load.ended' && kind !== 'fault.lifted'),
      tableOfSamples(samples.filter(({ endedUs }) => endedUs < 19_000_000)),
    );
    const told = failoverModel(broken, timeAxisOf(broken));
    expect(told.journeys[0]?.lane.at(-1)?.toUs).toBeLessThan(19_000_000);
    expect(failoverHeadline(told)).toMatch(
      /have no failure on record\. None of the [\d,]+ requests on record/,
    );
  });

  it('lets every arrival end somewhere: served, lost or dropped', () => {
    for (const options of [{}, { failover: false }, { droppedShare: 0.2 }]) {
      const { history: run, model: told } = modelOf(options);
      const buckets = told.shares.flatMap((group) => group.buckets);
      for (const { planned, byRegion, lost, dropped } of buckets) {
        const served = Object.values(byRegion).reduce((sum, amount) => sum + amount, 0);
        expect(served + lost + dropped).toBe(planned);
      }
      expect(buckets.reduce((sum, { planned }) => sum + planned, 0)).toBe(run.counts.planned);
      expect(told.losses.reduce((sum, { failed }) => sum + failed, 0)).toBe(run.counts.failed);
    }
  });

  it('draws a lane that covers the run without a gap, from home to home', () => {
    const [journey] = model.journeys;
    const lane = journey?.lane ?? [];
    expect(lane.map(({ state }) => state)).toEqual(['home', 'failing', 'elsewhere', 'home']);
    expect(lane[0]?.fromUs).toBe(0);
    expect(lane.at(-1)?.toUs).toBe(history.durationUs);
    lane.slice(1).forEach((segment, index) => {
      expect(segment.fromUs).toBe(lane[index]?.toUs);
    });
  });

  it('counts steps from the fault up to the service elsewhere, and from the lift after it', () => {
    const steps = model.journeys[0]?.steps ?? [];
    for (const { milestone, since, afterUs } of steps) {
      const fromUs = since === 'applied' ? FIXTURE.appliedUs : FIXTURE.liftedUs;
      expect(afterUs).toBeCloseTo(milestone.atMs * 1_000 - fromUs, 3);
    }
    const names = steps.filter(({ since }) => since === 'lifted').map(({ milestone }) => milestone.name);
    expect(names).toEqual(['failedBack', 'steady']);
  });

  it('starts each step at the first of the callers', () => {
    const perCaller = (model.journeys[0]?.steps ?? []).filter(
      ({ callersAfterUs }) => callersAfterUs.length > 0,
    );
    expect(perCaller.length).toBe(4);
    for (const { afterUs, callersAfterUs } of perCaller) {
      expect(callersAfterUs[0]).toBeCloseTo(afterUs ?? Number.NaN, 3);
      expect(callersAfterUs.length).toBe(6);
    }
  });

  it('keeps callers with nowhere to go failing until the lift', () => {
    const { model: stranded } = modelOf({ failover: false });
    expect(stranded.journeys[0]?.lane.map(({ state }) => state)).toEqual(['home', 'failing', 'home']);
    expect(stranded.losses.find(({ group }) => group === 'app')?.codes[0]?.code).toBe('ECONNREFUSED');
  });
});

describe('requests that nobody answered', () => {
  it('are lost, as are refused ones', () => {
    const { events, samples } = fixtureRun({ failover: false });
    const silent = samples.map(
      (sample): Sample =>
        sample.outcome === 'failed'
          ? { ...sample, outcome: 'indeterminate', errorCode: 'UNANSWERED' }
          : sample,
    );
    const history = historyOf(events, tableOfSamples(silent));
    const { shares, losses } = failoverModel(history, timeAxisOf(history));
    const unanswered = silent.filter(({ outcome }) => outcome === 'indeterminate').length;
    const lost = shares.flatMap(({ buckets }) => buckets).reduce((sum, bucket) => sum + bucket.lost, 0);
    expect(lost).toBe(unanswered);
    expect(losses[0]).toMatchObject({
      failed: 0,
      indeterminate: unanswered,
      codes: [{ code: 'UNANSWERED' }],
    });
  });
});

describe('the findings on failover', () => {
  it('say when callers noticed, were served and came home, and that nothing was lost', () => {
    const { model } = modelOf();
    expect(failoverHeadline(model)).toMatch(
      /^Callers of app saw the first failure after .*were served there after .*None of [\d,]+ requests was lost\.$/,
    );
    expect(journeyFinding(model.journeys)).toMatch(
      /^Slowest caller served elsewhere: app after [\d.]+ m?s; back home after the lift: app after [\d.]+ m?s$/,
    );
    expect(shareFinding(model.shares)).toBe(
      'app moved between Regions; the other 3 groups stayed where they were',
    );
    expect(retriesFinding(model.losses)).toMatch(/^\d+ requests needed more than one attempt: \d+ of app$/);
  });

  it('say what was lost and that nobody was served elsewhere', () => {
    const { model } = modelOf({ failover: false });
    expect(failoverHeadline(model)).toContain('and were never served elsewhere');
    expect(lostSentence(model)).toMatch(/^[\d,]+ of 9,006 requests \(\d+\.\d %\) were lost\.$/);
    expect(journeyFinding(model.journeys)).toMatch(
      /^Nobody was served elsewhere; back home after the lift: app after/,
    );
  });
});
