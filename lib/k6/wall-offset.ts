/** How far the wall clock is ahead of the machine's monotonic one: by it, what k6 says in wall time becomes run time. */

import type { Clock } from '../time/monotonic.ts';

/**
 * Microseconds to add to the monotonic clock. The wall clock shows milliseconds: waits, a millisecond at most, for the
 * moment at which it turns.
 */
export function wallOffsetUs(now: Clock, wallClock: () => number): number {
  const before = wallClock();
  let turned = wallClock();
  while (turned === before) turned = wallClock();
  return turned * 1_000 - now();
}
