/** Laws of every policy, over any history that a caller may have: drawn services in virtual time, one call at a time. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallHistory, PolicyAttempt, Step } from './policy.ts';
import { rememberingPolicy, withPolicy } from './remembering.ts';
import { endpointsOf, type PolicySpec } from './spec.ts';

const SECOND_US = 1_000_000;
const COMMON = { endpoints: ['a', 'b', 'c'], attemptTimeLimitMs: 1_000 } as const;
const FAIL_BACK = { failBackAfterMs: 5_000, failBackAnswers: 2 } as const;

const SPECS = {
  pinned: { kind: 'pinned', endpoint: 'a', attemptTimeLimitMs: 1_000 },
  ordered: { kind: 'ordered', ...COMMON, ...FAIL_BACK },
  nearest: { kind: 'nearest', ...COMMON, ...FAIL_BACK, margin: 0.2, measureAgainAfterMs: 30_000 },
  hedged: { kind: 'hedged', ...COMMON, ...FAIL_BACK, hedgeAfterMs: 100, liveAttemptsAtMost: 2 },
  breaker: {
    kind: 'circuit-breaker',
    ...COMMON,
    openAfterFailures: 3,
    halfOpenAfterMs: 5_000,
    closeAfterAnswers: 2,
  },
} as const satisfies Record<string, PolicySpec>;

const CACHED: PolicySpec = {
  kind: 'cached',
  refresh: SPECS.ordered,
  lifetimeMs: 60_000,
  refreshAheadMs: 10_000,
  jitter: 1,
  retryAfterMs: 2_000,
};

const ALL: readonly PolicySpec[] = [...Object.values(SPECS), CACHED];

/** What an endpoint does when it is asked: an answer after so long, or none within the limit. */
type Service = (endpoint: string, nowUs: number) => { readonly ok: boolean; readonly tookUs: number };

interface Call {
  readonly asked: readonly string[];
  readonly outcome: 'ok' | 'failed' | 'cached' | 'nobody';
  readonly liveMost: number;
  readonly endedUs: number;
}

/** One call, walked in virtual time. */
function call(policy: ReturnType<typeof rememberingPolicy>, service: Service, startUs: number): Call {
  const ended: PolicyAttempt[] = [];
  let live: { endpoint: string; startedUs: number; endsUs: number; ok: boolean }[] = [];
  const asked: string[] = [];
  let liveMost = 0;
  let nowUs = startUs;
  for (let steps = 0; steps < 100; steps += 1) {
    const step = policy.next({ ended, live }, nowUs);
    if (step.kind === 'try') {
      const { ok, tookUs } = service(step.endpoint, nowUs);
      const endsUs = nowUs + Math.min(tookUs, step.timeLimitUs ?? Number.POSITIVE_INFINITY);
      live.push({ endpoint: step.endpoint, startedUs: nowUs, endsUs, ok });
      asked.push(step.endpoint);
      liveMost = Math.max(liveMost, live.length);
    } else if (step.kind === 'wait') {
      const first = live.toSorted((one, other) => one.endsUs - other.endsUs)[0];
      if (first === undefined || (step.untilUs !== null && step.untilUs < first.endsUs)) {
        expect(step.untilUs).not.toBeNull();
        nowUs = step.untilUs ?? nowUs;
        continue;
      }
      nowUs = first.endsUs;
      live = live.filter((one) => one !== first);
      const attempt: PolicyAttempt = {
        endpoint: first.endpoint,
        startedUs: first.startedUs,
        endedUs: nowUs,
        outcome: first.ok ? 'ok' : 'failed',
        status: first.ok ? 200 : 0,
        errorCode: first.ok ? '' : 'ETIMEDOUT',
      };
      ended.push(attempt);
      policy.learn(attempt, nowUs);
    } else {
      for (const { endpoint, startedUs } of live) {
        const times = { endpoint, startedUs, endedUs: nowUs };
        policy.learn({ ...times, outcome: 'indeterminate', status: 0, errorCode: 'SUPERSEDED' }, nowUs);
      }
      const outcome = step.kind === 'useCached' ? 'cached' : (ended.at(-1)?.outcome ?? 'nobody');
      return { asked, outcome: outcome === 'indeterminate' ? 'failed' : outcome, liveMost, endedUs: nowUs };
    }
  }
  throw new Error('the policy never came to an end');
}

