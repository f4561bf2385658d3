/**
 * Samples in memory, column by column: what the reader returns and everything downstream reads. A million rows
 * are a few dozen typed arrays instead of a million objects.
 */
import type { Outcome, Sample, ServiceRecord } from './sample.ts';

/** Strings by row. */
export interface TextColumn {
  at(row: number): string;
}

/** Few distinct strings: `values[codes[row]]`. Compare codes in hot loops, strings elsewhere. */
export interface DictionaryColumn extends TextColumn {
  readonly codes: Int32Array;
  readonly values: readonly string[];
}

interface TableState {
  readonly length: number;
  /** The stream was closed in order. False after a crash: up to a second of rows may be missing. */
  readonly complete: boolean;
  /** Bytes behind the last whole batch, unreadable. */
  readonly ignoredBytes: number;
}

export interface SampleTable extends TableState {
  readonly plannedUs: Float64Array;
  readonly startedUs: Float64Array;
  readonly endedUs: Float64Array;
  readonly caller: DictionaryColumn;
  readonly location: DictionaryColumn;
  readonly endpoint: DictionaryColumn;
  readonly servingRegion: DictionaryColumn;
  readonly operation: DictionaryColumn;
  readonly arrival: Uint32Array;
  readonly attempt: Uint8Array;
  readonly outcome: DictionaryColumn;
  readonly status: Uint16Array;
  readonly errorCode: DictionaryColumn;
  readonly reused: Uint8Array;
  readonly connectUs: Int32Array;
  readonly tlsUs: Int32Array;
  readonly waitUs: Int32Array;
  readonly requestId: TextColumn;
  /** One row as an object. */
  row(index: number): Sample;
}

export interface ServiceTable extends TableState {
  readonly receivedUs: Float64Array;
  readonly endedUs: Float64Array;
  readonly region: DictionaryColumn;
  readonly host: DictionaryColumn;
  readonly operation: DictionaryColumn;
  readonly status: Uint16Array;
  readonly errorCode: DictionaryColumn;
  readonly accessKeyId: TextColumn;
  readonly account: DictionaryColumn;
  readonly caller: DictionaryColumn;
  readonly requestId: TextColumn;
  row(index: number): ServiceRecord;
}

/** Samples that never were on disk: fixtures, simulations. */
export function tableOfSamples(samples: readonly Sample[]): SampleTable {
  const dictionary = (field: keyof Sample): DictionaryColumn =>
    dictionaryOf(samples.map((sample) => String(sample[field])));
  return sampleTable({
    length: samples.length,
    complete: true,
    ignoredBytes: 0,
    plannedUs: Float64Array.from(samples, (sample) => sample.plannedUs),
    startedUs: Float64Array.from(samples, (sample) => sample.startedUs),
    endedUs: Float64Array.from(samples, (sample) => sample.endedUs),
    caller: dictionary('caller'),
    location: dictionary('location'),
    endpoint: dictionary('endpoint'),
    servingRegion: dictionary('servingRegion'),
    operation: dictionary('operation'),
    arrival: Uint32Array.from(samples, (sample) => sample.arrival),
    attempt: Uint8Array.from(samples, (sample) => sample.attempt),
    outcome: dictionary('outcome'),
    status: Uint16Array.from(samples, (sample) => sample.status),
    errorCode: dictionary('errorCode'),
    reused: Uint8Array.from(samples, (sample) => (sample.reused ? 1 : 0)),
    connectUs: Int32Array.from(samples, (sample) => sample.connectUs),
    tlsUs: Int32Array.from(samples, (sample) => sample.tlsUs),
    waitUs: Int32Array.from(samples, (sample) => sample.waitUs),
    requestId: { at: (row) => samples[row]?.requestId ?? '' },
  });
}

/** Adds the row accessor to the columns of samples. */
export function sampleTable(columns: Omit<SampleTable, 'row'>): SampleTable {
  return {
    ...columns,
    row: (index) => ({
      plannedUs: columns.plannedUs[index] ?? 0,
      startedUs: columns.startedUs[index] ?? 0,
      endedUs: columns.endedUs[index] ?? 0,
      caller: columns.caller.at(index),
      location: columns.location.at(index),
      endpoint: columns.endpoint.at(index),
      servingRegion: columns.servingRegion.at(index),
      operation: columns.operation.at(index),
      arrival: columns.arrival[index] ?? 0,
      attempt: columns.attempt[index] ?? 0,
      outcome: columns.outcome.at(index) as Outcome,
      status: columns.status[index] ?? 0,
      errorCode: columns.errorCode.at(index),
      reused: columns.reused[index] === 1,
      connectUs: columns.connectUs[index] ?? -1,
      tlsUs: columns.tlsUs[index] ?? -1,
      waitUs: columns.waitUs[index] ?? -1,
      requestId: columns.requestId.at(index),
    }),
  };
}

/** Adds the row accessor to the columns of the service's own records. */
export function serviceTable(columns: Omit<ServiceTable, 'row'>): ServiceTable {
  return {
    ...columns,
    row: (index) => ({
      receivedUs: columns.receivedUs[index] ?? 0,
      endedUs: columns.endedUs[index] ?? 0,
      region: columns.region.at(index),
      host: columns.host.at(index),
      operation: columns.operation.at(index),
      status: columns.status[index] ?? 0,
      errorCode: columns.errorCode.at(index),
      accessKeyId: columns.accessKeyId.at(index),
      account: columns.account.at(index),
      caller: columns.caller.at(index),
      requestId: columns.requestId.at(index),
    }),
  };
}

export function dictionaryColumn(codes: Int32Array, values: readonly string[]): DictionaryColumn {
  return { codes, values, at: (row) => values[codes[row] ?? -1] ?? '' };
}

function dictionaryOf(texts: readonly string[]): DictionaryColumn {
  const known = new Map<string, number>();
  const codes = new Int32Array(texts.length);
  for (const [row, text] of texts.entries()) {
    const code = known.get(text) ?? known.size;
    known.set(text, code);
    codes[row] = code;
  }
  return dictionaryColumn(codes, [...known.keys()]);
}
