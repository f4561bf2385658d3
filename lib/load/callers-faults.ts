/**
 * What is wrong with the callers' own surroundings, and until when: their clocks, and what they are told when they look
 * a name up. Each fault holds for as long as its lease. Pure: it is told the time, and the callers ask it.
 */

import type { Clock } from '../time/monotonic.ts';
import { type CallerChoice, type CallerIdentity, isChosen } from './caller-choice.ts';

export type CallersFault =
  /** Their clocks are wrong by this, milliseconds; positive: ahead. */
  | {
      readonly kind: 'clock-skew';
      readonly callers: CallerChoice;
      readonly offsetMs: number;
      readonly seed: number;
    }
  /** Looking up these names goes wrong. Connections that are open need no name. */
  | {
      readonly kind: 'names';
      readonly callers: CallerChoice;
      readonly hosts: readonly string[];
      readonly trouble: NameTrouble;
      readonly seed: number;
    };

/**
 * `gone`: there is no such name. `empty`: the name has no address. `no-answer`: no name server answers. `stale`: the
 * address is one that was given up.
 */
export type NameTrouble = 'gone' | 'empty' | 'no-answer' | 'stale';

/** A fault with its name and the time after which it lifts itself unless it is renewed. */
export type HeldCallersFault = CallersFault & { readonly id: string; readonly leaseMs: number };

export interface CallersFaults {
  /** Puts it in force; the same id replaces, and the fault is then the latest. */
  set(fault: HeldCallersFault): void;
  /** `known` is false when the fault is not in force: its lease ran out, and whoever renews must learn of it. */
  renew(lease: { readonly id: string; readonly leaseMs: number }): { readonly known: boolean };
  /** Lifting what is not there is no error. */
  clear(fault: { readonly id: string }): void;
  /** By how much this caller's clock is ahead, milliseconds: the faults that hit it, added up. */
  skewMs(caller: CallerIdentity): number;
  /** What goes wrong when this caller looks the host up: the latest fault that hits both. */
  nameAnswer(caller: CallerIdentity, host: string): NameTrouble | undefined;
}

interface Holding {
  readonly fault: HeldCallersFault;
  untilUs: number;
  /** A caller that was drawn stays drawn, and a draw costs more than a look. */
  readonly drawn: Map<string, boolean>;
}

export function createCallersFaults(clock: Clock): CallersFaults {
  /** The latest last. */
  const held = new Map<string, Holding>();

  const inForce = (holding: Holding): boolean => {
    if (clock() < holding.untilUs) return true;
    held.delete(holding.fault.id);
    return false;
  };

  const leaseEndUs = (leaseMs: number): number => {
    if (!(leaseMs > 0)) throw new RangeError(`a lease needs a length above 0 ms, not ${leaseMs}`);
    return clock() + Math.round(leaseMs * 1_000);
  };

  return {
    set: (fault) => {
      const untilUs = leaseEndUs(fault.leaseMs);
      if (fault.kind === 'clock-skew' && !Number.isFinite(fault.offsetMs)) {
        throw new RangeError(`fault '${fault.id}' sets clocks off by ${fault.offsetMs} ms, which is no time`);
      }
      held.delete(fault.id);
      held.set(fault.id, { fault, untilUs, drawn: new Map() });
    },
    renew: ({ id, leaseMs }) => {
      const holding = held.get(id);
      if (holding === undefined || !inForce(holding)) return { known: false };
      holding.untilUs = leaseEndUs(leaseMs);
      return { known: true };
    },
    clear: ({ id }) => {
      held.delete(id);
    },
    skewMs: (caller) => {
      let sumMs = 0;
      for (const holding of held.values()) {
        const { fault } = holding;
        if (fault.kind === 'clock-skew' && inForce(holding) && hits(holding, caller)) sumMs += fault.offsetMs;
      }
      return sumMs;
    },
    nameAnswer: (caller, host) => {
      let latest: NameTrouble | undefined;
      for (const holding of held.values()) {
        const { fault } = holding;
        if (fault.kind !== 'names' || !fault.hosts.includes(host)) continue;
        if (inForce(holding) && hits(holding, caller)) latest = fault.trouble;
      }
      return latest;
    },
  };
}

function hits({ fault, drawn }: Holding, caller: CallerIdentity): boolean {
  const known = drawn.get(caller.name);
  if (known !== undefined) return known;
  const chosen = isChosen(fault.callers, fault.seed, caller);
  drawn.set(caller.name, chosen);
  return chosen;
}
