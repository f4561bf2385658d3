/**
 * When each single caller noticed a fault, was served elsewhere and came home. The group's milestones are the
 * first of these; an expectation on recovery asks for the last.
 */
import type { CallerRecord } from '../journal/event.ts';
import type { FaultInterval } from './fault-intervals.ts';
import { faultedLinks, type History, homeLink, linkOf } from './history.ts';

export interface CallerMilestone {
  readonly caller: string;
  readonly name: 'firstFailure' | 'detected' | 'failedOver' | 'failedBack';
  /** Microseconds of the run. */
  readonly atUs: number;
  /** Row of the sample that marks it. */
  readonly row: number;
}

/** Only what was reached; a caller that never failed has none. Definitions: see `MilestoneName`. */
export function callerMilestonesOf(
  history: History,
  fault: FaultInterval,
  callers: readonly CallerRecord[],
): readonly CallerMilestone[] {
  if (fault.appliedRequestedUs === null) return [];
  const rows = rowsByCaller(history);
  const faulted = faultedLinks(history, fault);
  return callers.flatMap((caller) =>
    marksOf({ history, fault, faulted, caller, rows: rows.get(caller.name) ?? [] }),
  );
}

interface Subject {
  readonly history: History;
  readonly fault: FaultInterval;
  readonly faulted: ReadonlySet<string>;
  readonly caller: CallerRecord;
  readonly rows: readonly number[];
}

function marksOf({ history, fault, faulted, caller, rows }: Subject): CallerMilestone[] {
  const { samples } = history;
  const started = (row: number): number => samples.startedUs[row] ?? 0;
  const ended = (row: number): number => samples.endedUs[row] ?? 0;
  const onFaultedLink = (row: number): boolean =>
    faulted.has(linkOf(history, caller.location, samples.endpoint.at(row))?.id ?? '');
  const succeeded = (row: number): boolean => samples.outcome.at(row) === 'ok';

  const orderedUs = fault.appliedRequestedUs ?? 0;
  const overUs = fault.liftedUs ?? history.durationUs;
  const failures = rows.filter(
    (row) =>
      ['failed', 'indeterminate'].includes(samples.outcome.at(row)) &&
      onFaultedLink(row) &&
      ended(row) >= orderedUs &&
      started(row) < overUs,
  );
  const failure = earliest(failures, ended);
  if (failure === undefined) return [];
  const failedAtUs = ended(failure);
  const marks: CallerMilestone[] = [
    { caller: caller.name, name: 'firstFailure', atUs: failedAtUs, row: failure },
  ];
  const mark = (
    name: CallerMilestone['name'],
    row: number | undefined,
    at: (row: number) => number,
  ): void => {
    if (row !== undefined) marks.push({ caller: caller.name, name, atUs: at(row), row });
  };

  const elsewhere = rows.filter(
    (row) => samples.outcome.at(row) !== 'dropped' && !onFaultedLink(row) && started(row) >= failedAtUs,
  );
  mark('detected', earliest(elsewhere, started), started);
  mark('failedOver', earliest(elsewhere.filter(succeeded), ended), ended);

  const liftedUs = fault.liftedUs;
  if (liftedUs === null) return marks;
  const home = homeLink(history, caller)?.host;
  const failedOperations = new Set(failures.map((row) => samples.operation.at(row)));
  const homecomings = rows.filter(
    (row) =>
      succeeded(row) &&
      samples.endpoint.at(row) === home &&
      failedOperations.has(samples.operation.at(row)) &&
      ended(row) > liftedUs,
  );
  mark('failedBack', earliest(homecomings, ended), ended);
  return marks;
}

function earliest(rows: readonly number[], at: (row: number) => number): number | undefined {
  let best: number | undefined;
  for (const row of rows) if (best === undefined || at(row) < at(best)) best = row;
  return best;
}

function rowsByCaller(history: History): ReadonlyMap<string, readonly number[]> {
  const { caller, length } = history.samples;
  const lists = caller.values.map((): number[] => []);
  for (let row = 0; row < length; row += 1) lists[caller.codes[row] ?? -1]?.push(row);
  return new Map(caller.values.map((name, code) => [name, lists[code] ?? []]));
}
