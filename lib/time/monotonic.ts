/**
 * The one clock of a run: the system's monotonic clock, which every process on a machine shares and
 * which nobody can step. Wall time is for labels and signatures only and is read elsewhere.
 */

/** Microseconds of CLOCK_MONOTONIC, an integer below 2^53; comparable across processes of one machine. */
export function monotonicUs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000_000 + Math.floor(nanoseconds / 1_000);
}

/** Reads the time in integer microseconds of some monotonic clock. Tests pass one that they move by hand. */
export type Clock = () => number;
