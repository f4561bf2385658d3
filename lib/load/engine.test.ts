import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PolicySpec, type RefreshPolicySpec, timeLimitMsOf } from '../failover/spec.ts';
import { answered, type FakeAnswer, REFUSED } from './fake-transport.ts';
import { homeIll, MS, OK, type Rehearsal, rehearse, SECOND } from './rehearsal.ts';
import type { AttemptOrder } from './transport.ts';

const illnessArbitrary = fc.oneof(
  fc.constant<FakeAnswer>('silence'),
  fc.constant<FakeAnswer>({ afterUs: 1 * MS, result: REFUSED }),
  fc.record({
    afterUs: fc.integer({ min: 0, max: 3 * SECOND }),
    result: fc.constantFrom(
      answered(503, 'ServiceUnavailable'),
      answered(400, 'Throttling'),
      answered(403, 'AccessDenied'),
      answered(200),
    ),
  }),
);

const limitArbitrary = fc.option(fc.integer({ min: 1, max: 3_000 }));
const endpointsArbitrary = (min: number) =>
  fc.integer({ min, max: 3 }).map((count) => ['home', 'away', 'far'].slice(0, count));
const failBackArbitrary = {
  failBackAfterMs: fc.integer({ min: 100, max: 6_000 }),
  failBackAnswers: fc.integer({ min: 1, max: 3 }),
};
const budgetArbitrary = fc.option(
  fc.record({ ratio: fc.double({ min: 0, max: 1, noNaN: true }), burst: fc.integer({ min: 0, max: 5 }) }),
  { nil: undefined },
);

const askingArbitrary: fc.Arbitrary<RefreshPolicySpec> = fc.oneof(
  fc.record({
    kind: fc.constant('pinned' as const),
    endpoint: fc.constant('home'),
    attemptTimeLimitMs: limitArbitrary,
  }),
  fc.record({
    kind: fc.constant('ordered' as const),
    endpoints: endpointsArbitrary(1),
    attemptTimeLimitMs: limitArbitrary,
    ...failBackArbitrary,
    retryBudget: budgetArbitrary,
  }),
  fc.record({
    kind: fc.constant('nearest' as const),
    endpoints: endpointsArbitrary(2),
    attemptTimeLimitMs: limitArbitrary,
    ...failBackArbitrary,
    margin: fc.double({ min: 0, max: 0.9, noNaN: true }),
    measureAgainAfterMs: fc.integer({ min: 100, max: 10_000 }),
    retryBudget: budgetArbitrary,
  }),
  fc.record({
    kind: fc.constant('hedged' as const),
    endpoints: endpointsArbitrary(2),
    attemptTimeLimitMs: limitArbitrary,
    ...failBackArbitrary,
    hedgeAfterMs: fc.integer({ min: 1, max: 2_000 }),
    liveAttemptsAtMost: fc.integer({ min: 2, max: 3 }),
    retryBudget: budgetArbitrary,
  }),
  fc.record({
    kind: fc.constant('circuit-breaker' as const),
    endpoints: endpointsArbitrary(1),
    attemptTimeLimitMs: limitArbitrary,
    openAfterFailures: fc.integer({ min: 1, max: 4 }),
    halfOpenAfterMs: fc.integer({ min: 100, max: 6_000 }),
    closeAfterAnswers: fc.integer({ min: 1, max: 3 }),
    retryBudget: budgetArbitrary,
  }),
);

const policyArbitrary: fc.Arbitrary<PolicySpec> = fc.oneof(
  { weight: 4, arbitrary: askingArbitrary },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('cached' as const),
      refresh: askingArbitrary,
      lifetimeMs: fc.integer({ min: 1_000, max: 6_000 }),
      refreshAheadMs: fc.integer({ min: 100, max: 450 }),
      jitter: fc.double({ min: 0, max: 1, noNaN: true }),
      retryAfterMs: fc.integer({ min: 100, max: 2_000 }),
    }),
  },
);

