/**
 * The walls between AWS partitions: for each ordered pair, were credentials of the one accepted by endpoints of
 * the other? Off the diagonal a single acceptance is a hole; on it acceptance shows that the credentials work.
 */
import type { CallerRecord } from '../journal/event.ts';
import type { History } from './history.ts';

export interface WallCell {
  /** Partition whose credentials were shown. */
  readonly credentials: string;
  /** Partition whose endpoint was asked. */
  readonly endpoint: string;
  /** Attempts sent. */
  readonly tried: number;
  /** Attempts that got any answer; the others prove nothing about the wall. */
  readonly answered: number;
  readonly accepted: number;
  /** Refusals by STS error code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Attempts answered by kind of credential. */
  readonly answeredByKind: Readonly<Record<CallerRecord['credential'], number>>;
  /** Rows of the accepted samples, the first {@link ACCEPTED_LISTED} of them. */
  readonly acceptedRows: readonly number[];
}

export const ACCEPTED_LISTED = 20;

/**
 * One cell per ordered pair of the partitions that callers or links belong to, diagonal included, in order of
 * appearance. Untried pairs are there with zeros.
 */
export function wallsOf(history: History): readonly WallCell[] {
  const partitionOfHost = new Map(history.links.map((link) => [link.host, link.partition]));
  const partitions = new Set([
    ...[...history.callers.values()].map((caller) => caller.partition),
    ...partitionOfHost.values(),
  ]);
  const cells = new Map<string, MutableCell>();
  for (const credentials of partitions) {
    for (const endpoint of partitions)
      cells.set(`${credentials}>${endpoint}`, emptyCell(credentials, endpoint));
  }
  const { samples } = history;
  for (let row = 0; row < samples.length; row += 1) {
    const caller = history.callers.get(samples.caller.at(row));
    const endpoint = partitionOfHost.get(samples.endpoint.at(row));
    const cell = cells.get(`${caller?.partition}>${endpoint}`);
    if (caller === undefined || cell === undefined || samples.outcome.at(row) === 'dropped') continue;
    cell.tried += 1;
    if ((samples.status[row] ?? 0) === 0) continue;
    cell.answered += 1;
    cell.answeredByKind[caller.credential] += 1;
    if (samples.outcome.at(row) === 'ok') {
      cell.accepted += 1;
      if (cell.acceptedRows.length < ACCEPTED_LISTED) cell.acceptedRows.push(row);
    } else {
      const code = samples.errorCode.at(row);
      cell.refused[code] = (cell.refused[code] ?? 0) + 1;
    }
  }
  return [...cells.values()];
}

interface MutableCell extends WallCell {
  tried: number;
  answered: number;
  accepted: number;
  refused: Record<string, number>;
  answeredByKind: Record<CallerRecord['credential'], number>;
  acceptedRows: number[];
}

function emptyCell(credentials: string, endpoint: string): MutableCell {
  return {
    credentials,
    endpoint,
    tried: 0,
    answered: 0,
    accepted: 0,
    refused: {},
    answeredByKind: { 'long-term': 0, session: 0 },
    acceptedRows: [],
  };
}
