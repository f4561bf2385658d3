/**
 * Sees a fault's life with real requests: the healthy path before, the bite, and the healed path after. Knows which
 * other faults hold the same path, since what they do must not be taken for this one's doing, nor for its harm.
 */

import type { EventBody } from '../journal/event.ts';
import type { Clock } from '../time/monotonic.ts';
import type { Prober } from './control.ts';
import { type Before, type Life, sharePath } from './life.ts';
import { type Elapsed, type Evidence, type ProofRequest, prove } from './proof.ts';
import type { PlannedFault } from './timeline.ts';
import { whenAborted } from './wait.ts';

export interface WitnessOptions {
  readonly prober: Prober;
  readonly clock: Clock;
  readonly tell: (body: EventBody) => void;
  /** In the order of applying; read at each look. */
  readonly inForce: readonly Life[];
}

const HEAL_WITHIN_MS = 5_000;
/** After an abort the promise is "healed within 2 s": a look, and a second one. */
const HEAL_WITHIN_ABORTED_MS = 1_500;
const LOOKS_ABORTED = 2;

export class Witness {
  readonly #options: WitnessOptions;
  /** What looks over paths took when no fault held them. */
  readonly #healthyMs = new Map<string, number>();
  /** Lifted, and not yet seen to be gone; what calls a look off, and when the last of them is over. */
  readonly #healing = new Map<
    Life,
    { disturbed: AbortController; readonly over: PromiseWithResolvers<void> }
  >();

  constructor(options: WitnessOptions) {
    this.#options = options;
  }

  /** One look at the path while nothing holds it and all that did has healed, or until the signal fires. */
  async before({ fault }: Life, signal: AbortSignal): Promise<Before> {
    for (;;) {
      const beside = this.#beside(fault);
      const healing = this.#healingBeside(fault);
      const evidence = await this.#look(fault, { phase: 'before', baseline: new Map(), withinMs: 0, signal });
      const { elapsedMs } = evidence;
      if (beside.length + healing.length + this.#beside(fault).length === 0) {
        for (const [key, ms] of elapsedMs) this.#healthyMs.set(key, ms);
        this.#tellProbed(fault, 'before', evidence);
        return { elapsedMs, beside };
      }
      // What such a look saw is no health, yet a second delay is only seen against the first.
      const gone = [...beside.map(({ lifted }) => lifted.promise), ...healing];
      await Promise.race([Promise.all(gone), whenAborted(signal)]);
      if (signal.aborted) return { elapsedMs, beside };
    }
  }

  /** Whether the fault was seen to bite over every path. One that another hides is looked at again when that is gone. */
  async bite(life: Life, signal: AbortSignal): Promise<boolean> {
    const { fault } = life;
    const before = await life.before;
    for (;;) {
      const beside = this.#beside(fault);
      const evidence = await this.#look(fault, {
        phase: 'during',
        baseline: this.#baseline(before),
        withinMs: fault.plan.proveWithinMs + this.#healingMs(fault),
        signal,
      });
      this.#tellProbed(fault, 'during', evidence);
      if (evidence.proved || signal.aborted) return evidence.proved;
      const left = this.#beside(fault);
      if (beside.every((other) => this.#options.inForce.includes(other))) {
        if (left.length === 0) return false;
        await Promise.race([...left.map(({ lifted }) => lifted.promise), whenAborted(signal)]);
      }
      if (signal.aborted) return false;
    }
  }

  /**
   * Whether every path looks as it did. A path under another fault cannot: it is waited for, and a look that another
   * fault comes into is taken again.
   * @param stop Called off: the path gets a last short look.
   */
  async heal(life: Life, stop: AbortSignal): Promise<boolean> {
    const { fault } = life;
    const { elapsedMs, beside } = await life.before;
    const baseline = new Map([...this.#healthyMs, ...(beside.length === 0 ? elapsedMs : [])]);
    const over = Promise.withResolvers<void>();
    for (;;) {
      for (let [other] = this.#beside(fault); other !== undefined; [other] = this.#beside(fault))
        await other.lifted.promise;
      const disturbed = new AbortController();
      this.#healing.set(life, { disturbed, over });
      const hurried = stop.aborted;
      const signal = hurried ? disturbed.signal : AbortSignal.any([disturbed.signal, stop]);
      const withinMs = hurried ? HEAL_WITHIN_ABORTED_MS : (fault.plan.healWithinMs ?? HEAL_WITHIN_MS);
      const evidence = await this.#look(fault, {
        phase: 'after',
        baseline,
        withinMs,
        ...(hurried ? { looksAtMost: LOOKS_ABORTED } : {}),
        signal,
      });
      if (!evidence.proved && signal.aborted) continue;
      this.#healing.delete(life);
      over.resolve();
      this.#tellProbed(fault, 'after', evidence);
      this.#options.tell({ kind: 'fault.healed', fault: fault.name, healed: evidence.proved });
      return evidence.proved;
    }
  }

  /** A fault is about to be applied: looks at paths that heal must not blame them for it. */
  disturb(fault: PlannedFault): void {
    for (const [life, { disturbed }] of this.#healing) if (sharePath(life.fault, fault)) disturbed.abort();
  }

  #beside(fault: PlannedFault): readonly Life[] {
    return this.#options.inForce.filter((life) => life.fault !== fault && sharePath(life.fault, fault));
  }

  /** How long a fault that was lifted may still be felt on the path, as one whose undoing travels. */
  #healingMs(fault: PlannedFault): number {
    const times = [...this.#healing.keys()]
      .filter((life) => sharePath(life.fault, fault))
      .map((life) => life.fault.plan.healWithinMs ?? 0);
    return Math.max(0, ...times);
  }

  #healingBeside(fault: PlannedFault): readonly Promise<void>[] {
    return [...this.#healing].flatMap(([life, { over }]) =>
      sharePath(life.fault, fault) ? [over.promise] : [],
    );
  }

  /** What probes took before: under the faults that were in force then while they are, else of the healthy path. */
  #baseline({ elapsedMs, beside }: Before): Elapsed {
    if (beside.length === 0) return new Map([...this.#healthyMs, ...elapsedMs]);
    return beside.every((other) => this.#options.inForce.includes(other)) ? elapsedMs : this.#healthyMs;
  }

  #look({ plan }: PlannedFault, request: Omit<ProofRequest, 'probes'>): Promise<Evidence> {
    const { prober, clock } = this.#options;
    return prove(prober, clock, { ...request, probes: plan.probes });
  }

  #tellProbed({ name }: PlannedFault, phase: ProofRequest['phase'], { proved, probes }: Evidence): void {
    // A proof that was called off before its first look says nothing.
    if (proved || probes.length > 0)
      this.#options.tell({ kind: 'fault.probed', fault: name, phase, proved, probes });
  }
}
