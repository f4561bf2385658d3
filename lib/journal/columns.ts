/**
 * Which columns the two Arrow files of a run have, in order, with their types: the one place that says so for
 * writer, reader and documentation. Names and types are part of the contract with users.
 */
import type { Sample, ServiceRecord } from './sample.ts';

/** `dictionary` is utf8 behind an int32 index, for columns of few distinct values; `text` is plain utf8. */
export type ColumnKind = 'int64' | 'int32' | 'uint32' | 'uint16' | 'uint8' | 'bool' | 'dictionary' | 'text';

export interface Column<Row> {
  readonly name: string;
  readonly field: keyof Row & string;
  readonly kind: ColumnKind;
}

export const SAMPLE_COLUMNS = [
  { name: 'planned_us', field: 'plannedUs', kind: 'int64' },
  { name: 'started_us', field: 'startedUs', kind: 'int64' },
  { name: 'ended_us', field: 'endedUs', kind: 'int64' },
  { name: 'caller', field: 'caller', kind: 'dictionary' },
  { name: 'location', field: 'location', kind: 'dictionary' },
  { name: 'endpoint', field: 'endpoint', kind: 'dictionary' },
  { name: 'serving_region', field: 'servingRegion', kind: 'dictionary' },
  { name: 'operation', field: 'operation', kind: 'dictionary' },
  { name: 'arrival', field: 'arrival', kind: 'uint32' },
  { name: 'attempt', field: 'attempt', kind: 'uint8' },
  { name: 'outcome', field: 'outcome', kind: 'dictionary' },
  { name: 'status', field: 'status', kind: 'uint16' },
  { name: 'error_code', field: 'errorCode', kind: 'dictionary' },
  { name: 'reused', field: 'reused', kind: 'bool' },
  { name: 'connect_us', field: 'connectUs', kind: 'int32' },
  { name: 'tls_us', field: 'tlsUs', kind: 'int32' },
  { name: 'wait_us', field: 'waitUs', kind: 'int32' },
  { name: 'request_id', field: 'requestId', kind: 'text' },
] as const satisfies readonly Column<Sample>[];

export const SERVICE_COLUMNS = [
  { name: 'received_us', field: 'receivedUs', kind: 'int64' },
  { name: 'ended_us', field: 'endedUs', kind: 'int64' },
  { name: 'region', field: 'region', kind: 'dictionary' },
  { name: 'host', field: 'host', kind: 'dictionary' },
  { name: 'operation', field: 'operation', kind: 'dictionary' },
  { name: 'status', field: 'status', kind: 'uint16' },
  { name: 'error_code', field: 'errorCode', kind: 'dictionary' },
  // Every session has a key id of its own, so a dictionary would only grow.
  { name: 'access_key_id', field: 'accessKeyId', kind: 'text' },
  { name: 'account', field: 'account', kind: 'dictionary' },
  { name: 'caller', field: 'caller', kind: 'dictionary' },
  { name: 'request_id', field: 'requestId', kind: 'text' },
] as const satisfies readonly Column<ServiceRecord>[];
