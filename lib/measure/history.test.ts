import { describe, expect, it } from 'vitest';
import { tableOfSamples } from '../journal/sample-table.ts';
import { arrivalsOf, countsOfArrivals } from './arrivals.ts';
import { FIXTURE, fixtureHistory, fixtureRun } from './fixture-history.ts';
import { faultedLinks, groupsOf, historyOf, homeLink } from './history.ts';
import { arrivalsIn, PHASE_GUARD_US, phasesOf, spansOf } from './phases.ts';
import { windowsOf } from './windows.ts';

describe('a history', () => {
  const history = fixtureHistory();

  it('puts every time on the clock of the run', () => {
    expect(history.faults).toHaveLength(1);
    expect(history.faults[0]).toMatchObject({
      name: 'outage',
      appliedRequestedUs: FIXTURE.appliedRequestedUs,
      appliedUs: FIXTURE.appliedUs,
      liftedRequestedUs: FIXTURE.liftedRequestedUs,
      liftedUs: FIXTURE.liftedUs,
      proved: true,
      healed: true,
    });
    expect(history.faults[0]?.probes.map((probe) => probe.phase)).toEqual(['before', 'during', 'after']);
  });

  it('knows each caller and its way home', () => {
    expect(groupsOf(history)).toEqual(['app', 'control-central', 'control-east', 'control-global']);
    const caller = history.callers.get('app-1');
    expect(caller && homeLink(history, caller)?.id).toBe('eu-west-1->sts.eu-west-1.amazonaws.com');
  });

  it('takes the links into a Region for a fault that names none', () => {
    const [fault] = history.faults;
    if (fault === undefined) throw new Error('the fixture has no fault');
    const links = faultedLinks(history, { ...fault, links: [] });
    expect([...links].sort()).toEqual([...fault.links].sort());
  });

  it('lasts no longer than load was sent', () => {
    const { events, samples } = fixtureRun();
    const untilUs = 30_000_000;
    const table = tableOfSamples(samples.filter((sample) => sample.endedUs < untilUs));
    const stopped = events.map((event) =>
      event.kind === 'load.ended'
        ? { ...event, stoppedEarly: true, monoUs: FIXTURE.originUs + untilUs }
        : event,
    );
    expect(historyOf(stopped, table)).toMatchObject({
      durationUs: untilUs,
      plannedDurationUs: FIXTURE.durationUs,
    });
    const killed = historyOf(
      events.filter(({ kind }) => kind !== 'load.ended'),
      table,
    );
    expect(killed.durationUs).toBeGreaterThan(untilUs - 500_000);
    expect(killed.durationUs).toBeLessThan(untilUs);
    expect(history.durationUs).toBe(history.plannedDurationUs);
  });

  it('is the same for the same seed and another for another', () => {
    expect(fixtureRun()).toEqual(fixtureRun());
    expect(fixtureRun({ seed: 8 }).samples).not.toEqual(fixtureRun().samples);
  });

  it('without an orderly end counts from the samples and is not complete', () => {
    const { events, samples } = fixtureRun();
    const cut = historyOf(
      events.filter((event) => event.kind !== 'load.ended'),
      tableOfSamples(samples.slice(0, 100)),
    );
    expect(cut.complete).toBe(false);
    expect(cut.generator.attempts).toBeNull();
    expect(cut.counts).toEqual(countsOfArrivals(arrivalsOf(cut)));
  });

  it('of nothing is empty and no error', () => {
    const empty = historyOf([], tableOfSamples([]));
    expect(empty).toMatchObject({ complete: false, durationUs: 0, faults: [], counts: { planned: 0 } });
  });

  it('says who ended it early', () => {
    expect(fixtureHistory({ aborted: 'Ctrl-C' }).aborted).toBe('Ctrl-C');
    expect('aborted' in history).toBe(false);
  });
});

