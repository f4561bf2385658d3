/**
 * Growing memory for one column of one record batch: takes values row by row and hands them over in Arrow's
 * layout. Reused batch after batch; only the dictionaries outlive a batch.
 */
import {
  Bool,
  type Data,
  type DataType,
  Dictionary,
  Int32,
  Int64,
  makeData,
  Uint8,
  Uint16,
  Uint32,
  Utf8,
  Vector,
} from 'apache-arrow';
import type { ColumnKind } from './columns.ts';
import { putInt64 } from './int64.ts';

export interface ColumnBuffer {
  readonly type: DataType;
  push(value: unknown): void;
  /** The rows pushed since the last call; valid until the next push. */
  take(): Data;
}

/** `id` numbers the column within its file; Arrow names dictionaries by it. */
export function createColumnBuffer(kind: ColumnKind, id: number): ColumnBuffer {
  switch (kind) {
    case 'int64':
      return int64Buffer();
    case 'int32':
      return numberBuffer(new Int32(), (length) => new Int32Array(length));
    case 'uint32':
      return numberBuffer(new Uint32(), (length) => new Uint32Array(length));
    case 'uint16':
      return numberBuffer(new Uint16(), (length) => new Uint16Array(length));
    case 'uint8':
      return numberBuffer(new Uint8(), (length) => new Uint8Array(length));
    case 'bool':
      return boolBuffer();
    case 'dictionary':
      return dictionaryBuffer(id);
    case 'text':
      return textBuffer();
  }
}

const FIRST_CAPACITY = 1024;

type NumberArray = Int32Array | Uint32Array | Uint16Array | Uint8Array;

function numberBuffer<T extends Int32 | Uint32 | Uint16 | Uint8>(
  type: T,
  allocate: (length: number) => NumberArray,
): ColumnBuffer {
  let values = allocate(FIRST_CAPACITY);
  let length = 0;
  return {
    type,
    push(value) {
      if (length === values.length) {
        const grown = allocate(length * 2);
        grown.set(values);
        values = grown;
      }
      values[length] = value as number;
      length += 1;
    },
    take() {
      const data = values.subarray(0, length);
      const taken = makeData({ type: type as Int32, length, nullCount: 0, data: data as Int32Array });
      length = 0;
      return taken;
    },
  };
}

function int64Buffer(): ColumnBuffer {
  const type = new Int64();
  let halves = new Int32Array(2 * FIRST_CAPACITY);
  let length = 0;
  return {
    type,
    push(value) {
      if (2 * length === halves.length) {
        const grown = new Int32Array(2 * halves.length);
        grown.set(halves);
        halves = grown;
      }
      putInt64(halves, length, value as number);
      length += 1;
    },
    take() {
      const data = new BigInt64Array(halves.buffer, 0, length);
      const taken = makeData({ type, length, nullCount: 0, data });
      length = 0;
      return taken;
    },
  };
}

function boolBuffer(): ColumnBuffer {
  const type = new Bool();
  let bits = new Uint8Array(FIRST_CAPACITY / 8);
  let length = 0;
  return {
    type,
    push(value) {
      const byte = length >> 3;
      if (byte === bits.length) {
        const grown = new Uint8Array(2 * bits.length);
        grown.set(bits);
        bits = grown;
      }
      const bit = 1 << (length & 7);
      bits[byte] = value === true ? (bits[byte] ?? 0) | bit : (bits[byte] ?? 0) & ~bit;
      length += 1;
    },
    take() {
      const data = bits.subarray(0, (length + 7) >> 3);
      const taken = makeData({ type, length, nullCount: 0, data });
      length = 0;
      return taken;
    },
  };
}

/** Values keep their index for the whole file: what a batch adds travels as a delta in front of it. */
function dictionaryBuffer(id: number): ColumnBuffer {
  const type = new Dictionary(new Utf8(), new Int32(), id, false);
  const indices = numberBuffer(new Int32(), (length) => new Int32Array(length));
  const known = new Map<string, number>();
  const chunks: Data<Utf8>[] = [];
  let added: string[] = [];
  return {
    type,
    push(value) {
      const text = value as string;
      let index = known.get(text);
      if (index === undefined) {
        index = known.size;
        known.set(text, index);
        added.push(text);
      }
      indices.push(index);
    },
    take() {
      if (added.length > 0) chunks.push(utf8Data(added));
      added = [];
      const taken = indices.take();
      const data = taken.values as Int32Array;
      return makeData({
        type,
        length: taken.length,
        nullCount: 0,
        data,
        dictionary: new Vector([...chunks]),
      });
    },
  };
}

function textBuffer(): ColumnBuffer {
  let values: string[] = [];
  return {
    type: new Utf8(),
    push(value) {
      values.push(value as string);
    },
    take() {
      const taken = utf8Data(values);
      values = [];
      return taken;
    },
  };
}

function utf8Data(values: readonly string[]): Data<Utf8> {
  const data = Buffer.from(values.join(''), 'utf8');
  const valueOffsets = new Int32Array(values.length + 1);
  let end = 0;
  for (const [index, value] of values.entries()) {
    end += Buffer.byteLength(value, 'utf8');
    valueOffsets[index + 1] = end;
  }
  return makeData({ type: new Utf8(), length: values.length, nullCount: 0, valueOffsets, data });
}
