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
  /** When the service answered, by its own clock, epoch milliseconds; 0 where it did not say. */
  readonly servedAtMs: number;
}

/** Between the fields; what a field has of it is escaped, so that a row is split and never parsed. */
const BETWEEN = '|';
const FIELDS = 19;

export function encodeRow(row: AttemptRow): string {
  return [
    text(row.group),
    row.caller,
    row.arrival,
    row.attempt,
    row.plannedUs,
    row.operation,
    text(row.host),
    row.status,
    text(row.errorCode),
    text(row.servingRegion),
    text(row.requestId),
    row.outcome,
    row.final ? 1 : 0,
    row.tookUs,
    row.reused ? 1 : 0,
    row.connectUs,
    row.tlsUs,
    row.waitUs,
    row.servedAtMs,
  ].join(BETWEEN);
}

/** @throws SyntaxError for text that is no such row. */
export function decodeRow(encoded: string, endedUs: number): AttemptRow & { readonly endedUs: number } {
  const fields = encoded.split(BETWEEN);
  if (fields.length !== FIELDS) throw new SyntaxError(`no row of an attempt: ${encoded.slice(0, 80)}`);
  const at = (index: number): string => fields[index] ?? '';
  return {
    group: plain(at(0)),
    caller: number(at(1)),
    arrival: number(at(2)),
    attempt: number(at(3)),
    plannedUs: number(at(4)),
    operation: at(5) as K6Operation,
    host: plain(at(6)),
    status: number(at(7)),
    errorCode: plain(at(8)),
    servingRegion: plain(at(9)),
    requestId: plain(at(10)),
    outcome: at(11) as AttemptRow['outcome'],
    final: at(12) === '1',
    tookUs: number(at(13)),
    reused: at(14) === '1',
    connectUs: number(at(15)),
    tlsUs: number(at(16)),
    waitUs: number(at(17)),
    servedAtMs: number(at(18)),
    endedUs,
  };
}

/** Also what JSON would escape, and what is no ASCII. */
function text(value: string): string {
  return SAFE.test(value) ? value : encodeURIComponent(value);
}

const SAFE = /^[\w.:/@+-]*$/;

function plain(field: string): string {
  return field.includes('%') ? decodeURIComponent(field) : field;
}

function number(field: string): number {
  const value = Number(field);
  if (Number.isNaN(value)) throw new SyntaxError(`no number in the row of an attempt: ${field.slice(0, 40)}`);
  return value;
}