const QUICK = 20_000;
const up: Service = () => ({ ok: true, tookUs: QUICK });
const without =
  (...dead: readonly string[]): Service =>
  (endpoint) => ({ ok: !dead.includes(endpoint), tookUs: dead.includes(endpoint) ? SECOND_US : QUICK });

const NEW_CALL: CallHistory = { ended: [], live: [] };

/** An attempt that took its whole time limit of a second. */
const timedOut = (endpoint: string, startedUs: number): PolicyAttempt => ({
  endpoint,
  startedUs,
  endedUs: startedUs + SECOND_US,
  outcome: 'failed',
  status: 0,
  errorCode: 'ETIMEDOUT',
});

describe.each(ALL.map((spec) => [spec.kind, spec] as const))('%s', (_, spec) => {
  it('is a function of its state, which is plain data', () => {
    withPolicy(spec, (policy) => {
      fc.assert(
        fc.property(historyArbitrary(endpointsOf(spec)), fc.nat(100 * SECOND_US), (learned, nowUs) => {
          let state = policy.initial(7);
          for (const attempt of learned) state = policy.learn(state, attempt, attempt.endedUs);
          const copy: typeof state = JSON.parse(JSON.stringify(state));
          expect(copy).toEqual(state);
          const before = JSON.stringify(state);
          const one: Step = policy.next(state, NEW_CALL, nowUs).step;
          expect(policy.next(copy, NEW_CALL, nowUs).step).toEqual(one);
          expect(JSON.stringify(state)).toBe(before);
        }),
        { numRuns: 50 },
      );
    });
  });

  it('never asks an endpoint twice in a call, nor has more attempts under way than it says', () => {
    const most = spec.kind === 'hedged' ? spec.liveAttemptsAtMost : 1;
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }), (moods) => {
        const policy = rememberingPolicy(spec, 3);
        const service: Service = (endpoint, nowUs) => {
          const ok = moods[(Math.floor(nowUs / SECOND_US) + endpoint.charCodeAt(0)) % moods.length] ?? true;
          return { ok, tookUs: ok ? QUICK : 5 * SECOND_US };
        };
        for (let nowUs = 0; nowUs < 60 * SECOND_US; nowUs += 700_000) {
          const { asked, liveMost } = call(policy, service, nowUs);
          expect(new Set(asked).size).toBe(asked.length);
          expect(liveMost).toBeLessThanOrEqual(most);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('comes back to an endpoint that works again, however long it was dead', () => {
    if (spec.kind === 'pinned') return;
    const policy = rememberingPolicy(spec, 3);
    let nowUs = 0;
    for (; nowUs < 300 * SECOND_US; nowUs += 500_000) call(policy, without('a'), nowUs);
    const asked = new Set<string>();
    // `nearest` may find another home in the meantime; it measures the old one again all the same.
    for (const end = nowUs + 100 * SECOND_US; nowUs < end; nowUs += 500_000)
      for (const endpoint of call(policy, up, nowUs).asked) asked.add(endpoint);
    expect(asked).toContain('a');
  });

  it('does not ask a dead endpoint in every call', () => {
    if (spec.kind === 'pinned') return;
    const policy = rememberingPolicy(spec, 3);
    const dead = without('a');
    let asked = 0;
    for (let nowUs = 0; nowUs < 100 * SECOND_US; nowUs += 100_000) {
      if (call(policy, dead, nowUs).asked.includes('a')) asked += 1;
    }
    // A try every five seconds or two and a half, and what it takes to find out.
    expect(asked).toBeLessThanOrEqual(25);
  });
});

function historyArbitrary(endpoints: readonly string[]): fc.Arbitrary<readonly PolicyAttempt[]> {
  return fc.array(
    fc
      .record({
        endpoint: fc.constantFrom(...endpoints),
        startedUs: fc.nat(90 * SECOND_US),
        tookUs: fc.nat(SECOND_US),
        ok: fc.boolean(),
      })
      .map(
        ({ endpoint, startedUs, tookUs, ok }): PolicyAttempt => ({
          endpoint,
          startedUs,
          endedUs: startedUs + tookUs,
          outcome: ok ? 'ok' : 'failed',
          status: ok ? 200 : 503,
          errorCode: ok ? '' : 'ServiceUnavailable',
        }),
      ),
    { maxLength: 12 },
  );
}

describe('fail-back with hysteresis', () => {
  it('takes as many answers in a row as it was told', () => {
    const policy = rememberingPolicy(SPECS.ordered, 1);
    call(policy, without('a'), 0);
    const firsts: string[] = [];
    for (let nowUs = SECOND_US; nowUs < 20 * SECOND_US; nowUs += SECOND_US) {
      firsts.push(call(policy, up, nowUs).asked[0] ?? '');
    }
    const home = firsts.lastIndexOf('b');
    expect(firsts.slice(0, home).filter((endpoint) => endpoint === 'a')).toHaveLength(2 - 1);
    expect(firsts.slice(home + 1).every((endpoint) => endpoint === 'a')).toBe(true);
  });
});

describe('the nearest healthy endpoint', () => {
  const distances: Record<string, number> = { a: 80_000, b: 20_000, c: 150_000 };
  const world: Service = (endpoint) => ({ ok: true, tookUs: distances[endpoint] ?? 0 });

  it('is found by measuring each, and kept', () => {
    const policy = rememberingPolicy(SPECS.nearest, 1);
    const asked = Array.from({ length: 20 }, (_, index) => call(policy, world, index * SECOND_US).asked[0]);
    expect(asked.slice(0, 3).toSorted()).toEqual(['a', 'b', 'c']);
    expect(new Set(asked.slice(3))).toEqual(new Set(['b']));
  });

  it('does not change for one that is hardly nearer', () => {
    const policy = rememberingPolicy(SPECS.nearest, 1);
    const close: Service = (endpoint) => ({ ok: true, tookUs: endpoint === 'a' ? 20_000 : 18_000 });
    for (let index = 0; index < 40; index += 1) call(policy, close, index * SECOND_US);
    expect(call(policy, close, 41 * SECOND_US).asked).toEqual(['a']);
  });
});

describe('a hedge', () => {
  const silentHome: Service = (endpoint) => ({ ok: true, tookUs: endpoint === 'a' ? 900_000 : QUICK });

  it('asks a second endpoint after the given while and takes the first answer', () => {
    const { asked, outcome, endedUs } = call(rememberingPolicy(SPECS.hedged, 1), silentHome, 0);
    expect({ asked, outcome, endedUs }).toEqual({ asked: ['a', 'b'], outcome: 'ok', endedUs: 120_000 });
  });

  it('asks nobody else when the first one answers in time', () => {
    expect(call(rememberingPolicy(SPECS.hedged, 1), up, 0).asked).toEqual(['a']);
  });

  it('does not go to an endpoint that failed while one that works may still answer', () => {
    const policy = rememberingPolicy(SPECS.hedged, 1);
    for (const endpoint of ['b', 'c']) policy.learn(timedOut(endpoint, 0), SECOND_US);
    expect(call(policy, silentHome, 2 * SECOND_US)).toMatchObject({ asked: ['a'], outcome: 'ok' });
    // A failure still goes on at once: then the call has nothing to lose.
    expect(call(policy, without('a', 'b', 'c'), 4 * SECOND_US).asked).toEqual(['a', 'b', 'c']);
  });

  it('goes to an endpoint that failed when the time for its probe has come', () => {
    const policy = rememberingPolicy({ ...SPECS.hedged, attemptTimeLimitMs: null }, 1);
    for (const endpoint of ['b', 'c']) policy.learn(timedOut(endpoint, 0), SECOND_US);
    const hanging: Service = (endpoint) => ({
      ok: true,
      tookUs: endpoint === 'a' ? Number.POSITIVE_INFINITY : QUICK,
    });
    const { asked, endedUs } = call(policy, hanging, 2 * SECOND_US);
    expect({ asked, endedUs }).toEqual({ asked: ['a', 'b'], endedUs: 6 * SECOND_US + QUICK });
  });

  it('goes on as ever when no endpoint is known to work', () => {
    const policy = rememberingPolicy(SPECS.hedged, 1);
    for (const endpoint of ['a', 'b', 'c']) policy.learn(timedOut(endpoint, 0), SECOND_US);
    expect(call(policy, silentHome, 2 * SECOND_US)).toMatchObject({ asked: ['a', 'b'], endedUs: 2_120_000 });
  });

  it('that could only come after the time limit sets no timer', () => {
    const policy = rememberingPolicy(SPECS.hedged, 1);
    for (const endpoint of ['b', 'c']) policy.learn(timedOut(endpoint, 0), SECOND_US);
    const first = { endpoint: 'a', startedUs: 2 * SECOND_US };
    expect(policy.next(NEW_CALL, first.startedUs)).toMatchObject({ kind: 'try', endpoint: 'a' });
    const step = policy.next({ ended: [], live: [first] }, first.startedUs);
    expect(step).toEqual({ kind: 'wait', untilUs: null });
  });

  it('that had no time to answer is not taken for silent', () => {
    const policy = rememberingPolicy(SPECS.hedged, 1);
    const justLate: Service = (endpoint) => ({ ok: true, tookUs: endpoint === 'a' ? 105_000 : QUICK });
    for (let index = 0; index < 10; index += 1)
      expect(call(policy, justLate, index * SECOND_US).asked).toEqual(['a', 'b']);
  });

  it('that is quicker three times in a row leaves the silent endpoint alone', () => {
    const policy = rememberingPolicy(SPECS.hedged, 1);
    const asked = Array.from({ length: 4 }, (_, index) => call(policy, silentHome, index * SECOND_US).asked);
    expect(asked).toEqual([['a', 'b'], ['a', 'b'], ['a', 'b'], ['b']]);
  });
});

describe('a circuit breaker', () => {
  it('fails at once when every circuit is open, and lets one call through when it is half open', () => {
    const policy = rememberingPolicy({ ...SPECS.breaker, endpoints: ['a'] }, 1);
    const dead = without('a');
    for (let index = 0; index < 3; index += 1) call(policy, dead, index * 2 * SECOND_US);
    expect(call(policy, dead, 6 * SECOND_US)).toMatchObject({ outcome: 'nobody', asked: [] });
    expect(call(policy, dead, 11 * SECOND_US).asked).toEqual(['a']);
    expect(call(policy, dead, 13 * SECOND_US).asked).toEqual([]);
  });
});

describe('cached credentials', () => {
  it('serve every call between two refreshes', () => {
    const policy = rememberingPolicy(CACHED, 1);
    expect(call(policy, up, 0).outcome).toBe('ok');
    for (let nowUs = SECOND_US; nowUs < 40 * SECOND_US; nowUs += SECOND_US)
      expect(call(policy, up, nowUs)).toMatchObject({ outcome: 'cached', asked: [] });
  });

  it('serve through an outage for as long as they are good, and no longer', () => {
    const policy = rememberingPolicy(CACHED, 1);
    call(policy, up, 0);
    const nothing = without('a', 'b', 'c');
    for (let nowUs = SECOND_US; nowUs < 56 * SECOND_US; nowUs += SECOND_US)
      expect(call(policy, nothing, nowUs).outcome).toBe('cached');
    expect(call(policy, nothing, 61 * SECOND_US).outcome).toBe('failed');
  });

  it('are refreshed by one call at a time', () => {
    const policy = rememberingPolicy(CACHED, 1);
    call(policy, up, 0);
    const dueUs = 55 * SECOND_US;
    expect(policy.next({ ended: [], live: [] }, dueUs).kind).toBe('try');
    expect(policy.next({ ended: [], live: [] }, dueUs + 1).kind).toBe('useCached');
  });

  it('are not refreshed again because a hedge of their refresh lost', () => {
    const policy = rememberingPolicy({ ...CACHED, refresh: SPECS.hedged }, 1);
    const silentHome: Service = (endpoint) => ({ ok: true, tookUs: endpoint === 'a' ? 900_000 : QUICK });
    expect(call(policy, silentHome, 0).asked).toEqual(['a', 'b']);
    for (let nowUs = SECOND_US; nowUs < 40 * SECOND_US; nowUs += SECOND_US)
      expect(call(policy, silentHome, nowUs)).toMatchObject({ outcome: 'cached', asked: [] });
  });

  it('are refreshed by one call at a time, also when it takes several attempts', () => {
    const policy = rememberingPolicy({ ...CACHED, retryAfterMs: 100 }, 1);
    call(policy, up, 0);
    const dueUs = 55 * SECOND_US;
    const failed: PolicyAttempt[] = [];
    for (const [index, endpoint] of ['a', 'b', 'c'].entries()) {
      const startedUs = dueUs + index * SECOND_US;
      expect(policy.next({ ended: failed, live: [] }, startedUs)).toMatchObject({ kind: 'try', endpoint });
      expect(policy.next(NEW_CALL, startedUs + 900_000).kind).toBe('useCached');
      failed.push(timedOut(endpoint, startedUs));
      policy.learn(timedOut(endpoint, startedUs), startedUs + SECOND_US);
    }
    const overUs = dueUs + 3 * SECOND_US;
    expect(policy.next({ ended: failed, live: [] }, overUs).kind).toBe('useCached');
    // Nobody is at it any more: the next refresh comes when it was told to, and not only when an attempt's time is over.
    expect(policy.next(NEW_CALL, overUs + 49_000).kind).toBe('useCached');
    expect(policy.next(NEW_CALL, overUs + 150_000).kind).toBe('try');
  });

  it('are refreshed by one call at a time, also while a hedge is under way after a failure', () => {
    const policy = rememberingPolicy({ ...CACHED, retryAfterMs: 100, refresh: SPECS.hedged }, 1);
    call(policy, up, 0);
    const dueUs = 55 * SECOND_US;
    const hedgeUs = dueUs + 100_000;
    const first = { endpoint: 'a', startedUs: dueUs };
    const hedge = { endpoint: 'b', startedUs: hedgeUs };
    expect(policy.next(NEW_CALL, dueUs)).toMatchObject({ kind: 'try', endpoint: 'a' });
    expect(policy.next({ ended: [], live: [first] }, hedgeUs)).toMatchObject({ kind: 'try', endpoint: 'b' });
    const failed = { ...timedOut('a', dueUs), endedUs: hedgeUs + 1, errorCode: 'ECONNRESET' };
    policy.learn(failed, failed.endedUs);
    expect(policy.next({ ended: [failed], live: [hedge] }, failed.endedUs).kind).toBe('wait');
    expect(policy.next(NEW_CALL, hedgeUs + 900_000).kind).toBe('useCached');
  });

  it('serve on when the refresh may ask nobody', () => {
    const refresh = { ...SPECS.breaker, openAfterFailures: 1, halfOpenAfterMs: 30_000 };
    const policy = rememberingPolicy({ ...CACHED, refresh }, 1);
    call(policy, up, 0);
    const nothing = without('a', 'b', 'c');
    for (let nowUs = SECOND_US; nowUs < 56 * SECOND_US; nowUs += SECOND_US)
      expect(call(policy, nothing, nowUs).outcome).toBe('cached');
  });

  it('are not refreshed again because a call that began before they came has failed', () => {
    const policy = rememberingPolicy(CACHED, 1);
    expect(policy.next(NEW_CALL, 0)).toMatchObject({ kind: 'try', endpoint: 'a' });
    expect(call(policy, up, 10_000).outcome).toBe('ok');
    const late = timedOut('a', 0);
    policy.learn(late, late.endedUs);
    // Its further attempts are no refresh of theirs either.
    expect(policy.next({ ended: [late], live: [] }, late.endedUs).kind).toBe('try');
    const ended = ['a', 'b', 'c'].map((endpoint) => timedOut(endpoint, 0));
    expect(policy.next({ ended, live: [] }, 2 * SECOND_US).kind).toBe('useCached');
    expect(policy.next(NEW_CALL, 30 * SECOND_US).kind).toBe('useCached');
  });

  it('of a thousand callers that began together are not refreshed together', () => {
    const refreshed = Array.from({ length: 1_000 }, (_, caller) => {
      const policy = rememberingPolicy(CACHED, caller * 7_919);
      call(policy, up, 0);
      for (let nowUs = 30 * SECOND_US; ; nowUs += 100_000)
        if (call(policy, up, nowUs).asked.length > 0) return nowUs;
    });
    const perSecond = Map.groupBy(refreshed, (atUs) => Math.floor(atUs / SECOND_US));
    const busiest = Math.max(...[...perSecond.values()].map((group) => group.length));
    // Spread evenly over ten seconds it would be a hundred in each.
    expect(perSecond.size).toBeGreaterThanOrEqual(10);
    expect(busiest).toBeLessThan(150);
  });
});

describe('a retry budget', () => {
  it('bounds what further attempts add, however long the outage', () => {
    const budget = { ratio: 0.1, burst: 5 };
    const policy = rememberingPolicy({ ...SPECS.ordered, retryBudget: budget }, 1);
    const calls = 400;
    let attempts = 0;
    for (let index = 0; index < calls; index += 1) {
      attempts += call(policy, without('a', 'b', 'c'), index * 200_000).asked.length;
    }
    expect(attempts).toBeLessThanOrEqual(calls * (1 + budget.ratio) + budget.burst);
    expect(attempts).toBeGreaterThan(calls);
  });
});
