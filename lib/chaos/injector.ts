/**
 * Walks a timeline: prepares, applies and lifts its faults when their time comes. However the walk ends, everything
 * applied is lifted, in reverse order.
 */

import type { Clock } from '../time/monotonic.ts';
import { FaultsInForce, type FaultsOptions } from './faults-in-force.ts';
import type { Life } from './life.ts';
import type { Timeline } from './timeline.ts';
import { wait } from './wait.ts';

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

export function createInjector(options: FaultsOptions): Injector {
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
  readonly #clock: Clock;
  readonly #timeline: Timeline;
  readonly #originUs: number;
  readonly #faults: FaultsInForce;
  readonly #signal: AbortSignal;
  readonly #lives = new Map<string, Life>();

  constructor(options: FaultsOptions, timeline: Timeline, originUs: number, signal: AbortSignal) {
    this.#clock = options.clock;
    this.#timeline = timeline;
    this.#originUs = originUs;
    this.#faults = new FaultsInForce(options, originUs, signal);
    this.#signal = AbortSignal.any([signal, this.#faults.failed]);
  }

  get liftErrors(): readonly Error[] {
    return this.#faults.liftErrors;
  }

  async walk(): Promise<readonly FaultResult[]> {
    try {
      for (const step of this.#timeline.steps) {
        await wait((this.#originUs + step.atUs - this.#clock()) / 1_000, this.#signal);
        if (this.#signal.aborted) break;
        await this.#take(step.action, step.fault);
      }
    } catch (error) {
      this.#faults.fail(error);
    }
    await this.#faults.liftAll();
    const results = await Promise.all(
      [...this.#lives.values()].map(async (life) => ({
        name: life.fault.name,
        proved: await life.during,
        healed: await life.healed,
      })),
    );
    if (this.#faults.failed.aborted) throw this.#faults.failed.reason;
    return results;
  }

  async #take(action: 'prepare' | 'apply' | 'lift', name: string): Promise<void> {
    if (action === 'prepare') return this.#prepare(name);
    const life = this.#lives.get(name);
    if (life === undefined)
      throw new Error(`the timeline ${action === 'apply' ? 'applies' : 'lifts'} '${name}' unprepared`);
    await (action === 'apply' ? this.#faults.apply(life) : this.#faults.lift(life));
  }

  #prepare(name: string): void {
    const fault = this.#timeline.faults.find((candidate) => candidate.name === name);
    if (fault === undefined) throw new Error(`the timeline prepares '${name}', which it does not hold`);
    this.#lives.set(name, this.#faults.prepare(fault));
  }
}
