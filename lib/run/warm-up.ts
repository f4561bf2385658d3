/**
 * Calls over every link before the load begins. What a run should show cold is its callers' connections; code that
 * this process of ours runs for the first time is nobody's latency, and would make "before" look worse than "during".
 */

import { era as eraNamed } from '../aws/eras.ts';
import { stsLinks } from '../journal/event.ts';
import type { World } from '../world/local-world.ts';

/** Enough for the engine of Node to have compiled what a request needs, few enough to take about a second. */
const CALLS_IN_ALL = 240;
const TOGETHER = 12;
const TIME_LIMIT_MS = 3_000;

/** @returns A sentence for each link over which nothing was answered; none when the world is as it should be. */
export async function warmUp(world: World, user: string, signal: AbortSignal): Promise<readonly string[]> {
  const links = stsLinks(world.links);
  const silent = new Set(links);
  // The cheapest action that the era has, beside the one that costs most.
  const cheap = eraNamed(world.era).actions.has('GetCallerIdentity')
    ? 'GetCallerIdentity'
    : 'GetSessionToken';
  const rounds = Math.max(1, Math.ceil(CALLS_IN_ALL / links.length));
  const calls = Array.from({ length: rounds }, (_, round) => round).flatMap((round) =>
    links.map((link) => ({ link, operation: round % 2 === 0 ? 'AssumeRole' : cheap }) as const),
  );
  const worker = async (): Promise<void> => {
    for (let call = calls.shift(); call !== undefined && !signal.aborted; call = calls.shift()) {
      const { status } = await world.call({ ...call, user, timeLimitMs: TIME_LIMIT_MS });
      // A refusal is an answer too: a Region may be off from the start.
      if (status > 0) silent.delete(call.link);
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, worker));
  if (signal.aborted) return [];
  return [...silent].map((link) => `nothing was answered over ${link.id} before the load`);
}
