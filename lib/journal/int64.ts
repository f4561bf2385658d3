/**
 * 64-bit integers without BigInt: a column of them costs no allocation, as every time of a run fits a double
 * exactly. Layout is Arrow's (little-endian, two's complement).
 */

const TWO_TO_32 = 0x1_0000_0000;

/** Puts a safe integer, negative ones included, at `index` of a buffer seen as pairs of 32-bit halves. */
export function putInt64(halves: Int32Array, index: number, value: number): void {
  halves[2 * index] = value | 0;
  halves[2 * index + 1] = Math.floor(value / TWO_TO_32);
}

/** The integer at `index` as a double; exact up to 2^53 either way. */
export function getInt64(halves: Int32Array, index: number): number {
  const low = (halves[2 * index] ?? 0) >>> 0;
  const high = halves[2 * index + 1] ?? 0;
  return high * TWO_TO_32 + low;
}
