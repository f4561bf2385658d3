/**
 * Who of the callers a fault of their own surroundings hits. The one draw that the fault and the probe that looks for
 * it share, so that a probe never asks in the name of a caller who was spared. Pure.
 */

import { createRandom } from '../time/random.ts';

/** Every field narrows. */
export interface CallerChoice {
  /** All locations without it. */
  readonly locations?: readonly string[];
  /** Names of groups; all without it. */
  readonly groups?: readonly string[];
  /** Share of matching callers, drawn for each of them; above 0 and at most 1. */
  readonly share: number;
}

export interface CallerIdentity {
  /** `{group}-{number}`. */
  readonly name: string;
  readonly group: string;
  readonly location: string;
}

/** The draw hangs on seed and name alone: a share that grows adds callers and lets none go. */
export function isChosen(choice: CallerChoice, seed: number, caller: CallerIdentity): boolean {
  if (choice.locations?.includes(caller.location) === false) return false;
  if (choice.groups?.includes(caller.group) === false) return false;
  return choice.share >= 1 || createRandom(seed).fork(`caller ${caller.name}`).next() < choice.share;
}