describe('arrivals', () => {
  it('carry the outcome of their last attempt and latency from the planned moment', () => {
    const history = fixtureHistory();
    const retried = arrivalsOf(history).find((arrival) => arrival.rows.length === 2);
    if (retried === undefined) throw new Error('nobody retried');
    expect(retried).toMatchObject({
      outcome: 'ok',
      servingRegion: 'eu-central-1',
      errorCode: '',
      endpoints: ['sts.eu-west-1.amazonaws.com', 'sts.eu-central-1.amazonaws.com'],
    });
    expect(retried.latencyUs).toBe(retried.endedUs - retried.plannedUs);
    expect(retried.latencyUs).toBeGreaterThan(retried.endedUs - retried.startedUs);
  });

  it('do not depend on the order of the rows', () => {
    const { samples } = fixtureRun();
    const forwards = arrivalsOf(historyOf([], tableOfSamples(samples)));
    const backwards = arrivalsOf(historyOf([], tableOfSamples(samples.toReversed())));
    const plain = ({ rows, ...rest }: (typeof forwards)[number]) => ({ ...rest, attempts: rows.length });
    expect(backwards.map(plain)).toEqual(forwards.map(plain));
  });
});

describe('phases', () => {
  it('leave out a guard before the fault, the orders themselves, and a guard after the lift', () => {
    expect(phasesOf(fixtureHistory())).toEqual([
      {
        fault: 'outage',
        before: { fromUs: 0, toUs: FIXTURE.appliedRequestedUs - PHASE_GUARD_US },
        during: { fromUs: FIXTURE.appliedUs, toUs: FIXTURE.liftedRequestedUs },
        after: { fromUs: FIXTURE.liftedUs + PHASE_GUARD_US, toUs: FIXTURE.durationUs },
      },
    ]);
  });

  it('of a run without faults do not exist, but the whole run does', () => {
    const history = fixtureHistory({ outage: false });
    expect(spansOf(history, 'during')).toEqual([]);
    expect(arrivalsIn(arrivalsOf(history), spansOf(history, 'all'))).toHaveLength(history.counts.planned);
  });

  it('of two faults in turn keep out of each other', () => {
    const history = fixtureHistory();
    const [first] = history.faults;
    if (first === undefined) throw new Error('the fixture has no fault');
    const second = {
      ...first,
      name: 'second',
      appliedRequestedUs: 50_000_000,
      appliedUs: 50_001_000,
      liftedRequestedUs: 55_000_000,
      liftedUs: 55_001_000,
    };
    const both = { ...history, faults: [first, second] };
    const [one, two] = phasesOf(both);
    expect(one?.after?.toUs).toBe(50_000_000 - PHASE_GUARD_US);
    expect(two?.before?.fromUs).toBe(FIXTURE.liftedUs + PHASE_GUARD_US);
    expect(spansOf(both, 'before')).toEqual([one?.before]);
    expect(spansOf(both, 'during')).toHaveLength(2);
    expect(spansOf(both, 'after')).toEqual([two?.after]);
  });

  it('of two faults at once have no before of the later one', () => {
    const history = fixtureHistory();
    const [first] = history.faults;
    if (first === undefined) throw new Error('the fixture has no fault');
    const inner = { ...first, name: 'inner', appliedRequestedUs: 25_000_000, appliedUs: 25_001_000 };
    const phases = phasesOf({ ...history, faults: [first, inner] });
    expect(phases[1]?.before).toBeNull();
    expect(phases[1]?.during).not.toBeNull();
  });
});

describe('windows', () => {
  it('hold every arrival exactly once', () => {
    const history = fixtureHistory({ droppedShare: 0.05 });
    const rows = windowsOf(arrivalsOf(history), {
      durationUs: history.durationUs,
      key: (arrival) => history.callers.get(arrival.caller)?.group,
    });
    expect(rows).toHaveLength(4 * 60);
    const total = (field: 'planned' | 'ok' | 'dropped') => rows.reduce((sum, row) => sum + row[field], 0);
    expect(total('planned')).toBe(history.counts.planned);
    expect(total('ok')).toBe(history.counts.ok);
    expect(total('dropped')).toBe(history.counts.dropped);
    expect(rows.reduce((sum, row) => sum + (row.latency?.n ?? 0), 0)).toBe(history.counts.ok);
  });

  it('show who served', () => {
    const history = fixtureHistory();
    const [row] = windowsOf(arrivalsOf(history), {
      durationUs: history.durationUs,
      key: (arrival) => (arrival.caller.startsWith('app') && arrival.plannedUs > 30e6 ? 'app' : undefined),
    }).filter((candidate) => candidate.fromUs === 30_000_000);
    expect(row?.byServingRegion).toEqual({ 'eu-central-1': row?.ok });
  });
});
