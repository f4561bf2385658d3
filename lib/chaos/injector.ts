/**
 * Walks a timeline: journals a fault before it touches anything, applies it, proves it, keeps its lease alive, lifts
 * it and proves the path healed. However the walk ends, everything applied is lifted, in reverse order.
 */

import type { EventBody } from '../journal/event.ts';
import type { Clock } from '../time/monotonic.ts';
import type { Prober } from './control.ts';
import { grow, strengthAt } from './growth.ts';
import { type Life, lifeOf } from './life.ts';
import { type Controls, giveOrders, RENEW_EVERY_MS, renewOrders, withdrawOrders } from './orders.ts';
import type { PlannedFault, Timeline } from './timeline.ts';
import { wait } from './wait.ts';
import { Witness } from './witness.ts';

export interface InjectorOptions extends Controls {
  readonly prober: Prober;
  /** Writes an event; for `fault.planned` it returns only when the event is on the disk. */
  readonly journal: (body: EventBody) => void;
  readonly clock: Clock;
  /** Told before a fault is applied and after it is lifted: the guardian's list. */
  readonly watch?: FaultWatch;
}

export interface FaultWatch {
  fault(name: string): void;
  faultLifted(name: string): void;
}

export interface FaultResult {
  readonly name: string;
  /** Seen to bite. */
  readonly proved: boolean;
  /** Seen to be gone. */
  readonly healed: boolean;
}

export interface Injector {
  /**
   * Resolves when every fault of the timeline is lifted and its paths were looked at; also after the signal, which
   * ends the walk early and lifts at once. Rejects with the first error of a control, when all is lifted.
   * @param originUs Zero of the run on the clock.
   */
  run(timeline: Timeline, originUs: number, signal: AbortSignal): Promise<readonly FaultResult[]>;
  /** Ends a walk and lifts whatever is in force. Never rejects; returns what could not be lifted, and why. */
  liftAll(): Promise<readonly Error[]>;
}

/** A fault at the very start of a load waits this long for a look at the healthy path. */
const LEAST_LOOK_BEFORE_MS = 1_000;

export function createInjector(options: InjectorOptions): Injector {
  let walk: { readonly stop: AbortController; readonly ended: Promise<unknown> } | undefined;
  let lastErrors: readonly Error[] = [];
  return {
    run: (timeline, originUs, signal) => {
      if (walk !== undefined) throw new Error('an injector walks one timeline');
      const stop = new AbortController();
      const walker = new Walker(options, timeline, originUs, AbortSignal.any([signal, stop.signal]));
      const running = walker.walk().finally(() => {
        lastErrors = walker.liftErrors;
      });
      walk = { stop, ended: running.catch(() => {}) };
      return running;
    },
    liftAll: async () => {
      walk?.stop.abort();
      await walk?.ended;
      return lastErrors;
    },
  };
}

class Walker {
  readonly liftErrors: Error[] = [];
  readonly #options: InjectorOptions;
  readonly #timeline: Timeline;
  readonly #originUs: number;
  readonly #signal: AbortSignal;
  readonly #failed = new AbortController();
  readonly #lives = new Map<string, Life>();
  /** In the order of applying. */
  readonly #active: Life[] = [];
  readonly #witness: Witness;

  constructor(options: InjectorOptions, timeline: Timeline, originUs: number, signal: AbortSignal) {
    this.#options = options;
    this.#timeline = timeline;
    this.#originUs = originUs;
    this.#signal = AbortSignal.any([signal, this.#failed.signal]);
    const { prober, clock } = options;
    this.#witness = new Witness({ prober, clock, tell: (body) => this.#tell(body), inForce: this.#active });
  }

