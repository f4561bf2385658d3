/**
 * Proves with real requests that a fault bit and that it healed. A status code of whatever applies the fault says
 * only that it believes so; a probe over the path of the callers says that it is so.
 */

import type { FaultProbed, ProbeRecord } from '../journal/event.ts';
import type { Clock } from '../time/monotonic.ts';
import { LOOKS_AT_ONCE, LOOKS_FOR_LATENESS, LOOKS_FOR_LATENESS_BY_CHANCE } from './chance.ts';
import type { ProbeResult, Prober } from './control.ts';
import type { ProbePlan } from './fault-kind.ts';
import {
  describeExpectation,
  describeResult,
  looksHealthy,
  meets,
  wasAnswered,
} from './probe-expectation.ts';
import { wait } from './wait.ts';

/** What each probe took, milliseconds, by {@link probeKey}. */
export type Elapsed = ReadonlyMap<string, number>;

export interface Evidence {
  readonly proved: boolean;
  /** The last look over each path. */
  readonly probes: readonly ProbeRecord[];
  /** Of each path that was answered. */
  readonly elapsedMs: Elapsed;
}

export interface ProofRequest {
  readonly phase: FaultProbed['phase'];
  readonly probes: readonly ProbePlan[];
  /** Of the healthy path; empty while it is not known. */
  readonly baseline: Elapsed;
  /** Give up after this long; 0: one look over each path. */
  readonly withinMs: number;
  /** In place of the looks in a row that a plan asks for, where there is no time for them. */
  readonly looksAtMost?: number;
  /** Called off: what has been seen so far is returned. */
  readonly signal: AbortSignal;
}

const PAUSE_BETWEEN_LOOKS_MS = 50;
/** A prober that overruns its limit by this much is broken, and the path counts as not seen. */
const PROBER_GRACE_MS = 1_000;

/** One path under proof. */
interface Path {
  readonly plan: ProbePlan;
  /** Looks that it takes: in a row, or in all where each shows the fault only by chance. */
  readonly needed: number;
  inRow: number;
  record?: ProbeRecord;
}

/** Looks over every path until each has shown what it should, or the time is up. Never rejects. */
export async function prove(prober: Prober, clock: Clock, request: ProofRequest): Promise<Evidence> {
  const deadlineUs = clock() + request.withinMs * 1_000;
  const took = new Map<string, number[]>();
  const paths = request.probes.map((plan): Path => ({ plan, needed: looksNeeded(plan, request), inRow: 0 }));
  for (;;) {
    const missing = paths.filter(({ inRow, needed }) => inRow < needed);
    const looks = missing.flatMap((path) =>
      Array.from({ length: looksAtOnce(path, missing.length, request) }, () => path),
    );
    // Few at a time: proving must not disturb what is being measured.
    await eachOfFew(looks, LOOKS_AT_ONCE, async (path) => {
      const { plan } = path;
      const result = await look(prober, clock, plan, request.signal);
      // What came after the bite it was to find must not hide it.
      if (result === undefined || path.inRow >= path.needed) return;
      path.record = recordOf(plan, request.phase, result);
      if (holds(request, plan, result)) path.inRow += 1;
      else if (request.phase === 'after' || plan.looksToHeal === 1) path.inRow = 0;
      if (wasAnswered(result))
        took.set(probeKey(plan), [...(took.get(probeKey(plan)) ?? []), result.elapsedMs]);
    });
    const proved = paths.every(({ inRow, needed }) => inRow >= needed);
    if (proved || request.signal.aborted || clock() >= deadlineUs) {
      const elapsedMs = new Map([...took].map(([key, times]) => [key, median(times)] as const));
      return { proved, probes: paths.flatMap(({ record }) => record ?? []), elapsedMs };
    }
    await wait(PAUSE_BETWEEN_LOOKS_MS, request.signal);
  }
}

/** Probes of one key look over the same path in the same way: what one took is a measure for the other. */
export function probeKey({ link, operation, account, user, asCallers }: ProbePlan): string {
  return JSON.stringify([link, operation, account, user, asCallers]);
}

/**
 * A bite is seen once, but for lateness, which a busy machine shows as well. That nothing bites any more has to be seen
 * as often as chance asks for.
 */
function looksNeeded(plan: ProbePlan, { phase, looksAtMost = Infinity }: ProofRequest): number {
  if (phase === 'after') return Math.min(plan.looksToHeal, looksAtMost);
  if (plan.during.kind !== 'slower') return 1;
  // One look may be a slow one, and whatever is late is held against it.
  if (phase === 'before') return LOOKS_FOR_LATENESS;
  return plan.looksToHeal === 1 ? LOOKS_FOR_LATENESS : LOOKS_FOR_LATENESS_BY_CHANCE;
}

/** Where chance decides, one after the other would take long; before a fault there is little time. */
function looksAtOnce({ plan, inRow, needed }: Path, paths: number, { phase }: ProofRequest): number {
  if (phase === 'before') return needed;
  if (plan.looksToHeal === 1) return 1;
  const free = Math.max(1, Math.floor(LOOKS_AT_ONCE / paths));
  return phase === 'after' ? Math.min(free, needed - inRow) : free;
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

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0;
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
  const { during: _, looksToHeal: __, ...probe }: ProbePlan = plan;
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

/** With at most `few` under way. */
async function eachOfFew<Item>(
  items: readonly Item[],
  few: number,
  action: (item: Item) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let item = items[next]; item !== undefined; item = items[next]) {
      next += 1;
      await action(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(few, items.length) }, worker));
}