/** Any service at all: each endpoint changes its mind a few times. */
const rehearsalArbitrary: fc.Arbitrary<Rehearsal> = fc
  .record({
    policy: policyArbitrary,
    callers: fc.integer({ min: 1, max: 4 }),
    ratePerSecond: fc.integer({ min: 1, max: 40 }),
    seed: fc.integer(),
    durationUs: fc.integer({ min: 1, max: 15 * SECOND }),
    drainUs: fc.integer({ min: 0, max: 3 * SECOND }),
    maxInFlight: fc.constantFrom(1, 5, 10_000),
    stopUs: fc.option(fc.integer({ min: 0, max: 20 * SECOND }), { nil: Number.NaN }),
    stall: fc.record({ fromUs: fc.nat(10 * SECOND), forUs: fc.nat(2 * SECOND) }),
    moods: fc.array(illnessArbitrary, { minLength: 1, maxLength: 8 }),
  })
  .map(({ moods, stopUs, ...rest }) => ({
    ...rest,
    ...(Number.isNaN(stopUs) ? {} : { stopUs }),
    service: ({ host }: AttemptOrder, nowUs: number) =>
      moods[(Math.floor(nowUs / (2 * SECOND)) + host.length) % moods.length] ?? OK,
  }));

describe('the engine', () => {
  it('accounts for every arrival that fell due, whatever the service does', () => {
    fc.assert(
      fc.property(rehearsalArbitrary, (rehearsal) => {
        const { ended, rows, byArrival, arrivals, progress } = rehearse(rehearsal);
        const { planned, ok, failed, indeterminate, dropped } = ended.counts;
        expect(planned).toBe(ok + failed + indeterminate + dropped);
        const due =
          rehearsal.stopUs === undefined || !ended.stoppedEarly ? Number.POSITIVE_INFINITY : rehearsal.stopUs;
        expect(planned).toBe(arrivals.filter(({ plannedUs }) => plannedUs <= due).length);
        expect(byArrival.size).toBe(planned);
        expect(rows.filter(({ endpoint }) => endpoint !== '')).toHaveLength(ended.attempts);
        const finals = [...byArrival.values()].map((attempts) => attempts.at(-1)?.outcome);
        for (const outcome of ['ok', 'failed', 'indeterminate', 'dropped'] as const) {
          expect(finals.filter((one) => one === outcome)).toHaveLength(ended.counts[outcome]);
        }
        expect(progress.at(-1)?.counts).toEqual(ended.counts);
        const seconds = progress.flatMap(({ perGroup }) => Object.values(perGroup));
        const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
        expect(sum(seconds.map((second) => second.ok))).toBe(ok);
        expect(sum(seconds.map((second) => second.notOk))).toBe(failed + indeterminate + dropped);
        expect(sum(seconds.flatMap(({ latencies }) => Object.values(latencies)))).toBe(planned - dropped);
        const links = progress.flatMap(({ perLink }) => Object.values(perLink));
        expect(sum(links.map((link) => link.ok + link.failed))).toBe(ended.attempts);
      }),
    );
  });

  it('never lets an attempt live beyond its limit nor an arrival try an endpoint twice', () => {
    fc.assert(
      fc.property(rehearsalArbitrary, (rehearsal) => {
        const { byArrival } = rehearse({ ...rehearsal, stall: { fromUs: 0, forUs: 0 } });
        const limitMs =
          (rehearsal.policy === undefined ? null : timeLimitMsOf(rehearsal.policy)) ??
          Number.POSITIVE_INFINITY;
        for (const attempts of byArrival.values()) {
          const endpoints = attempts.map(({ endpoint }) => endpoint);
          expect(new Set(endpoints).size).toBe(endpoints.length);
          expect(attempts.map(({ attempt }) => attempt)).toEqual(endpoints.map((_, index) => index + 1));
          for (const { startedUs, endedUs } of attempts) {
            expect(endedUs - startedUs).toBeLessThanOrEqual(limitMs * MS);
          }
        }
      }),
    );
  });

  it('measures from the planned moment and goes on asking while the service is slow', () => {
    const stallFromUs = 5 * SECOND;
    const stallToUs = 9 * SECOND;
    const { byArrival, ended } = rehearse({
      policy: { kind: 'pinned', endpoint: 'home', attemptTimeLimitMs: null },
      arrivals: 'even',
      ratePerSecond: 10,
      service: (_, nowUs) =>
        nowUs >= stallFromUs && nowUs < stallToUs
          ? { afterUs: stallToUs - nowUs, result: answered(200) }
          : OK,
    });
    const stalled = [...byArrival.values()].flat().filter((row) => row.endedUs - row.plannedUs > 10 * MS);
    // A closed loop of three callers would have three slow samples; the plan has one every tenth of a second.
    expect(stalled).toHaveLength(40);
    const latencies = stalled.map((row) => row.endedUs - row.plannedUs).toSorted((a, b) => a - b);
    expect(latencies[20]).toBeGreaterThan(1.9 * SECOND);
    expect(latencies[20]).toBeLessThan(2.1 * SECOND);
    expect(ended.counts.ok).toBe(200);
  });

  it('drops what its transport has no room for', () => {
    let sent = 0;
    const { ended } = rehearse({
      arrivals: 'even',
      ratePerSecond: 10,
      durationUs: 2 * SECOND,
      isFull: () => sent >= 5,
      service: () => {
        sent += 1;
        return OK;
      },
    });
    expect(ended.counts).toMatchObject({ planned: 20, ok: 5, dropped: 15 });
  });

  it('takes an answer that decides a call for its outcome, whatever is still under way', () => {
    const { byArrival, ended } = rehearse({
      policy: {
        kind: 'hedged',
        endpoints: ['home', 'away'],
        attemptTimeLimitMs: 1_000,
        failBackAfterMs: 5_000,
        hedgeAfterMs: 50,
        liveAttemptsAtMost: 2,
      },
      arrivals: 'even',
      ratePerSecond: 1,
      durationUs: SECOND,
      service: ({ host }) =>
        host === 'sts.home.test' ? 'silence' : { afterUs: 10 * MS, result: answered(403, 'AccessDenied') },
    });
    const [rows = []] = [...byArrival.values()];
    expect(rows.map(({ endpoint, errorCode }) => [endpoint, errorCode])).toEqual([
      ['sts.home.test', 'SUPERSEDED'],
      ['sts.away.test', 'AccessDenied'],
    ]);
    expect(ended.counts).toMatchObject({ failed: 1, indeterminate: 0 });
  });

  it('serves a call from what its caller holds without asking anybody', () => {
    const { rows, ended } = rehearse({
      policy: {
        kind: 'cached',
        refresh: { kind: 'pinned', endpoint: 'home', attemptTimeLimitMs: 1_000 },
        lifetimeMs: 60_000,
        refreshAheadMs: 1_000,
        jitter: 0,
        retryAfterMs: 1_000,
      },
      callers: 1,
      arrivals: 'even',
      ratePerSecond: 2,
      durationUs: 5 * SECOND,
      service: homeIll(2 * SECOND, 4 * SECOND, 'silence'),
    });
    expect(rows.filter(({ endpoint }) => endpoint !== '')).toHaveLength(1);
    expect(ended).toMatchObject({ attempts: 1, counts: { planned: 10, ok: 10 } });
  });

  it('starts late after a stall of its own and says how late it was', () => {
    const { rows, ended, progress } = rehearse({
      arrivals: 'even',
      stall: { fromUs: 5.25 * SECOND, forUs: 0.5 * SECOND },
      service: () => OK,
    });
    const worst = Math.max(...rows.map((row) => row.startedUs - row.plannedUs));
    expect(worst).toBeGreaterThan(0.4 * SECOND);
    expect(ended.lagMsMax).toBe(worst / MS);
    expect(ended.counts.dropped).toBe(0);
    expect(progress.map(({ lagMsMax }) => lagMsMax > 400)).toEqual(progress.map((_, second) => second === 5));
  });

  it('drops what it could not send within a second, as rows', () => {
    const { rows, ended } = rehearse({
      arrivals: 'even',
      stall: { fromUs: 5 * SECOND, forUs: 3 * SECOND },
      service: () => OK,
    });
    const dropped = rows.filter(({ outcome }) => outcome === 'dropped');
    expect(dropped.length).toBe(ended.counts.dropped);
    expect(dropped.length).toBe(40);
    expect(dropped[0]).toMatchObject({ errorCode: 'GENERATOR_LATE', endpoint: '', attempt: 1, status: 0 });
  });

  it('drops an arrival that finds too many under way', () => {
    const { rows, ended } = rehearse({
      policy: { kind: 'pinned', endpoint: 'home', attemptTimeLimitMs: null },
      maxInFlight: 7,
      service: () => 'silence',
    });
    expect(ended.counts.indeterminate).toBe(7);
    expect(ended.counts.dropped).toBe(ended.counts.planned - 7);
    expect(
      new Set(rows.filter(({ outcome }) => outcome === 'dropped').map(({ errorCode }) => errorCode)),
    ).toEqual(new Set(['TOO_MANY_IN_FLIGHT']));
  });

  it('awaits answers for the drain and calls the rest unanswered', () => {
    const { rows, ended, endedUs } = rehearse({
      policy: { kind: 'pinned', endpoint: 'home', attemptTimeLimitMs: null },
      service: (_, nowUs) =>
        nowUs < 18 * SECOND ? OK : nowUs < 19 * SECOND ? { ...OK, afterUs: 2 * SECOND } : 'silence',
    });
    expect(endedUs).toBe(22 * SECOND);
    const unanswered = rows.filter(({ errorCode }) => errorCode === 'UNANSWERED');
    expect(unanswered.length).toBeGreaterThan(0);
    expect(unanswered.every((row) => row.startedUs >= 19 * SECOND && row.outcome === 'indeterminate')).toBe(
      true,
    );
    expect(ended.counts.ok).toBe(ended.counts.planned - unanswered.length);
    expect(ended.stoppedEarly).toBe(false);
  });

  it('ends at the end of the load when nothing is left to wait for', () => {
    const { endedUs } = rehearse({ service: () => ({ ...OK, afterUs: 0 }) });
    expect(endedUs).toBe(20 * SECOND);
  });

  it('stops at once: nothing new, what is under way abandoned, what was not due not planned', () => {
    const { rows, ended, endedUs, arrivals } = rehearse({ stopUs: 7 * SECOND, service: () => 'silence' });
    expect(endedUs).toBe(7 * SECOND);
    expect(ended.stoppedEarly).toBe(true);
    expect(ended.counts.planned).toBe(arrivals.filter(({ plannedUs }) => plannedUs <= 7 * SECOND).length);
    expect(Math.max(...rows.map((row) => row.endedUs))).toBe(7 * SECOND);
    expect(rows.some(({ errorCode }) => errorCode === 'UNANSWERED')).toBe(true);
  });

  it('reports each second, with what came to an end in it by link and by group', () => {
    const { progress, rows, byArrival, ended } = rehearse({
      service: homeIll(5 * SECOND, 10 * SECOND, { afterUs: MS, result: REFUSED }),
    });
    expect(progress).toHaveLength(20);
    const sum = (host: string, field: 'ok' | 'failed') =>
      progress.reduce((total, { perLink }) => total + (perLink[`eu-west-1->${host}`]?.[field] ?? 0), 0);
    expect(sum('sts.home.test', 'failed')).toBe(rows.filter(({ status }) => status === 0).length);
    expect(sum('sts.away.test', 'ok')).toBe(
      rows.filter(({ endpoint }) => endpoint === 'sts.away.test').length,
    );
    const seconds = progress.map(({ perGroup }) => perGroup['web']);
    expect(seconds.reduce((total, second) => total + (second?.ok ?? 0), 0)).toBe(ended.counts.ok);
    // Every latency stands in the second of its end, in the eighth that it lies in.
    for (const attempts of byArrival.values()) {
      const last = attempts.at(-1);
      if (last === undefined) throw new Error('an arrival has a row');
      const key = Math.floor(8 * Math.log2(last.endedUs - last.plannedUs));
      const second = seconds[Math.min(19, Math.floor(last.endedUs / SECOND))];
      expect(second?.latencies[key]).toBeGreaterThan(0);
    }
  });
});
