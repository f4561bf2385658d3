/**
 * Seeded chance. Every random choice of a run comes from here, so that a seed replays it. The generator is
 * sfc32 (Chris Doty-Humphrey's small fast counting generator): integer arithmetic only, equal on every engine.
 */

export interface Random {
  /** A float in [0, 1) with 32 random bits. */
  next(): number;
  /** An integer in [0, bound). */
  below(bound: number): number;
  /** Exponentially distributed with the given mean; used for Poisson arrivals. */
  exponential(mean: number): number;
  /** A generator of its own for a named purpose, so that one consumer's draws never shift another's. */
  fork(purpose: string): Random;
}

export function createRandom(seed: number | string): Random {
  const text = String(seed);
  let a = hash(text, 0x9e3779b9);
  let b = hash(text, 0x243f6a88);
  let c = hash(text, 0xb7e15162);
  let counter = 1;
  const draw = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  // The first draws of neighbouring seeds resemble each other; twelve rounds mix them apart.
  for (let round = 0; round < 12; round += 1) draw();
  const next = (): number => draw() / 0x1_0000_0000;
  return {
    next,
    below: (bound) => Math.floor(next() * bound),
    exponential: (mean) => -Math.log(1 - next()) * mean,
    fork: (purpose) => createRandom(`${text}/${purpose}`),
  };
}

/** FNV-1a over UTF-16 code units, started from `basis`. */
function hash(text: string, basis: number): number {
  let value = basis | 0;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}
