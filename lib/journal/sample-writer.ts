/**
 * Writes `samples.arrows` and `service.arrows`: the names rooms use for the two Arrow files of a run.
 */
import { type ArrowFile, openArrowFile } from './arrow-file.ts';
import { SAMPLE_COLUMNS, SERVICE_COLUMNS } from './columns.ts';
import type { Sample, ServiceRecord } from './sample.ts';

export type SampleWriter = ArrowFile<Sample>;
export type ServiceWriter = ArrowFile<ServiceRecord>;

/** Creates the file; call flush about once a second while load runs and close at the end. */
export function openSampleWriter(path: string): Promise<SampleWriter> {
  return openArrowFile<Sample>(path, SAMPLE_COLUMNS);
}

export function openServiceWriter(path: string): Promise<ServiceWriter> {
  return openArrowFile<ServiceRecord>(path, SERVICE_COLUMNS);
}
