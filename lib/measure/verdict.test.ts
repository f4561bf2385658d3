import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tableOfSamples } from '../journal/sample-table.ts';
import { EXPECTATION_KINDS, type Expectation, expectationSchema } from './expectation.ts';
import { altered, FIXTURE, fixtureHistory, fixtureRun } from './fixture-history.ts';
import { type History, historyOf } from './history.ts';
import { judge } from './verdict.ts';

const GOOD = {
  'success-ratio': {
    name: 'app is served through the outage',
    kind: 'success-ratio',
    group: 'app',
    phase: 'during',
    fault: 'outage',
    atLeast: 0.99,
  },
  recovery: {
    name: 'callers are served elsewhere',
    kind: 'recovery',
    fault: 'outage',
    group: 'app',
    milestone: 'failedOver',
    within: '5s',
  },
  'lost-requests': { name: 'nothing is lost', kind: 'lost-requests', group: 'app', atMost: 0 },
  latency: {
    name: 'quick again',
    kind: 'latency',
    group: 'app',
    phase: 'after',
    percentile: 99,
    below: '300ms',
  },
  isolation: {
    name: 'the others do not feel it',
    kind: 'isolation',
    errorIncreaseAtMost: 0.01,
    p99IncreaseAtMost: '20ms',
  },
  'error-code': {
    name: 'connections are refused',
    kind: 'error-code',
    group: 'app',
    phase: 'during',
    code: 'ECONNREFUSED',
    atLeast: 0.9,
  },
} as const satisfies Partial<Record<Expectation['kind'], Expectation>>;

const ALL = Object.values(GOOD);
const WALL: Expectation = { name: 'the wall holds', kind: 'partition-wall' };

function sentenceOf(history: History, expectation: Expectation): string {
  return judge(history, [expectation]).expectations[0]?.sentence ?? '';
}

