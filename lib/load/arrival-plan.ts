/**
 * Decides every arrival of a run before it starts: when, by which caller, asking what. An open model: nothing
 * that the service does can thin this plan out, so a slow service cannot silence its own measurement.
 */

import type { Random } from '../time/random.ts';
import type { LoadGroup, Operation } from './load-spec.ts';

export interface Arrival {
  /** Number in the plan, from 0, in order of time. */
  readonly arrival: number;
  /** Microseconds of the run; below the duration. */
  readonly plannedUs: number;
  /** Index of the group. */
  readonly group: number;
  /** Index of the caller in its group. */
  readonly caller: number;
  readonly operation: Operation;
}

/** The part of a group that the plan depends on. */
export type PlannedGroup = Pick<LoadGroup, 'name' | 'callers' | 'ratePerSecond' | 'operations' | 'arrivals'>;

/** Sorted by `plannedUs`. Each group draws from a stream of its own, so another group never shifts its plan. */
export function planArrivals(
  groups: readonly PlannedGroup[],
  durationUs: number,
  random: Random,
): readonly Arrival[] {
  const unsorted = groups.flatMap((group, index) =>
    planGroup(group, index, durationUs, random.fork(group.name)),
  );
  // Array sorting is stable: arrivals of one microsecond keep the order of their groups.
  unsorted.sort((one, other) => one.plannedUs - other.plannedUs);
  return unsorted.map((arrival, index) => ({ ...arrival, arrival: index }));
}

function planGroup(
  group: PlannedGroup,
  index: number,
  durationUs: number,
  random: Random,
): Omit<Arrival, 'arrival'>[] {
  const times = random.fork('times');
  const draws = random.fork('operations');
  const pick = operationPicker(group.operations);
  const turns = shuffledTurns(group.callers, random.fork('callers'));
  const meanGapUs = 1_000_000 / group.ratePerSecond;
  const gapUs = group.arrivals === 'even' ? () => meanGapUs : () => times.exponential(meanGapUs);
  const planned: Omit<Arrival, 'arrival'>[] = [];
  // The first arrival of an even group stands at a random phase, or all groups would knock together.
  let atUs = group.arrivals === 'even' ? times.next() * meanGapUs : gapUs();
  while (atUs < durationUs) {
    const caller = turns[planned.length % turns.length] ?? 0;
    planned.push({ plannedUs: Math.floor(atUs), group: index, caller, operation: pick(draws.next()) });
    atUs += gapUs();
  }
  return planned;
}

/** Callers take turns in an order that the seed decides (Fisher and Yates). */
function shuffledTurns(callers: number, random: Random): readonly number[] {
  const turns = Array.from({ length: callers }, (_, index) => index);
  for (let last = callers - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    const moved = turns[last] ?? 0;
    turns[last] = turns[other] ?? 0;
    turns[other] = moved;
  }
  return turns;
}

/** Maps a number in [0, 1) to an operation by weight; an operation of weight 0 is never picked. */
function operationPicker(weights: PlannedGroup['operations']): (draw: number) => Operation {
  const entries = (Object.entries(weights) as [Operation, number][]).filter(([, weight]) => weight > 0);
  const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
  const last = entries.at(-1);
  if (last === undefined) throw new RangeError('a group needs an operation with a weight above 0');
  return (draw) => {
    let left = draw * total;
    for (const [operation, weight] of entries) {
      left -= weight;
      if (left < 0) return operation;
    }
    return last[0];
  };
}
