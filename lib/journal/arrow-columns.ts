/**
 * Joins the record batches of an Arrow stream into one array per column, in the types the rest of the project
 * reads. The columns are asked for by name and kind; what they mean is left to the reader.
 */
import type { RecordBatch, Vector } from 'apache-arrow';
import { UsageError } from '../errors/regionfall-error.ts';
import { readArrowStream } from './arrow-reader.ts';
import { getInt64 } from './int64.ts';
import { type DictionaryColumn, dictionaryColumn, type TextColumn } from './sample-table.ts';

type NumberArray = Int32Array | Uint32Array | Uint16Array | Uint8Array;

/** The whole of a file, column by column. */
export interface Columns<Name extends string> {
  readonly table: { readonly length: number; readonly complete: boolean; readonly ignoredBytes: number };
  int64(name: Name): Float64Array;
  numbers<A extends NumberArray>(name: Name, array: { new (length: number): A }): A;
  bits(name: Name): Uint8Array;
  dictionary(name: Name): DictionaryColumn;
  text(name: Name): TextColumn;
}

/** Joins the batches' chunks of each column into one array; codes are rewritten to one dictionary per column. */
export function openColumns<Name extends string>(
  bytes: Uint8Array,
  specs: readonly { readonly name: Name }[],
): Columns<Name> {
  const { batches, schema, complete, ignoredBytes } = readArrowStream(bytes);
  if (schema !== undefined) {
    const present = new Set(schema.names.map(String));
    const missing = specs.filter((spec) => !present.has(spec.name)).map((spec) => spec.name);
    if (missing.length > 0) {
      throw new UsageError(`the Arrow file lacks the columns ${missing.join(', ')}`, {
        code: 'RF-RUN-DAMAGED',
      });
    }
  }
  const length = batches.reduce((sum, batch) => sum + batch.numRows, 0);
  const chunks = (name: string): Vector[] => batches.map((batch) => childOf(batch, name));
  return {
    table: { length, complete, ignoredBytes },
    int64: (name) => {
      const joined = new Float64Array(length);
      let row = 0;
      for (const chunk of chunks(name)) {
        const values = valuesOf(chunk) as BigInt64Array;
        const halves = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
        for (let index = 0; index < chunk.length; index += 1) joined[row + index] = getInt64(halves, index);
        row += chunk.length;
      }
      return joined;
    },
    numbers: (name, array) => {
      const joined = new array(length);
      let row = 0;
      for (const chunk of chunks(name)) {
        joined.set((valuesOf(chunk) as NumberArray).subarray(0, chunk.length), row);
        row += chunk.length;
      }
      return joined;
    },
    bits: (name) => {
      const joined = new Uint8Array(length);
      let row = 0;
      for (const chunk of chunks(name)) {
        const bits = valuesOf(chunk) as Uint8Array;
        for (let index = 0; index < chunk.length; index += 1) {
          joined[row + index] = ((bits[index >> 3] ?? 0) >> (index & 7)) & 1;
        }
        row += chunk.length;
      }
      return joined;
    },
    dictionary: (name) => joinDictionaries(chunks(name), length),
    text: (name) => joinTexts(chunks(name), batches),
  };
}

function childOf(batch: RecordBatch, name: string): Vector {
  const child = batch.getChild(name);
  if (child === null) throw new Error(`a record batch lacks the column ${name}`);
  return child;
}

function valuesOf(chunk: Vector): unknown {
  return chunk.data[0]?.values ?? new Uint8Array(0);
}

/** Ours only ever grow; a file from another writer may replace its dictionary, which comes out the same. */
function joinDictionaries(chunks: readonly Vector[], length: number): DictionaryColumn {
  const codes = new Int32Array(length);
  const known = new Map<string, number>();
  let previous: unknown;
  let translation: number[] = [];
  let row = 0;
  for (const chunk of chunks) {
    const dictionary = chunk.data[0]?.dictionary;
    if (dictionary !== undefined && dictionary !== previous) {
      translation = Array.from(dictionary as Iterable<unknown>, (value) => codeOf(String(value), known));
      previous = dictionary;
    }
    const indices = valuesOf(chunk) as NumberArray;
    for (let index = 0; index < chunk.length; index += 1) {
      codes[row + index] = translation[indices[index] ?? -1] ?? -1;
    }
    row += chunk.length;
  }
  return dictionaryColumn(codes, [...known.keys()]);
}

function codeOf(text: string, known: Map<string, number>): number {
  const code = known.get(text) ?? known.size;
  known.set(text, code);
  return code;
}

/** Decoded one by one on demand: most rows' texts are never looked at. */
function joinTexts(chunks: readonly Vector[], batches: readonly RecordBatch[]): TextColumn {
  const starts: number[] = [];
  let row = 0;
  for (const batch of batches) {
    starts.push(row);
    row += batch.numRows;
  }
  return {
    at: (wanted) => {
      let low = 0;
      let high = starts.length;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if ((starts[middle] ?? 0) <= wanted) low = middle;
        else high = middle;
      }
      return String(chunks[low]?.get(wanted - (starts[low] ?? 0)) ?? '');
    },
  };
}