describe('a verdict', () => {
  it('is pass, exit 0 and without reasons when all that was expected held', () => {
    const judged = judge(fixtureHistory(), ALL);
    expect(judged).toMatchObject({ verdict: 'pass', exitCode: 0, reasons: [] });
    expect(judged.expectations.map((result) => result.verdict)).toEqual(ALL.map(() => 'pass'));
  });

  it('is fail with exit 1, and says by how much', () => {
    const judged = judge(fixtureHistory(), [
      { ...GOOD.latency, phase: 'during', fault: 'outage', below: '5ms' },
    ]);
    expect(judged).toMatchObject({ verdict: 'fail', exitCode: 1 });
    expect(judged.reasons).toEqual([judged.expectations[0]?.sentence]);
    expect(judged.reasons[0]).toMatch(
      /^p99 of app during the outage was [\d.]+ ms \(95 % interval [\d.]+–[\d.]+ ms, n = 1,\d{3}\), [\d.]+ ms over the limit of 5 ms\.$/,
    );
  });

  it('is inconclusive without samples, whatever was expected', () => {
    const judged = judge(
      altered(() => []),
      ALL,
    );
    expect(judged).toMatchObject({
      verdict: 'inconclusive',
      exitCode: 5,
      reasons: ['There are no samples.'],
    });
    for (const result of judged.expectations) expect(result.verdict).toBe('inconclusive');
  });

  it('is inconclusive when no probe saw the fault bite, even where an expectation failed', () => {
    const judged = judge(fixtureHistory({ proved: false }), [{ ...GOOD.latency, below: '1ms' }]);
    expect(judged).toMatchObject({ verdict: 'inconclusive', exitCode: 5 });
    expect(judged.reasons[0]).toBe(
      'No probe saw the outage bite, so nothing shows that the run had a fault at all.',
    );
    expect(judged.reasons).toHaveLength(2);
  });

  it('is inconclusive when the generator was saturated', () => {
    expect(judge(fixtureHistory({ droppedShare: 0.03 }), ALL).reasons.join(' ')).toContain('it dropped');
    expect(judge(fixtureHistory({ lagMsMax: 60, lateShare: 0.2 }), ALL).reasons.join(' ')).toMatch(
      /^The generator was saturated: it started [\d,]+ arrivals of [\d,]+ over 50 ms late \(.* at most 5 % allowed; the worst by 60 ms\)\.$/,
    );
  });

  it('is not shaken by one stall of the machine, nor by lateness that no latency shows', () => {
    expect(judge(fixtureHistory({ lagMsMax: 60, lateShare: 0.03, droppedShare: 0.005 }), ALL).verdict).toBe(
      'pass',
    );
    expect(judge(fixtureHistory({ lagMsMax: 49, lateShare: 1 }), ALL).reasons.join(' ')).not.toContain(
      'generator',
    );
  });

  it('is inconclusive, never aborted or failed, when a part of the harness broke', () => {
    expect(judge(fixtureHistory({ failure: 'the network process ended (SIGKILL)' }), ALL)).toMatchObject({
      verdict: 'inconclusive',
      exitCode: 5,
      reasons: ['A part of the harness failed: the network process ended (SIGKILL).'],
    });
  });

  it('says so when a run was aborted before its load began', () => {
    const { events } = fixtureRun({ aborted: 'Ctrl-C' });
    const early = events.map((event) =>
      event.kind === 'load.ended'
        ? { ...event, monoUs: FIXTURE.originUs - 86_000, stoppedEarly: true }
        : event,
    );
    expect(judge(historyOf(early, tableOfSamples([])), ALL).reasons).toEqual([
      'The run was aborted before its load began: Ctrl-C.',
    ]);
  });

  it('is aborted with exit 4, and calls no expectation pass or fail', () => {
    const judged = judge(fixtureHistory({ aborted: 'Ctrl-C', proved: false }), ALL);
    expect(judged).toMatchObject({
      verdict: 'aborted',
      exitCode: 4,
      reasons: ['The run was aborted: Ctrl-C. This report covers only the time before.'],
    });
    for (const result of judged.expectations) {
      expect(result.verdict).toBe('inconclusive');
      expect(result.value).not.toBeNull();
    }
  });

  it('is inconclusive when nothing was expected', () => {
    expect(judge(fixtureHistory(), [])).toMatchObject({ verdict: 'inconclusive', exitCode: 5 });
  });

  it('is inconclusive and names the arrivals when samples are lost or doubled', () => {
    const lost = judge(
      altered((samples) => samples.filter((sample) => ![17, 803].includes(sample.arrival))),
      ALL,
    );
    expect(lost.verdict).toBe('inconclusive');
    expect(lost.reasons).toContain('Samples are missing for arrivals 17 and 803.');
    const doubled = judge(
      altered((samples) => [...samples, ...samples.slice(5, 6)]),
      ALL,
    );
    expect(doubled.reasons).toContain('Samples are duplicated for arrival 5.');
    const gapped = judge(
      altered((samples) => samples.filter((sample) => sample.errorCode === '')),
      ALL,
    );
    expect(gapped.reasons.join(' ')).toMatch(/Attempts are missing for arrivals \d+, .* and \d+ more\./);
  });

  it('never passes when any single sample is lost, doubled or told otherwise', () => {
    const { events, samples } = fixtureRun();
    const index = fc.integer({ min: 0, max: samples.length - 1 });
    fc.assert(
      fc.property(index, fc.constantFrom('lost', 'doubled', 'turned'), (at, kind) => {
        const victim = samples[at];
        if (victim === undefined) return;
        const changed =
          kind === 'lost'
            ? samples.toSpliced(at, 1)
            : kind === 'doubled'
              ? samples.toSpliced(at, 0, victim)
              : samples.toSpliced(at, 1, { ...victim, outcome: 'dropped' });
        const judged = judge(historyOf(events, tableOfSamples(changed)), [GOOD.latency]);
        expect(judged.verdict).not.toBe('pass');
      }),
      // The example: an attempt before the last, told as an arrival that was never sent.
      { numRuns: 25, examples: [[4_568, 'turned']] },
    );
  });

  it('is inconclusive when the end of the run is missing', () => {
    const { events, samples } = fixtureRun();
    const cut = events.filter((event) => event.kind !== 'load.ended');
    const judged = judge(historyOf(cut, tableOfSamples(samples)), ALL);
    expect(judged.verdict).toBe('inconclusive');
    expect(judged.reasons[0]).toContain('did not end in order');
  });

  it('is inconclusive when the fault was never applied or not seen to heal', () => {
    const { events, samples } = fixtureRun();
    const without = (...kinds: string[]) =>
      judge(
        historyOf(
          events.filter((event) => !kinds.includes(event.kind)),
          tableOfSamples(samples),
        ),
        ALL,
      );
    expect(without('fault.applied', 'fault.lifted').reasons).toContain(
      'The outage was planned but never applied.',
    );
    expect(without('fault.healed').reasons.join(' ')).toContain('No probe saw traffic go through again');
    expect(without('fault.lifted').reasons).toContain('The outage was never lifted.');
  });
});

