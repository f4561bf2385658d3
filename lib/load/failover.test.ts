import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answered, type FakeAnswer, REFUSED } from './fake-transport.ts';
import { homeIll, MS, OK, rehearse, SECOND } from './rehearsal.ts';

describe('ordered callers under an outage of their home', () => {
  const outageArbitrary = fc.record({
    policy: fc.record({
      kind: fc.constant('ordered' as const),
      endpoints: fc.constant<string[]>(['home', 'away']),
      attemptTimeLimitMs: fc.integer({ min: 20, max: 2_000 }),
      failBackAfterMs: fc.integer({ min: 100, max: 4_000 }),
    }),
    callers: fc.integer({ min: 1, max: 4 }),
    ratePerSecond: fc.integer({ min: 4, max: 40 }),
    seed: fc.integer(),
    illness: fc.constantFrom<FakeAnswer>(
      'silence',
      { afterUs: MS, result: REFUSED },
      { afterUs: MS, result: answered(503, 'ServiceUnavailable') },
      { afterUs: 5 * SECOND, result: answered(200) },
    ),
  });
  const fromUs = 4 * SECOND;
  const toUs = 10 * SECOND;
  const durationUs = 30 * SECOND;

  it('lose nothing: every arrival is served elsewhere', () => {
    fc.assert(
      fc.property(outageArbitrary, ({ illness, ...rest }) => {
        const { ended } = rehearse({ ...rest, durationUs, service: homeIll(fromUs, toUs, illness) });
        expect(ended.counts.ok).toBe(ended.counts.planned);
      }),
      { numRuns: 60 },
    );
  });

  it('are never stuck on a dead endpoint: once they know, one arrival a window asks it', () => {
    fc.assert(
      fc.property(outageArbitrary, ({ illness, ...rest }) => {
        const service = homeIll(fromUs, Number.POSITIVE_INFINITY, illness);
        const { rows } = rehearse({ ...rest, durationUs, service });
        for (const own of Map.groupBy(rows, ({ caller }) => caller).values()) {
          const dead = own.filter(
            ({ endpoint, startedUs }) => endpoint === 'sts.home.test' && startedUs >= fromUs,
          );
          const knownUs = Math.min(...dead.map(({ endedUs }) => endedUs));
          const probes = dead
            .filter(({ startedUs }) => startedUs > knownUs)
            .toSorted((one, other) => one.startedUs - other.startedUs);
          for (const [index, probe] of probes.entries()) {
            const freeUs = probes[index - 1]?.endedUs ?? knownUs;
            expect(probe.startedUs - freeUs).toBeGreaterThanOrEqual(rest.policy.failBackAfterMs * MS);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('always come home, after the wait and one probe', () => {
    fc.assert(
      fc.property(outageArbitrary, ({ illness, ...rest }) => {
        const { rows } = rehearse({ ...rest, durationUs, service: homeIll(fromUs, toUs, illness) });
        const { attemptTimeLimitMs, failBackAfterMs } = rest.policy;
        // A probe sent just before the end may hold until its limit, and the wait begins after it.
        const dueUs = toUs + (attemptTimeLimitMs + failBackAfterMs) * MS;
        for (const own of Map.groupBy(rows, ({ caller }) => caller).values()) {
          const firsts = own.filter(({ attempt }) => attempt === 1);
          const probeUs = Math.min(...firsts.map((row) => row.startedUs).filter((us) => us >= dueUs));
          const later = firsts.filter((row) => row.startedUs > probeUs + OK.afterUs);
          expect(
            later.every(({ endpoint, outcome }) => endpoint === 'sts.home.test' && outcome === 'ok'),
          ).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });
});