  async walk(): Promise<readonly FaultResult[]> {
    try {
      for (const step of this.#timeline.steps) {
        await wait((this.#originUs + step.atUs - this.#options.clock()) / 1_000, this.#signal);
        if (this.#signal.aborted) break;
        await this.#take(step.action, step.fault);
      }
    } catch (error) {
      this.#fail(error);
    }
    for (const life of this.#active.toReversed()) await this.#lift(life);
    const results = await Promise.all(
      [...this.#lives.values()].map(async (life) => ({
        name: life.fault.name,
        proved: await life.during,
        healed: await life.healed,
      })),
    );
    if (this.#failed.signal.aborted) throw this.#failed.signal.reason;
    return results;
  }

  async #take(action: 'prepare' | 'apply' | 'lift', name: string): Promise<void> {
    if (action === 'prepare') return this.#prepare(name);
    const life = this.#lives.get(name);
    if (life === undefined)
      throw new Error(`the timeline ${action === 'apply' ? 'applies' : 'lifts'} '${name}' unprepared`);
    await (action === 'apply' ? this.#apply(life) : this.#lift(life));
  }

  #prepare(name: string): void {
    const fault = this.#timeline.faults.find((candidate) => candidate.name === name);
    if (fault === undefined) throw new Error(`the timeline prepares '${name}', which it does not hold`);
    const { faultKind, title, group, fromUs, fullUs, toUs, plan } = fault;
    this.#options.journal({
      kind: 'fault.planned',
      fault: name,
      faultKind,
      title,
      ...(group === undefined ? {} : { group }),
      fromUs,
      toUs,
      ...(fullUs === undefined ? {} : { fullUs }),
      links: plan.links,
      regions: plan.regions,
    });
    const life = lifeOf(fault, this.#options.clock());
    life.before = this.#witness.before(life, AbortSignal.any([life.begin.signal, this.#signal]));
    this.#lives.set(name, life);
  }

  async #apply(life: Life): Promise<void> {
    const { fault } = life;
    const { clock, journal, watch } = this.#options;
    const leastUs = life.preparedUs + LEAST_LOOK_BEFORE_MS * 1_000 - clock();
    await Promise.race([life.before, wait(leastUs / 1_000, this.#signal)]);
    life.begin.abort();
    await life.before;
    if (this.#signal.aborted) return;
    watch?.fault(fault.name);
    this.#witness.disturb(fault);
    const requestedUs = clock();
    // On the list before the first order: one that fails half-way may still have arrived.
    this.#active.push(life);
    await giveOrders(this.#options, fault, strengthAt(fault, requestedUs - this.#originUs));
    journal({ kind: 'fault.applied', fault: fault.name, requestedUs });
    const over = AbortSignal.any([life.over.signal, this.#signal]);
    void this.#keepLease(fault, over);
    life.during = this.#growAndBite(life, over);
  }

  /** Whether the fault was seen to bite at its full strength. Never rejects. */
  async #growAndBite(life: Life, over: AbortSignal): Promise<boolean> {
    try {
      await grow(this.#options, life.fault, this.#options.clock, this.#originUs, over);
    } catch (error) {
      this.#fail(error);
      return false;
    }
    return !over.aborted && this.#witness.bite(life, over);
  }

  async #lift(life: Life): Promise<void> {
    const place = this.#active.indexOf(life);
    if (place < 0) return;
    const { fault } = life;
    life.over.abort();
    // A proof still under way must not see the path heal and call that its result, nor an order come after its undoing.
    await life.during;
    const requestedUs = this.#options.clock();
    const errors = await withdrawOrders(this.#options, fault);
    this.#active.splice(place, 1);
    life.lifted.resolve();
    if (errors.length === 0) {
      this.#tell({ kind: 'fault.lifted', fault: fault.name, requestedUs });
      this.#options.watch?.faultLifted(fault.name);
    }
    for (const error of errors) {
      this.liftErrors.push(error);
      const text = `fault ${fault.name} could not be lifted and ends with its lease: ${error.message}`;
      this.#tell({ kind: 'note', level: 'warning', text });
      this.#fail(error);
    }
    life.healed = this.#witness.heal(life, this.#signal);
  }

  async #keepLease(fault: PlannedFault, over: AbortSignal): Promise<void> {
    for (;;) {
      await wait(RENEW_EVERY_MS, over);
      if (over.aborted) return;
      try {
        await renewOrders(this.#options, fault);
      } catch (error) {
        if (!over.aborted) this.#fail(error);
        return;
      }
    }
  }

  /** For events that come after the deed: a full disk ends the walk, and never stands in the way of lifting. */
  #tell(body: EventBody): void {
    try {
      this.#options.journal(body);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The first error is the one to report; it ends the walk. */
  #fail(error: unknown): void {
    if (!this.#failed.signal.aborted) this.#failed.abort(error);
  }
}
