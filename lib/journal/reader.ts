/**
 * Reads what a run wrote: events, samples, the service's own records. All of it is readable up to the last whole
 * line or batch after a crash, and says so; nothing here repairs a file.
 */
import { readFileSync } from 'node:fs';
import { openColumns } from './arrow-columns.ts';
import { SAMPLE_COLUMNS, SERVICE_COLUMNS } from './columns.ts';
import type { JournalEvent } from './event.ts';
import { type EventLog, parseEventLog } from './event-line.ts';
import { type SampleTable, type ServiceTable, sampleTable, serviceTable } from './sample-table.ts';

/** The events in order of writing. Lines that are not whole are left out; use {@link readEventLog} to count them. */
export function readEvents(path: string): readonly JournalEvent[] {
  return readEventLog(path).events;
}

export function readEventLog(path: string): EventLog {
  return parseEventLog(readFileSync(path, 'utf8'));
}

/** A file without a whole schema is an empty, incomplete table; a whole file of other columns throws. */
export function readSamples(path: string): SampleTable {
  return decodeSamples(readFileSync(path));
}

export function decodeSamples(bytes: Uint8Array): SampleTable {
  const columns = openColumns(bytes, SAMPLE_COLUMNS);
  return sampleTable({
    ...columns.table,
    plannedUs: columns.int64('planned_us'),
    startedUs: columns.int64('started_us'),
    endedUs: columns.int64('ended_us'),
    caller: columns.dictionary('caller'),
    location: columns.dictionary('location'),
    endpoint: columns.dictionary('endpoint'),
    servingRegion: columns.dictionary('serving_region'),
    operation: columns.dictionary('operation'),
    arrival: columns.numbers('arrival', Uint32Array),
    attempt: columns.numbers('attempt', Uint8Array),
    outcome: columns.dictionary('outcome'),
    status: columns.numbers('status', Uint16Array),
    errorCode: columns.dictionary('error_code'),
    reused: columns.bits('reused'),
    connectUs: columns.numbers('connect_us', Int32Array),
    tlsUs: columns.numbers('tls_us', Int32Array),
    waitUs: columns.numbers('wait_us', Int32Array),
    requestId: columns.text('request_id'),
  });
}

export function readServiceRecords(path: string): ServiceTable {
  return decodeServiceRecords(readFileSync(path));
}

export function decodeServiceRecords(bytes: Uint8Array): ServiceTable {
  const columns = openColumns(bytes, SERVICE_COLUMNS);
  return serviceTable({
    ...columns.table,
    receivedUs: columns.int64('received_us'),
    endedUs: columns.int64('ended_us'),
    region: columns.dictionary('region'),
    host: columns.dictionary('host'),
    operation: columns.dictionary('operation'),
    status: columns.numbers('status', Uint16Array),
    errorCode: columns.dictionary('error_code'),
    accessKeyId: columns.text('access_key_id'),
    account: columns.dictionary('account'),
    caller: columns.dictionary('caller'),
    requestId: columns.text('request_id'),
  });
}
