/** What callers spent on attempts that a fault made fail: in a silence, the wait is the whole harm. Pure. */
import type { CallerRecord } from '../../lib/journal/event.ts';
import type { FaultInterval } from '../../lib/measure/fault-intervals.ts';
import { faultedLinks, type History, linkOf } from '../../lib/measure/history.ts';

export interface Wait {
  /** From here on the callers had nothing but attempts under way that were to fail. Microseconds of the run. */
  readonly fromUs: number;
  /** The longest such attempt, microseconds. */
  readonly longestUs: number;
}

export function waitOf(
  history: History,
  fault: FaultInterval,
  callers: readonly CallerRecord[],
): Wait | null {
  const { samples } = history;
  const orderedUs = fault.appliedRequestedUs;
  if (orderedUs === null) return null;
  const links = faultedLinks(history, fault);
  const overUs = fault.liftedUs ?? history.durationUs;
  let [firstStartUs, firstEndUs, longestUs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0];
  const served: number[] = [];
  for (const row of rowsOf(history, callers)) {
    const [startedUs, endedUs] = [samples.startedUs[row] ?? 0, samples.endedUs[row] ?? 0];
    const outcome = samples.outcome.at(row);
    if (outcome === 'ok') served.push(endedUs);
    if (outcome !== 'failed' && outcome !== 'indeterminate') continue;
    if (!links.has(linkOf(history, samples.location.at(row), samples.endpoint.at(row))?.id ?? '')) continue;
    if (endedUs < orderedUs || startedUs >= overUs) continue;
    firstStartUs = Math.min(firstStartUs, startedUs);
    firstEndUs = Math.min(firstEndUs, endedUs);
    longestUs = Math.max(longestUs, endedUs - startedUs);
  }
  if (longestUs === 0) return null;
  const lastServedUs = served.filter((us) => us <= firstEndUs).reduce((last, us) => Math.max(last, us), 0);
  return { fromUs: Math.max(firstStartUs, lastServedUs), longestUs };
}

/** Until when anything is known of these callers: the end of the load, or their last sample when it broke off. */
export function lastSeenUs(history: History, callers: readonly CallerRecord[]): number {
  if (history.complete) return history.durationUs;
  return rowsOf(history, callers).reduce((last, row) => Math.max(last, history.samples.endedUs[row] ?? 0), 0);
}

function rowsOf({ samples }: History, callers: readonly CallerRecord[]): readonly number[] {
  const names = new Set(callers.map(({ name }) => name));
  return Array.from({ length: samples.length }, (_, row) => row).filter((row) =>
    names.has(samples.caller.at(row)),
  );
}
