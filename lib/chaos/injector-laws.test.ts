import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { FaultControl } from './control.ts';
import { CLAIMS, type Claim } from './fault-claims.fixture.ts';
import { type FaultSpec, faultSchema } from './fault-kinds.ts';
import type { FaultsOptions } from './faults-in-force.ts';
import { createInjector } from './injector.ts';
import { timelineOf } from './timeline.ts';
import { VIEW } from './view.fixture.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

const LOAD_MS = 30_000;
/** Another account, so that faults of settings are several orders. */
const view = { ...VIEW, accounts: [...VIEW.accounts, { id: '999999999999', partition: 'aws' }] };

const text = (ms: number) => `${ms}ms`;
const claim = fc.constantFrom(...CLAIMS);

const GROWING: ReadonlySet<string> = new Set(
  CLAIMS.filter(({ kind, fields }) => {
    const spec = { name: 'f', kind, at: '1s', for: '2s', ramp: '1s', ...fields };
    return faultSchema.safeParse(spec).success;
  }).map(({ kind }) => kind),
);

/** A kind and its fields; one that can grow does. */
const grown = ({ kind, fields }: Claim, rampMs: number) => ({
  kind,
  ...fields,
  ...(GROWING.has(kind) ? { ramp: text(rampMs) } : {}),
});

const part = fc
  .record({ claim, afterMs: fc.nat(2_000), rampMs: fc.integer({ min: 1, max: 1_000 }) })
  .map(({ claim, afterMs, rampMs }) => ({ ...grown(claim, rampMs), after: text(afterMs) }));

const timed = fc.record({
  atMs: fc.nat(LOAD_MS - 1),
  forMs: fc.integer({ min: 1, max: 15_000 }),
  rampMs: fc.integer({ min: 1, max: 3_000 }),
  repeat: fc.option(
    fc.record({ times: fc.integer({ min: 2, max: 3 }), gapMs: fc.integer({ min: 1, max: 3_000 }) }),
  ),
  what: fc.oneof(claim, fc.uniqueArray(part, { minLength: 1, maxLength: 3, selector: ({ kind }) => kind })),
});

const anyFaults = fc.array(timed, { minLength: 1, maxLength: 4 }).map((list) =>
  list.map(({ atMs, forMs, rampMs, repeat, what }, index) => {
    const common = {
      name: `f${index}`,
      at: text(atMs),
      for: text(forMs),
      ...(repeat === null ? {} : { repeat: { times: repeat.times, every: text(forMs + repeat.gapMs) } }),
    };
    const own = Array.isArray(what) ? { kind: 'group', parts: what } : grown(what, rampMs);
    return faultSchema.parse({ ...own, ...common });
  }),
);

interface Trouble {
  /** The how-many-th call of a control that rejects, after it was carried out or before; 0: none. */
  readonly failingCall: number;
  readonly carriedOut: boolean;
  readonly abortMs: number | null;
  /** What every call of a control takes. */
  readonly tookMs: number;
}

const anyTrouble: fc.Arbitrary<Trouble> = fc.record({
  failingCall: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 40 })),
  carriedOut: fc.boolean(),
  abortMs: fc.option(fc.nat(LOAD_MS + 5_000)),
  tookMs: fc.constantFrom(0, 5, 300),
});

interface Call {
  readonly what: 'set' | 'clear';
  readonly id: string;
  /** Whether the walk had been ended by then, by a failure or the signal. */
  readonly over: boolean;
}

/** Walks the faults in virtual time; what controls were told, and what they hold in the end. */
async function walk(faults: readonly FaultSpec[], { failingCall, carriedOut, abortMs, tookMs }: Trouble) {
  const calls: Call[] = [];
  const held = new Set<string>();
  const abort = new AbortController();
  let failure = false;
  const call = async (what: Call['what'], id: string, act: () => void): Promise<void> => {
    calls.push({ what, id, over: failure || abort.signal.aborted });
    const fails = calls.length === failingCall;
    if (!fails || carriedOut) act();
    if (tookMs > 0) await new Promise((resolve) => setTimeout(resolve, tookMs));
    failure ||= fails;
    if (fails) throw new Error('refused by chance');
  };
  const control: FaultControl<object> = {
    setFault: ({ id }) => call('set', id, () => held.add(id)),
    clearFault: ({ id }) => call('clear', id, () => held.delete(id)),
    renewFault: async ({ id }) => ({ known: held.has(id) }),
  };
  const options: FaultsOptions = {
    clock: () => Date.now() * 1_000,
    journal: () => {},
    network: control,
    service: control,
    callers: control,
    prober: {
      probe: async () => {
        await new Promise((resolve) => setTimeout(resolve, 500));
        return { observed: 'ok', status: 200, elapsedMs: 500 };
      },
    },
  };
  if (abortMs !== null) setTimeout(() => abort.abort(), abortMs);
  const run = createInjector(options).run(timelineOf(faults, LOAD_MS * 1_000, view), 0, abort.signal);
  const settled = Promise.allSettled([run]);
  await vi.advanceTimersByTimeAsync(LOAD_MS + 120_000);
  const [result] = await settled;
  return { calls, held, failed: result?.status === 'rejected' };
}

test('whatever is applied is withdrawn exactly once and in reverse order, whatever fails and whenever it ends', async () => {
  let liftedTogether = 0;
  await fc.assert(
    fc
      .asyncProperty(anyFaults, anyTrouble, async (faults, trouble) => {
        const { calls, held, failed } = await walk(faults, trouble);
        const cleared = new Set<string>();
        const applied = new Map<string, number>();
        for (const [index, { what, id }] of calls.entries()) {
          // Withdrawn once, and never given again after that.
          expect([id, cleared.has(id)]).toEqual([id, false]);
          if (what === 'clear') cleared.add(id);
          else if (!applied.has(id)) applied.set(id, index);
        }
        for (const id of applied.keys()) expect([id, cleared.has(id)]).toEqual([id, true]);
        const pairs = togetherPairs(calls, faults);
        liftedTogether += pairs.length;
        for (const [one, other] of pairs)
          expect([one, other, (applied.get(one) ?? -1) > (applied.get(other) ?? -1)]).toEqual([
            one,
            other,
            true,
          ]);
        // A call that failed before it was carried out leaves its fault to the lease.
        if (!failed) expect([...held]).toEqual([]);
      })
      .beforeEach(() => {
        vi.clearAllTimers();
        vi.setSystemTime(0);
      }),
    { numRuns: 150 },
  );
  expect(liftedTogether).toBeGreaterThan(20);
}, 60_000);

/** Orders lifted one after the other that were to end at one moment: all that were in force when the walk was ended. */
function togetherPairs(
  calls: readonly Call[],
  faults: readonly FaultSpec[],
): readonly (readonly [string, string])[] {
  const applied = new Set(calls.filter(({ what }) => what === 'set').map(({ id }) => id));
  const faultOf = (id: string): string => id.replace(/#\d+$/, '');
  const endOf = new Map(
    timelineOf(faults, LOAD_MS * 1_000, view).faults.map(({ name, toUs }) => [name, toUs] as const),
  );
  const clears = calls.filter(({ what, id }) => what === 'clear' && applied.has(id));
  const begunBefore = new Set(clears.filter(({ over }) => !over).map(({ id }) => faultOf(id)));
  const cause = ({ id }: Call): string =>
    begunBefore.has(faultOf(id)) ? `end at ${endOf.get(faultOf(id))}` : 'the walk was ended';
  return clears.flatMap((call, index) => {
    const next = clears[index + 1];
    return next !== undefined && cause(call) === cause(next) ? [[call.id, next.id] as const] : [];
  });
}
