/** Lets a fault grow: the same orders again and again, each time with more strength, until it has all of it. */

import type { Clock } from '../time/monotonic.ts';
import { type Controls, giveOrders } from './orders.ts';
import type { PlannedFault } from './timeline.ts';
import { wait } from './wait.ts';

const STEP_US = 250_000;

/**
 * Resolves when the fault has its full strength, or with the signal; at once for one that does not grow. No order is
 * under way then. Rejects with the error of a control.
 * @param originUs Zero of the run on the clock.
 */
export async function grow(
  controls: Controls,
  fault: PlannedFault,
  clock: Clock,
  originUs: number,
  signal: AbortSignal,
): Promise<void> {
  const { fromUs, fullUs } = fault;
  if (fullUs === undefined) return;
  // Until all of it was given: the time may come while a lesser order is under way.
  for (let strength = 0; strength < 1; ) {
    const nowUs = clock() - originUs;
    const step = Math.floor((nowUs - fromUs) / STEP_US) + 1;
    const nextUs = Math.min(fullUs, fromUs + step * STEP_US);
    // A timer may be a little early, and a step that is given twice does no harm.
    await wait(Math.ceil((nextUs - nowUs) / 1_000), signal);
    if (signal.aborted) return;
    strength = strengthAt(fault, clock() - originUs);
    await giveOrders(controls, fault, strength);
  }
}

/** In the middle of the step that `nowUs` of the run falls into, so that steps are neither early nor late on average. */
export function strengthAt({ fromUs, fullUs = fromUs }: PlannedFault, nowUs: number): number {
  if (nowUs >= fullUs) return 1;
  const middleUs = (Math.floor(Math.max(0, nowUs - fromUs) / STEP_US) + 0.5) * STEP_US;
  return Math.min(1, middleUs / (fullUs - fromUs));
}
