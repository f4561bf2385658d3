import { describe, expect, test } from 'vitest';
import type { ProbeResult } from './control.ts';
import type { ProbePlan } from './fault-kind.ts';
import { describeExpectation, looksHealthy, meets, type ProbeExpectation } from './probe-expectation.ts';
import { probeKey, prove } from './proof.ts';

const OK: ProbeResult = { observed: 'ok', status: 200, elapsedMs: 10 };
const SILENT: ProbeResult = { observed: 'silent', elapsedMs: 400 };

const plan = (looksToHeal: number, more: Partial<ProbePlan> = {}): ProbePlan => ({
  link: 'here->there',
  operation: 'AssumeRole',
  during: { kind: 'silent' },
  looksToHeal,
  timeLimitMs: 400,
  ...more,
});

/** A prober that answers from a list, and then always as last; how often it was asked. */
function scripted(results: readonly ProbeResult[]) {
  let asked = 0;
  const prober = {
    probe: async () => {
      asked += 1;
      return results[Math.min(asked, results.length) - 1] ?? OK;
    },
  };
  return { prober, asked: () => asked };
}

/** A clock that each reading moves on, so that a proof comes to its end without waiting. */
function ticking(stepMs: number): () => number {
  let nowUs = 0;
  return () => {
    nowUs += stepMs * 1_000;
    return nowUs;
  };
}

const request = (phase: 'during' | 'after', probe: ProbePlan, withinMs = 60_000) => ({
  phase,
  probes: [probe],
  baseline: new Map<string, number>(),
  withinMs,
  signal: new AbortController().signal,
});

describe('a proof', () => {
  test('of healing takes as many healthy looks in a row as the plan asks for', async () => {
    const { prober, asked } = scripted([OK]);
    expect(await prove(prober, ticking(1), request('after', plan(13)))).toMatchObject({ proved: true });
    expect(asked()).toBe(13);
  });

  test('of healing begins to count again after a look that was not healthy', async () => {
    const { prober, asked } = scripted([OK, OK, OK, SILENT, OK]);
    expect(await prove(prober, ticking(1), request('after', plan(5)))).toMatchObject({ proved: true });
    expect(asked()).toBe(4 + 5);
  });

  test('of healing is not given by a fault of a share that is still there', async () => {
    let count = 0;
    const prober = { probe: async () => (++count % 4 === 0 ? SILENT : OK) };
    const evidence = await prove(prober, ticking(50), request('after', plan(13), 2_000));
    expect(evidence.proved).toBe(false);
  });

  test('of a bite is one look that shows it among any number that do not', async () => {
    const { prober } = scripted([OK, OK, OK, OK, OK, SILENT, OK]);
    const evidence = await prove(prober, ticking(1), request('during', plan(44)));
    expect(evidence).toMatchObject({ proved: true, probes: [{ expected: 'silent', observed: 'silent' }] });
  });

  test('in a hurry is content with fewer looks', async () => {
    const { prober, asked } = scripted([OK]);
    await prove(prober, ticking(1), { ...request('after', plan(44)), looksAtMost: 2 });
    expect(asked()).toBe(2);
  });

  test('hands the prober nothing but the probe', async () => {
    const seen: object[] = [];
    const asCallers = { groups: ['app'], share: 0.5, seed: 3 };
    const prober = {
      probe: async (probe: object) => {
        seen.push(probe);
        return SILENT;
      },
    };
    await prove(prober, ticking(1), request('during', plan(1, { asCallers, account: '1' })));
    expect(seen).toEqual([
      { link: 'here->there', operation: 'AssumeRole', account: '1', asCallers, timeLimitMs: 400 },
    ]);
  });

  test('tells probes apart by all that makes them look elsewhere', () => {
    const keys = [
      plan(1),
      plan(1, { account: '1' }),
      plan(1, { user: '1' }),
      plan(1, { asCallers: { share: 1, seed: 1 } }),
      plan(1, { asCallers: { share: 1, seed: 2 } }),
    ].map(probeKey);
    expect(new Set(keys).size).toBe(keys.length);
    expect(probeKey(plan(9, { timeLimitMs: 1 }))).toBe(keys[0]);
  });
});

describe('an expectation', () => {
  test.for<[ProbeExpectation, Partial<ProbeResult>, boolean]>([
    [{ kind: 'refused' }, { observed: 'refused' }, true],
    [{ kind: 'refused' }, { observed: 'reset' }, true],
    [{ kind: 'refused' }, { observed: 'unreachable' }, false],
    [{ kind: 'unreachable' }, { observed: 'unreachable' }, true],
    [{ kind: 'unreachable' }, { observed: 'silent' }, false],
    [{ kind: 'unreachable' }, { observed: 'error', errorCode: 'EAI_AGAIN' }, true],
    [{ kind: 'silent' }, { observed: 'unreachable' }, false],
    [{ kind: 'reset' }, { observed: 'reset' }, true],
    [{ kind: 'reset' }, { observed: 'error', errorCode: 'EPROTO' }, true],
    [{ kind: 'reset' }, { observed: 'error', errorCode: 'ERR_SSL_UNEXPECTED_EOF_WHILE_READING' }, true],
    [{ kind: 'reset' }, { observed: 'error', errorCode: 'AccessDenied', status: 403 }, false],
    [{ kind: 'reset' }, { observed: 'refused' }, false],
    [{ kind: 'error', codes: ['ENOTFOUND', 'ENODATA'] }, { observed: 'error', errorCode: 'ENODATA' }, true],
    [{ kind: 'error', codes: ['ENOTFOUND'] }, { observed: 'error', errorCode: 'EAI_AGAIN' }, false],
    [{ kind: 'error', codes: ['HTTP503'] }, { observed: 'error', errorCode: '', status: 503 }, true],
    [{ kind: 'slower', byMs: 80 }, { observed: 'ok', elapsedMs: 90 }, true],
    [{ kind: 'slower', byMs: 80 }, { observed: 'ok', elapsedMs: 89 }, false],
    [{ kind: 'slower', byMs: 80 }, { observed: 'error', status: 500, elapsedMs: 90 }, true],
    // Nothing came: that is another fault.
    [{ kind: 'slower', byMs: 80 }, { observed: 'silent', elapsedMs: 400 }, false],
    [{ kind: 'slower', byMs: 80 }, { observed: 'error', errorCode: 'PROBE_OVERRAN', elapsedMs: 400 }, false],
  ])('%j is met by %j: %j', ([expected, result, met]) => {
    expect(meets(expected, { observed: 'ok', elapsedMs: 10, ...result }, 10)).toBe(met);
  });

  test('of slower is met by nothing while nobody knows what healthy is', () => {
    expect(meets({ kind: 'slower', byMs: 80 }, { observed: 'ok', elapsedMs: 9_000 }, undefined)).toBe(false);
  });

  test('leaves a path healthy that answers, and not so late that it could be the fault still', () => {
    expect(looksHealthy({ kind: 'slower', byMs: 80 }, { ...OK, elapsedMs: 89 }, 10)).toBe(true);
    expect(looksHealthy({ kind: 'slower', byMs: 80 }, { ...OK, elapsedMs: 91 }, 10)).toBe(false);
    expect(looksHealthy({ kind: 'refused' }, SILENT, 10)).toBe(false);
  });

  test('is described for the journal', () => {
    expect(describeExpectation({ kind: 'slower', byMs: 80 })).toBe('slower by 80 ms');
    expect(describeExpectation({ kind: 'error', codes: ['A', 'B'] })).toBe('error A or B');
    expect(describeExpectation({ kind: 'unreachable' })).toBe('unreachable');
  });
});
