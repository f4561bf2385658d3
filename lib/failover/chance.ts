/** Chance without memory: a policy keeps its seed in its state, so that the same state always leads to the same step. */

export interface Draw {
  /** From 0 up to, but not including, 1. */
  readonly value: number;
  /** For the next draw. */
  readonly seed: number;
}

/** @param seed Unsigned 32 bits. Steps of a Weyl sequence, each scrambled by multiplications: no pattern that a jitter could show. */
export function draw(seed: number): Draw {
  const next = (seed + 0x9e37_79b9) >>> 0;
  return { value: scrambled(next) / 0x1_0000_0000, seed: next };
}

/** A seed of its own for every caller of a load. */
export function callerSeed(seed: number, group: number, caller: number): number {
  return scrambled((scrambled((scrambled(seed >>> 0) + group) >>> 0) + caller) >>> 0);
}

function scrambled(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x21f0_aaad);
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a_2d97);
  return (bits ^ (bits >>> 15)) >>> 0;
}
