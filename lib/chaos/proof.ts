/**
 * Proves with real requests that a fault bit and that it healed. A status code of whatever applies the fault says
 * only that it believes so; a probe over the path of the callers says that it is so.
 */

import type { FaultProbed, ProbeRecord } from '../journal/event.ts';
import type { Clock } from '../time/monotonic.ts';
import type { Probe, ProbeResult, Prober } from './control.ts';
import type { ProbePlan } from './fault-kind.ts';
import { describeExpectation, describeResult, looksHealthy, meets } from './probe-expectation.ts';
import { wait } from './wait.ts';

export interface Evidence {
  readonly proved: boolean;
  /** The last look over each path. */
  readonly probes: readonly ProbeRecord[];
  /** What each healthy probe took, by {@link probeKey}. */
  readonly elapsedMs: ReadonlyMap<string, number>;
}

export interface ProofRequest {
  readonly phase: FaultProbed['phase'];
  readonly probes: readonly ProbePlan[];
  /** From the phase before; empty for that phase itself. */
  readonly baseline: ReadonlyMap<string, number>;
  /** Give up after this long; 0: one look over each path. */
  readonly withinMs: number;
  /** Called off: what has been seen so far is returned. */
  readonly signal: AbortSignal;
}

/** Few at a time: proving must not disturb what is being measured. */
const PROBES_AT_ONCE = 4;
const PAUSE_BETWEEN_LOOKS_MS = 50;
/** A prober that overruns its limit by this much is broken, and the path counts as not seen. */
const PROBER_GRACE_MS = 1_000;

/** Looks over every path until each has shown what it should, or the time is up. Never rejects. */
export async function prove(prober: Prober, clock: Clock, request: ProofRequest): Promise<Evidence> {
  const deadlineUs = clock() + request.withinMs * 1_000;
  const records = new Map<string, ProbeRecord>();
  const elapsedMs = new Map<string, number>();
  let missing = request.probes;
  for (;;) {
    const results = await mapFew(missing, PROBES_AT_ONCE, (plan) =>
      look(prober, clock, plan, request.signal),
    );
    missing = missing.filter((plan, index) => {
      const result = results[index];
      if (result === undefined) return true;
      const key = probeKey(plan);
      const shown = holds(request, plan, result);
      records.set(key, recordOf(plan, request.phase, result));
      if (shown) elapsedMs.set(key, result.elapsedMs);
      return !shown;
    });
    if (missing.length === 0 || request.signal.aborted || clock() >= deadlineUs) break;
    await wait(PAUSE_BETWEEN_LOOKS_MS, request.signal);
  }
  return { proved: missing.length === 0, probes: [...records.values()], elapsedMs };
}

export function probeKey(plan: ProbePlan): string {
  return `${plan.link} ${plan.operation} ${plan.account ?? ''}`;
}

function holds(request: ProofRequest, plan: ProbePlan, result: ProbeResult): boolean {
  const baselineMs = request.baseline.get(probeKey(plan));
  return request.phase === 'during'
    ? meets(plan.during, result, baselineMs)
    : looksHealthy(plan.during, result, baselineMs);
}

function recordOf(plan: ProbePlan, phase: FaultProbed['phase'], result: ProbeResult): ProbeRecord {
  return {
    link: plan.link,
    operation: plan.operation,
    expected: phase === 'during' ? describeExpectation(plan.during) : 'ok',
    observed: describeResult(result),
    elapsedMs: Math.round(result.elapsedMs * 10) / 10,
  };
}

/** One probe, or undefined when it was called off before it came back. */
async function look(
  prober: Prober,
  clock: Clock,
  plan: ProbePlan,
  signal: AbortSignal,
): Promise<ProbeResult | undefined> {
  if (signal.aborted) return undefined;
  const startedUs = clock();
  const probe: Probe = {
    link: plan.link,
    operation: plan.operation,
    ...(plan.account === undefined ? {} : { account: plan.account }),
    timeLimitMs: plan.timeLimitMs,
  };
  const done = new AbortController();
  const broken = (errorCode: string): ProbeResult => ({
    observed: 'error',
    errorCode,
    elapsedMs: (clock() - startedUs) / 1_000,
  });
  try {
    return await Promise.race([
      prober.probe(probe),
      wait(plan.timeLimitMs + PROBER_GRACE_MS, AbortSignal.any([signal, done.signal])).then(() =>
        signal.aborted ? undefined : broken('PROBE_OVERRAN'),
      ),
    ]);
  } catch (error) {
    return broken((error as Error).message);
  } finally {
    done.abort();
  }
}

/** Results in the order of the items, with at most `few` under way. */
async function mapFew<Item, Result>(
  items: readonly Item[],
  few: number,
  action: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = new Array(items.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next;
      next += 1;
      results[index] = await action(items[index] as Item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(few, items.length) }, worker));
  return results;
}
