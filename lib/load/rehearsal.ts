/** A whole load in virtual time against a made-up service, for the tests of the engine and of failover. */

import { endpointsOf, type PolicySpec } from '../failover/spec.ts';
import type { LoadEnded, LoadProgress } from '../journal/event.ts';
import type { Sample } from '../journal/sample.ts';
import { createRandom } from '../time/random.ts';
import { planArrivals } from './arrival-plan.ts';
import { runLoad } from './engine.ts';
import { answered, type FakeAnswer, fakeTransport } from './fake-transport.ts';
import type { EngineGroup } from './resolved-group.ts';
import type { AttemptOrder } from './transport.ts';
import { virtualScheduler } from './virtual-scheduler.ts';

export const MS = 1_000;
export const SECOND = 1_000_000;
export const OK = { afterUs: 10 * MS, result: answered(200) } as const;

export interface Rehearsal {
  readonly policy?: PolicySpec;
  readonly callers?: number;
  readonly ratePerSecond?: number;
  readonly seed?: number;
  readonly durationUs?: number;
  readonly drainUs?: number;
  readonly maxInFlight?: number;
  readonly arrivals?: 'poisson' | 'even';
  /** Ends the load then. */
  readonly stopUs?: number;
  /** The generator stands still until then, at that time. */
  readonly stall?: { readonly fromUs: number; readonly forUs: number };
  readonly service: (order: AttemptOrder, nowUs: number) => FakeAnswer;
  /** See Transport. */
  readonly isFull?: () => boolean;
}

const ORDERED: PolicySpec = {
  kind: 'ordered',
  endpoints: ['home', 'away'],
  attemptTimeLimitMs: 1_000,
  failBackAfterMs: 3_000,
};

/** A whole load in virtual time. */
export function rehearse(rehearsal: Rehearsal) {
  const { policy = ORDERED, durationUs = 20 * SECOND, drainUs = 2 * SECOND, seed = 1 } = rehearsal;
  const endpoints = endpointsOf(policy);
  const group: EngineGroup = {
    name: 'web',
    location: 'eu-west-1',
    callers: rehearsal.callers ?? 3,
    ratePerSecond: rehearsal.ratePerSecond ?? 20,
    operations: { AssumeRole: 1 },
    partition: 'aws',
    principal: 'app',
    credential: 'long-term',
    policy,
    arrivals: rehearsal.arrivals ?? 'poisson',
    client: { kind: 'embedded' },
    targets: endpoints.map((endpoint) => ({ host: `sts.${endpoint}.test` })),
  };
  const scheduler = virtualScheduler();
  const rows: Sample[] = [];
  const progress: LoadProgress[] = [];
  const ends: LoadEnded[] = [];
  let endedUs = Number.NaN;
  const arrivals = planArrivals([group], durationUs, createRandom(seed));
  const { stall } = rehearsal;
  // A stalled generator sees its callbacks late; in virtual time, moments of the stall are moved to its end.
  const late = (us: number): number =>
    stall !== undefined && us >= stall.fromUs && us < stall.fromUs + stall.forUs
      ? stall.fromUs + stall.forUs
      : us;
  const run = runLoad({
    groups: [group],
    seed,
    arrivals,
    durationUs,
    drainUs,
    maxInFlight: rehearsal.maxInFlight ?? 10_000,
    scheduler: {
      now: scheduler.now,
      at: (us, precision, callback) => scheduler.at(late(us), precision, callback),
    },
    transport: {
      ...fakeTransport(scheduler, rehearsal.service),
      ...(rehearsal.isFull === undefined ? {} : { isFull: rehearsal.isFull }),
    },
    write: (sample) => rows.push(sample),
    onProgress: (one) => progress.push(one),
    onEnded: (ended) => {
      ends.push(ended);
      endedUs = scheduler.now();
    },
  });
  if (rehearsal.stopUs !== undefined) {
    scheduler.advanceTo(rehearsal.stopUs);
    run.stop();
  }
  scheduler.advanceTo(durationUs + drainUs + 15 * SECOND);
  const [ended] = ends;
  if (ended === undefined || ends.length !== 1) throw new Error(`the load ended ${ends.length} times`);
  return { rows, progress, ended, endedUs, arrivals, byArrival: Map.groupBy(rows, (row) => row.arrival) };
}

/** A service whose `home` endpoint is ill from one moment to another. */
export function homeIll(fromUs: number, toUs: number, illness: FakeAnswer) {
  return (order: AttemptOrder, nowUs: number): FakeAnswer =>
    order.host === 'sts.home.test' && nowUs >= fromUs && nowUs < toUs ? illness : OK;
}
