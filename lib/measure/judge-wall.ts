/**
 * Judges the walls between AWS partitions: every ordered pair must have been tried and answered, none may have
 * accepted, and each partition must have accepted its own, as credentials that work nowhere prove nothing.
 */
import type { ExpectationOf } from './expectation.ts';
import type { History } from './history.ts';
import type { Judged } from './judged.ts';
import { type WallCell, wallsOf } from './walls.ts';
import { count, listOf, plural } from './wording.ts';

export function judgeWall(history: History, _expectation: ExpectationOf<'partition-wall'>): Judged {
  const cells = wallsOf(history);
  const across = cells.filter((cell) => cell.credentials !== cell.endpoint);
  const accepted = across.reduce((sum, cell) => sum + cell.accepted, 0);
  const n = across.reduce((sum, cell) => sum + cell.answered, 0);
  const shape = { unit: 'requests', low: null, high: null, limit: 0, n } as const;
  const holes = across.filter((cell) => cell.accepted > 0);
  if (holes.length > 0) {
    const list = listOf(holes.map((cell) => holeOf(history, cell)));
    const sentence = `The wall between partitions has ${plural(holes.length, 'hole')}: ${list}.`;
    return { ...shape, verdict: 'fail', value: accepted, sentence };
  }
  const unknown = gapOf(cells, across);
  if (unknown !== undefined) {
    return { ...shape, verdict: 'inconclusive', value: n === 0 ? null : 0, sentence: unknown };
  }
  const sentence = `Each of ${count(across.length)} ordered pairs of partitions refused the other's credentials in all ${count(n)} answered attempts.`;
  return { ...shape, verdict: 'pass', value: 0, sentence };
}

/** Names the hole and one request that went through it. */
function holeOf(history: History, cell: WallCell): string {
  const [row] = cell.acceptedRows;
  const example = row === undefined ? '' : exampleOf(history, row);
  return `${cell.endpoint} accepted credentials of ${cell.credentials} ${plural(cell.accepted, 'time')}${example}`;
}

function exampleOf(history: History, row: number): string {
  const sample = history.samples.row(row);
  return ` (first: ${sample.operation} by ${sample.caller} at ${sample.endpoint}, request ${sample.requestId})`;
}

function gapOf(cells: readonly WallCell[], across: readonly WallCell[]): string | undefined {
  if (across.length === 0) return 'There is only one partition, so there is no wall to judge.';
  const unanswered = across.filter((cell) => cell.answered === 0);
  if (unanswered.length > 0) {
    const pairs = listOf(unanswered.map((cell) => `${cell.credentials} at ${cell.endpoint}`));
    return `No attempt was answered for ${pairs}, so that part of the wall is unknown.`;
  }
  const idle = cells.filter((cell) => cell.credentials === cell.endpoint && cell.accepted === 0);
  if (idle.length > 0) {
    const names = listOf(idle.map((cell) => cell.credentials));
    return `Credentials of ${names} were not accepted at home either, so their refusal elsewhere proves nothing.`;
  }
  return undefined;
}
