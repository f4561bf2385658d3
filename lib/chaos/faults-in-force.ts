/**
 * Faults that are being proved, held and lifted, whoever decides when: journals each before it touches anything, proves
 * it, keeps its lease alive, lifts it and proves the path healed. What is applied together is lifted in reverse order.
 */

import type { EventBody } from '../journal/event.ts';
import type { Clock } from '../time/monotonic.ts';
import type { Prober } from './control.ts';
import { grow, strengthAt } from './growth.ts';
import { type Life, lifeOf } from './life.ts';
import { type Controls, giveOrders, RENEW_EVERY_MS, renewOrders, withdrawOrders } from './orders.ts';
import type { PlannedFault } from './timeline.ts';
import { wait } from './wait.ts';
import { Witness } from './witness.ts';

export interface FaultsOptions extends Controls {
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

/** A fault at the very start of a load waits this long for a look at the healthy path. */
const LEAST_LOOK_BEFORE_MS = 1_000;

export class FaultsInForce {
  /** What could not be lifted, and why. */
  readonly liftErrors: Error[] = [];
  readonly #options: FaultsOptions;
  readonly #originUs: number;
  readonly #signal: AbortSignal;
  readonly #failed = new AbortController();
  /** In the order of applying. */
  readonly #active: Life[] = [];
  readonly #witness: Witness;

  /**
   * @param originUs Zero of the run on the clock.
   * @param signal Nothing more is applied, and what heals gets a last short look.
   */
  constructor(options: FaultsOptions, originUs: number, signal: AbortSignal) {
    this.#options = options;
    this.#originUs = originUs;
    this.#signal = AbortSignal.any([signal, this.#failed.signal]);
    const { prober, clock } = options;
    this.#witness = new Witness({ prober, clock, tell: (body) => this.#tell(body), inForce: this.#active });
  }

  /** Fires with the first error of a control, of the disk, or of whoever applies. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  /** The first error is the one to report; nothing more is applied then. */
  fail(error: unknown): void {
    if (!this.#failed.signal.aborted) this.#failed.abort(error);
  }

  /** Journals what is meant, and begins to look at the healthy path. */
  prepare(fault: PlannedFault): Life {
    const { name, faultKind, title, group, fromUs, fullUs, toUs, plan } = fault;
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
    return life;
  }

  /** Resolves when the orders are given; the proof goes on as `life.during`. */
  async apply(life: Life): Promise<void> {
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

  /** Never rejects; the proof that the path healed goes on as `life.healed`. */
  async lift(life: Life): Promise<void> {
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
      this.fail(error);
    }
    life.healed = this.#witness.heal(life, this.#signal);
  }

  /** Everything applied, in reverse order. */
  async liftAll(): Promise<void> {
    for (const life of this.#active.toReversed()) await this.lift(life);
  }

  /** Whether the fault was seen to bite at its full strength. Never rejects. */
  async #growAndBite(life: Life, over: AbortSignal): Promise<boolean> {
    try {
      await grow(this.#options, life.fault, this.#options.clock, this.#originUs, over);
    } catch (error) {
      this.fail(error);
      return false;
    }
    return !over.aborted && this.#witness.bite(life, over);
  }

  async #keepLease(fault: PlannedFault, over: AbortSignal): Promise<void> {
    for (;;) {
      await wait(RENEW_EVERY_MS, over);
      if (over.aborted) return;
      try {
        await renewOrders(this.#options, fault);
      } catch (error) {
        if (!over.aborted) this.fail(error);
        return;
      }
    }
  }

  /** For events that come after the deed: a full disk ends the walk, and never stands in the way of lifting. */
  #tell(body: EventBody): void {
    try {
      this.#options.journal(body);
    } catch (error) {
      this.fail(error);
    }
  }
}