describe('an expectation', () => {
  it('on a share is not decided by a handful of samples near the limit', () => {
    const few = altered((samples) => samples.filter((sample) => sample.arrival < 30));
    const expectation: Expectation = {
      name: 'x',
      kind: 'success-ratio',
      group: 'app',
      phase: 'all',
      atLeast: 0.95,
    };
    expect(judge(few, [expectation]).expectations[0]).toMatchObject({ verdict: 'inconclusive', value: 1 });
    expect(sentenceOf(few, expectation)).toContain('too few samples');
  });

  it('on a share may be an upper limit', () => {
    const pinned = fixtureHistory({ failover: false });
    const expectation: Expectation = {
      name: 'AssumeRole fails',
      kind: 'success-ratio',
      group: 'app',
      operation: 'AssumeRole',
      phase: 'during',
      atMost: 0.01,
    };
    expect(judge(pinned, [expectation]).verdict).toBe('pass');
    expect(sentenceOf(fixtureHistory(), expectation)).toMatch(
      /AssumeRole by app .* 99 points over the limit of 1 %/,
    );
  });

  it('on a percentile says how many samples it would take', () => {
    const few = altered((samples) => samples.filter((sample) => sample.arrival < 300));
    expect(sentenceOf(few, { ...GOOD.latency, phase: 'all' })).toMatch(/it takes at least 368\.$/);
  });

  it('on recovery fails when callers never got there, and by how much when they were slow', () => {
    expect(sentenceOf(fixtureHistory({ failover: false }), GOOD.recovery)).toMatch(
      /^6 of 6 callers of app were never served elsewhere in the 40.0 s/,
    );
    const slow = judge(fixtureHistory(), [{ ...GOOD.recovery, milestone: 'failedBack', within: '500ms' }]);
    expect(slow.verdict).toBe('fail');
    expect(slow.expectations[0]).toMatchObject({ unit: 's', limit: 0.5, n: 6 });
    expect(slow.reasons[0]).toMatch(
      /^The last of 6 callers of app was served at home again .* over the limit of 500 ms\.$/,
    );
  });

  it('on recovery is unknown for a fault that the run did not have', () => {
    const judged = judge(fixtureHistory({ outage: false }), [GOOD.recovery]);
    expect(judged.expectations[0]).toMatchObject({ verdict: 'inconclusive', n: 0 });
    expect(judged.reasons[0]).toContain('no fault named outage');
  });

  it('on lost requests counts those that ended badly and not those never sent', () => {
    const history = fixtureHistory({ failover: false, droppedShare: 0.005 });
    const lost = judge(history, [GOOD['lost-requests']]).expectations[0];
    expect(lost?.value).toBe(history.counts.failed + history.counts.indeterminate);
  });

  it('on isolation fails when a Region outside the fault feels it, and names the Region', () => {
    const leaking = altered((samples) =>
      samples.map((sample) =>
        sample.caller.startsWith('control-east') && sample.plannedUs > 21e6 && sample.plannedUs < 39e6
          ? { ...sample, endedUs: sample.endedUs + 60_000 }
          : sample,
      ),
    );
    const judged = judge(leaking, [GOOD.isolation]);
    expect(judged.verdict).toBe('fail');
    expect(judged.reasons[0]).toMatch(/^p99 of us-east-1 rose by .* over the limit of 20 ms\.$/);
  });

  it('is described by a schema for every kind', () => {
    for (const expectation of [...ALL, WALL]) {
      expect(expectationSchema.parse(expectation)).toEqual(expectation);
      expect(EXPECTATION_KINDS).toContain(expectation.kind);
    }
    expect(expectationSchema.safeParse({ ...GOOD.latency, below: 'soon' }).success).toBe(false);
    expect(expectationSchema.safeParse({ ...GOOD.latency, bellow: '1s' }).success).toBe(false);
    const { atLeast, ...limitless } = GOOD['success-ratio'];
    expect(atLeast).toBe(0.99);
    expect(expectationSchema.safeParse(limitless).success).toBe(false);
  });
});
