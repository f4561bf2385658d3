/**
 * How an attempt gets out of k6: one point of a counter for each, whose metadata, which k6 neither indexes nor keeps,
 * holds the row. This is the shape of the row, for the side that writes it and the side that reads it.
 */

import type { K6Operation } from './config.ts';

export const ATTEMPT_METRIC = 'regionfall_attempt';

/** In the order in which it is written. Times are microseconds; −1: unknown. */
export interface AttemptRow {
  readonly group: string;
  /** From 0. */
  readonly caller: number;
  /** Number in the plan; where a script follows none, a negative number of its own for each call. */
  readonly arrival: number;
  readonly attempt: number;
  /** Epoch microseconds of k6's clock. */
  readonly plannedUs: number;
  readonly operation: K6Operation;
  /** Empty where nobody was asked. */
  readonly host: string;
  readonly status: number;
  readonly errorCode: string;
  readonly servingRegion: string;
  readonly requestId: string;
  readonly outcome: 'ok' | 'failed' | 'indeterminate' | 'dropped';
  /** Whether it is the last of its call, whose outcome is then this one's. */
  readonly final: boolean;
  /** From the decision to send to the end, which is the time of the point itself. */
  readonly tookUs: number;
  readonly reused: boolean;
  readonly connectUs: number;
  readonly tlsUs: number;
  readonly waitUs: number;
}

const FIELDS = [
  'group',
  'caller',
  'arrival',
  'attempt',
  'plannedUs',
  'operation',
  'host',
  'status',
  'errorCode',
  'servingRegion',
  'requestId',
  'outcome',
  'final',
  'tookUs',
  'reused',
  'connectUs',
  'tlsUs',
  'waitUs',
] as const satisfies readonly (keyof AttemptRow)[];

export function encodeRow(row: AttemptRow): string {
  return JSON.stringify(FIELDS.map((field) => row[field]));
}

/** @throws SyntaxError for text that is no such row. */
export function decodeRow(text: string): AttemptRow {
  const values: unknown = JSON.parse(text);
  if (!Array.isArray(values) || values.length !== FIELDS.length)
    throw new SyntaxError(`no row of an attempt: ${text.slice(0, 80)}`);
  const row: Record<string, unknown> = {};
  for (let index = 0; index < FIELDS.length; index += 1) row[FIELDS[index] ?? ''] = values[index];
  return row as unknown as AttemptRow;
}
