/** When k6 meant to begin an iteration, as far as it says: what latency should be counted from. */

import exec from 'k6/execution';

interface ConstantRate {
  readonly executor?: string;
  readonly rate?: number;
  readonly timeUnit?: string;
}

/**
 * Epoch microseconds. By the number of the iteration where the rate is constant; otherwise now, since k6 does not tell.
 * Iterations that k6 dropped have no number, so after a drop the plan lags behind and this is the later moment of the
 * two that are known.
 */
export function plannedUsOf(): number {
  const now = nowUs();
  // In `setup` and `teardown` there is no scenario, and asking for it throws.
  if (exec.vu.idInTest === 0) return now;
  const scenarios = exec.test.options.scenarios as Readonly<Record<string, ConstantRate>> | undefined;
  const own = scenarios?.[exec.scenario.name];
  if (own?.executor !== 'constant-arrival-rate' || !own.rate) return now;
  const gapUs = (durationMs(own.timeUnit ?? '1s') * 1_000) / own.rate;
  const plannedUs = exec.scenario.startTime * 1_000 + exec.scenario.iterationInTest * gapUs;
  return Math.min(now, Math.round(plannedUs));
}

/** Epoch microseconds, by milliseconds: k6 has no finer clock. */
export function nowUs(): number {
  return Date.now() * 1_000;
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** `1m30s`, or milliseconds, as k6 reads durations. */
export function durationMs(text: string): number {
  let sum = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g))
    sum += Number(amount) * (UNIT_MS[unit ?? ''] ?? 0);
  return sum === 0 ? Number(text) : sum;
}
