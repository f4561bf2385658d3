/** Whether what was not broken stayed whole: Regions outside each fault, and the walls between partitions. Pure. */
import type { History } from '../../lib/measure/history.ts';
import { type Estimate, wilson } from '../../lib/measure/intervals.ts';
import { type IsolationRow, isolationOf } from '../../lib/measure/isolation.ts';
import { type WallCell, wallsOf } from '../../lib/measure/walls.ts';

export interface IsolationModel {
  /** Regions that somebody watched. */
  readonly regions: readonly IsolationRow[];
  /** Regions that nobody had for a home, by fault: nothing is known of them. */
  readonly unwatched: readonly { readonly fault: string; readonly region: string }[];
  readonly walls: Walls;
  /** Planned faults. */
  readonly faults: number;
}

export interface Walls {
  readonly partitions: readonly string[];
  readonly cells: readonly (WallCell & { readonly verdict: CellVerdict })[];
  /** Answered attempts with credentials of another partition. */
  readonly crossings: {
    readonly answered: number;
    readonly accepted: number;
    readonly share: Estimate | null;
  };
  readonly leaks: readonly Leak[];
}

/**
 * `expected`: accepted at home, refused elsewhere; `unexpected`: the other way round; `unknown`: no attempt was
 * answered.
 */
export type CellVerdict = 'expected' | 'unexpected' | 'unknown';

/** An attempt that crossed a wall. */
export interface Leak {
  readonly atUs: number;
  readonly credentials: string;
  readonly endpoint: string;
  readonly caller: string;
  readonly operation: string;
  readonly requestId: string;
}

export function isolationModel(history: History): IsolationModel {
  const rows = isolationOf(history);
  return {
    faults: history.faults.length,
    regions: rows.filter(({ groups }) => groups.length > 0),
    unwatched: rows
      .filter(({ groups }) => groups.length === 0)
      .map(({ fault, region }) => ({ fault, region })),
    walls: wallsModel(history),
  };
}

function wallsModel(history: History): Walls {
  const cells = wallsOf(history).map((cell) => ({ ...cell, verdict: verdictOf(cell) }));
  const across = cells.filter(isAcross);
  const answered = across.reduce((sum, cell) => sum + cell.answered, 0);
  const accepted = across.reduce((sum, cell) => sum + cell.accepted, 0);
  return {
    partitions: [...new Set(cells.map(({ credentials }) => credentials))],
    cells,
    crossings: { answered, accepted, share: wilson(accepted, answered) },
    leaks: across.flatMap(({ credentials, acceptedRows }) =>
      acceptedRows.map((row) => {
        const { startedUs, endpoint, caller, operation, requestId } = history.samples.row(row);
        return { atUs: startedUs, credentials, endpoint, caller, operation, requestId };
      }),
    ),
  };
}

function isAcross({ credentials, endpoint }: WallCell): boolean {
  return credentials !== endpoint;
}

function verdictOf(cell: WallCell): CellVerdict {
  if (cell.answered === 0) return 'unknown';
  return cell.accepted > 0 === isAcross(cell) ? 'unexpected' : 'expected';
}

/** `none`: the interval contains no change. `more` and `less` when it excludes it; `unknown` without one. */
export type Change = 'none' | 'more' | 'less' | 'unknown';

export function changeOf(estimate: Estimate | null): Change {
  if (estimate === null) return 'unknown';
  if (estimate.low > 0) return 'more';
  return estimate.high < 0 ? 'less' : 'none';
}
