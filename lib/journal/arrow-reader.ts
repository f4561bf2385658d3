/**
 * Reads an Arrow IPC stream that may end anywhere or be damaged. It walks frames and seals first and hands only
 * what stands before the first fault to Arrow's decoder, so a torn tail is never decoded and never becomes rows.
 */
import { type RecordBatch, RecordBatchReader, type Schema } from 'apache-arrow';
import { END_LENGTH, frameAt, HEADER, sealOf } from './arrow-frames.ts';

export interface ArrowStream {
  /** Undefined when not even the schema is whole. */
  readonly schema: Schema | undefined;
  readonly batches: readonly RecordBatch[];
  /** The end-of-stream mark was there and nothing after it. */
  readonly complete: boolean;
  /** Bytes that belong to no whole record batch. */
  readonly ignoredBytes: number;
}

/** Never throws on damaged bytes: it keeps the batches before the damage. */
export function readArrowStream(bytes: Uint8Array): ArrowStream {
  const { end, ended } = wholeExtent(bytes);
  if (end === 0) return { schema: undefined, batches: [], complete: false, ignoredBytes: bytes.byteLength };
  const ignoredBytes = bytes.byteLength - end;
  const batches: RecordBatch[] = [];
  try {
    const reader = RecordBatchReader.from(bytes.subarray(0, end)).open();
    // Reading to the end resets the reader, its schema included.
    const { schema } = reader;
    for (const batch of reader) batches.push(batch);
    return { schema, batches, complete: ended && ignoredBytes === 0, ignoredBytes };
  } catch {
    // Only a file without seals comes here: its framing was whole, its content is not Arrow's.
    return { schema: batches[0]?.schema, batches, complete: false, ignoredBytes: bytes.byteLength };
  }
}

/** How far the stream is whole: behind its last record batch, or behind its end mark. */
function wholeExtent(bytes: Uint8Array): { readonly end: number; readonly ended: boolean } {
  let end = 0;
  let offset = 0;
  let seals: 'whole' | 'none' | undefined;
  for (;;) {
    const frame = frameAt(bytes, offset);
    if (frame === 'torn') return { end, ended: false };
    if (frame === 'end') return { end: end === 0 ? 0 : offset + END_LENGTH, ended: end > 0 };
    const seal = sealOf(bytes, frame);
    // One writer seals all messages or none.
    if (seal === 'broken' || (seals !== undefined && seal !== seals)) return { end, ended: false };
    seals = seal;
    if (end === 0 && frame.header !== HEADER.schema) return { end: 0, ended: false };
    offset = frame.end;
    // A dictionary alone adds no rows; a file cut behind it counts as cut before it.
    if (frame.header !== HEADER.dictionaryBatch) end = offset;
  }
}
