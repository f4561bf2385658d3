/**
 * The faults of a test's world: each is proved to bite before the test goes on, and proved to be gone when the test has
 * lifted it. A fault that bites nobody would make every test of failover pass.
 */

import type { WorldView } from '../chaos/fault-kind.ts';
import { FaultsInForce, type FaultsOptions } from '../chaos/faults-in-force.ts';
import { type Life, sharePath } from '../chaos/life.ts';
import { EnvironmentError } from '../errors/regionfall-error.ts';
import type { EventBody, FaultProbed } from '../journal/event.ts';
import { planTestFault, type TestFault } from './fault-order.ts';

export interface HeldFault extends AsyncDisposable {
  /** As events call it: the kind and a number. */
  readonly name: string;
  /** `eu-west-1 accepts and never answers`. */
  readonly title: string;
  /**
   * Whether real requests showed that it bites. False only while another fault holds the same path and hides it: with
   * nothing beside it a fault that does not bite is an error.
   */
  readonly proved: boolean;
  /**
   * Lifts it and waits until real requests show a healthy path; while another fault holds that path the look waits for
   * that one's lifting. The second time does nothing. The same as leaving the scope of `await using`.
   * @throws EnvironmentError RF-FAULT-NOT-HEALED.
   */
  lift(): Promise<void>;
}

export interface HeldFaults {
  /** @throws UsageError RF-FAULT-INVALID; EnvironmentError RF-FAULT-TOOTHLESS, RF-WORLD-ENDED. Nothing is in force then. */
  hold(fault: TestFault): Promise<HeldFault>;
  /** Lifts whatever is in force, in reverse order; nothing can be held afterwards. Never rejects. */
  end(): Promise<void>;
}

export interface HeldFaultsOptions extends FaultsOptions {
  readonly view: WorldView;
}

export function createHeldFaults({ view, ...options }: HeldFaultsOptions): HeldFaults {
  const ending = new AbortController();
  const looks = new Map<string, (probed: FaultProbed) => void>();
  const journal = (body: EventBody): void => {
    options.journal(body);
    if (body.kind === 'fault.probed' && body.phase === 'during') looks.get(body.fault)?.(body);
  };
  const faults = new FaultsInForce({ ...options, journal }, options.clock(), ending.signal);
  const inForce = new Set<Life>();
  /** Lifted while another fault held the same path: nobody could see yet whether it healed. */
  const unseen = new Set<Life>();
  const counts = new Map<string, number>();
  // One after the other, as on a timeline: applying beside a look at the healthy path would spoil that look.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <Value>(act: () => Promise<Value>): Promise<Value> => {
    const turn = last.then(act);
    last = turn.catch(() => {});
    return turn;
  };

  const shared = (life: Life): boolean =>
    [...inForce].some((other) => other !== life && sharePath(other.fault, life.fault));

  const lift = async (life: Life): Promise<void> => {
    if (!inForce.delete(life)) return;
    await inTurn(() => faults.lift(life));
    unseen.add(life);
    const due = [...unseen].filter((lifted) => !shared(lifted));
    for (const lifted of due) unseen.delete(lifted);
    const sick = await Promise.all(due.map(async (lifted) => ((await lifted.healed) ? [] : [lifted])));
    refuseWhenBroken(faults.failed);
    const [first] = sick.flat();
    if (first !== undefined && !ending.signal.aborted) {
      throw new EnvironmentError(`${first.fault.title}: lifted, and its path does not look healthy again`, {
        code: 'RF-FAULT-NOT-HEALED',
        hint: "world.events() has what the last requests saw, as 'fault.probed' of phase 'after'",
      });
    }
  };

  return {
    hold: async (fault) => {
      const { kind } = fault;
      const number = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, number);
      const planned = planTestFault(fault, `${kind}-${number}`, view);
      refuseWhenBroken(ending.signal);
      refuseWhenBroken(faults.failed);
      const looked = Promise.withResolvers<FaultProbed>();
      looks.set(planned.name, looked.resolve);
      const life = await inTurn(async () => {
        const prepared = faults.prepare(planned);
        inForce.add(prepared);
        await faults.apply(prepared);
        return prepared;
      }).catch((error: unknown) => {
        faults.fail(error);
        return undefined;
      });
      if (life === undefined) {
        // An order that failed half-way may still have arrived.
        await faults.liftAll();
        inForce.clear();
        throw broken(faults.failed.reason);
      }
      const seen = await Promise.race([looked.promise, life.during.then(() => undefined)]);
      looks.delete(planned.name);
      refuseWhenBroken(faults.failed);
      if (seen?.proved !== true && !shared(life)) {
        inForce.delete(life);
        await inTurn(() => faults.lift(life));
        throw toothless(life, seen);
      }
      return {
        name: planned.name,
        title: planned.title,
        proved: seen?.proved === true,
        lift: () => lift(life),
        [Symbol.asyncDispose]: () => lift(life),
      };
    },
    end: async () => {
      ending.abort(new Error('the world is being closed'));
      await last;
      inForce.clear();
      await faults.liftAll();
    },
  };
}

function refuseWhenBroken(signal: AbortSignal): void {
  if (signal.aborted) throw broken(signal.reason);
}

function broken(reason: unknown): EnvironmentError {
  const text = reason instanceof Error ? reason.message : String(reason);
  return new EnvironmentError(`the world cannot hold faults any more: ${text}`, {
    code: 'RF-WORLD-ENDED',
    hint: 'start another world; every fault of this one ends with its lease at the latest',
    cause: reason,
  });
}

function toothless({ fault }: Life, seen: FaultProbed | undefined): EnvironmentError {
  const [probe] = seen?.probes ?? [];
  const saw = probe === undefined ? '' : `: ${probe.operation} over ${probe.link} saw ${probe.observed}`;
  return new EnvironmentError(`the fault '${fault.title}' does not bite${saw}`, {
    code: 'RF-FAULT-TOOTHLESS',
    hint: 'a test that went on would prove nothing; it was lifted again',
  });
}
