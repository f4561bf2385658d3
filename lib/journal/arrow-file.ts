/**
 * Appends rows to an Arrow IPC stream on disk: one record batch per flush, each written in one piece, so that a
 * file cut anywhere is readable up to its last whole batch. Knows nothing of what the columns mean.
 */
import { open } from 'node:fs/promises';
import {
  type Data,
  Field,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  type TypeMap,
} from 'apache-arrow';
import { sealed } from './arrow-frames.ts';
import { type ColumnBuffer, createColumnBuffer } from './column-buffer.ts';
import type { Column } from './columns.ts';

export interface ArrowFile<Row> {
  /** Keeps the row in memory until the next flush. */
  write(row: Row): void;
  /**
   * Writes the rows so far as one batch; resolves when the file has them. Flushes never overtake each other. After one
   * that failed all fail: behind half a batch nothing could be read.
   */
  flush(): Promise<void>;
  /** Flushes, marks the end of the stream and makes the file durable. A second call gives the same answer. */
  close(): Promise<{ readonly rows: number }>;
}

/** Creates the file (mode 0600); it must not exist. It is a valid, empty stream as soon as this resolves. */
export async function openArrowFile<Row>(
  path: string,
  columns: readonly Column<Row>[],
): Promise<ArrowFile<Row>> {
  const file = await open(path, 'wx', 0o600);
  const buffers = columns.map((column, index) => createColumnBuffer(column.kind, index));
  const schema = new Schema(columns.map((column, index) => Field.new(column.name, typeOf(buffers[index]))));
  const encoder = new StreamEncoder(schema);
  let pending = 0;
  let rows = 0;
  let tail: Promise<unknown> = Promise.resolve();
  let closed: Promise<{ readonly rows: number }> | undefined;

  const append = (bytes: Uint8Array): Promise<unknown> => {
    tail = tail.then(() => file.writeFile(bytes));
    return tail;
  };
  const flush = async (): Promise<void> => {
    if (pending === 0) return void (await tail);
    const children = buffers.map((buffer) => buffer.take());
    const bytes = encoder.batch(children, pending);
    pending = 0;
    await append(bytes);
  };

  try {
    await append(encoder.start());
  } catch (error) {
    await file.close();
    throw error;
  }
  return {
    write(row) {
      if (closed !== undefined) throw new Error(`a row came after ${path} was closed`);
      for (const [index, buffer] of buffers.entries()) {
        const column = columns[index];
        if (column !== undefined) buffer.push(row[column.field]);
      }
      pending += 1;
      rows += 1;
    },
    flush,
    close() {
      closed ??= (async () => {
        try {
          await flush();
          await append(encoder.end());
          await file.sync();
        } finally {
          await file.close();
        }
        return { rows };
      })();
      return closed;
    },
  };
}

function typeOf(buffer: ColumnBuffer | undefined) {
  if (buffer === undefined) throw new Error('a column without a buffer');
  return buffer.type;
}

/** Arrow's own writer with its bytes taken out synchronously instead of through a queue of promises. */
class StreamEncoder extends RecordBatchStreamWriter<TypeMap> {
  #pieces: Uint8Array[] = [];
  readonly #schema: Schema;

  constructor(schema: Schema) {
    super({ autoDestroy: false });
    this.#schema = schema;
  }

  start(): Uint8Array {
    this.reset(this._sink, this.#schema);
    return this.#taken();
  }

  batch(children: readonly Data[], length: number): Uint8Array {
    const type = new Struct<TypeMap>(this.#schema.fields);
    const data = makeData({ type, length, nullCount: 0, children: [...children] });
    this.write(new RecordBatch(this.#schema, data));
    return this.#taken();
  }

  end(): Uint8Array {
    this.finish();
    return this.#taken();
  }

  protected override _write(chunk: ArrayBufferView): this {
    if (chunk.byteLength > 0) {
      this.#pieces.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    }
    return this;
  }

  #taken(): Uint8Array {
    const bytes = sealed(Buffer.concat(this.#pieces));
    this.#pieces = [];
    return bytes;
  }
}
