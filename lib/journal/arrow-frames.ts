/**
 * The framing of an Arrow IPC stream, and a checksum in it. A message is: continuation mark, length of the
 * metadata, metadata (a flatbuffer, padded), body. Readers skip the padding; ours ends in a mark and the CRC-32 of
 * the message, so that damage is found before anything is decoded, while any other program reads the file as is.
 */
import { crc32 } from 'node:zlib';

/** Union tags of a message's header, from Arrow's Message.fbs. */
export const HEADER = { schema: 1, dictionaryBatch: 2, recordBatch: 3 } as const;

export interface Frame {
  /** One of {@link HEADER}, or a kind that we do not use. */
  readonly header: number;
  readonly start: number;
  readonly bodyStart: number;
  /** Offset behind the body. */
  readonly end: number;
}

/** `end`: the mark that closes a stream. `torn`: no whole message stands here. */
export type NextFrame = Frame | 'end' | 'torn';

export const END_LENGTH = 8;

/** Reads the frame at `offset` without trusting a byte of it. */
export function frameAt(bytes: Uint8Array, offset: number): NextFrame {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (offset + PREFIX > bytes.byteLength || view.getUint32(offset, true) !== CONTINUATION) return 'torn';
  const metadataLength = view.getInt32(offset + 4, true);
  if (metadataLength === 0) return 'end';
  const bodyStart = offset + PREFIX + metadataLength;
  if (metadataLength < 0 || bodyStart > bytes.byteLength) return 'torn';
  try {
    const metadata = new DataView(bytes.buffer, bytes.byteOffset + offset + PREFIX, metadataLength);
    const { header, bodyLength } = readMessage(metadata);
    const end = bodyStart + bodyLength;
    return bodyLength >= 0 && end <= bytes.byteLength ? { header, start: offset, bodyStart, end } : 'torn';
  } catch {
    // An offset inside the flatbuffer led out of it.
    return 'torn';
  }
}

/** The same stream with a seal in every message. Takes whole messages as Arrow's writer makes them. */
export function sealed(bytes: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [];
  let offset = 0;
  while (offset < bytes.byteLength) {
    const frame = frameAt(bytes, offset);
    if (frame === 'torn') throw new Error('the Arrow writer made a message that is not whole');
    if (frame === 'end') {
      pieces.push(bytes.subarray(offset, offset + END_LENGTH));
      offset += END_LENGTH;
      continue;
    }
    const head = Buffer.alloc(frame.bodyStart - frame.start + SEAL);
    head.set(bytes.subarray(frame.start, frame.bodyStart));
    head.writeInt32LE(frame.bodyStart - frame.start - PREFIX + SEAL, 4);
    head.writeUInt32LE(SEAL_MARK, head.length - SEAL);
    const body = bytes.subarray(frame.bodyStart, frame.end);
    head.writeUInt32LE(crc32(body, crc32(head.subarray(0, head.length - 4))), head.length - 4);
    pieces.push(head, body);
    offset = frame.end;
  }
  return Buffer.concat(pieces);
}

/** `none`: a message of another writer, without a seal. */
export function sealOf(bytes: Uint8Array, frame: Frame): 'whole' | 'broken' | 'none' {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(frame.bodyStart - SEAL, true) !== SEAL_MARK) return 'none';
  const expected = view.getUint32(frame.bodyStart - 4, true);
  const head = crc32(bytes.subarray(frame.start, frame.bodyStart - 4));
  return crc32(bytes.subarray(frame.bodyStart, frame.end), head) === expected ? 'whole' : 'broken';
}

const CONTINUATION = 0xffff_ffff;
const PREFIX = 8;
const SEAL = 8;
/** `RFc1` in the file. */
const SEAL_MARK = 0x3163_4652;

/**
 * Just enough of a flatbuffer reader: fields 1 (tag of the header) and 3 (length of the body) of a Message. Arrow's
 * own decoder follows lengths that damage may have made huge. Throws a RangeError outside the metadata.
 */
function readMessage(metadata: DataView): { readonly header: number; readonly bodyLength: number } {
  const table = metadata.getUint32(0, true);
  const vtable = table - metadata.getInt32(table, true);
  const vtableLength = metadata.getUint16(vtable, true);
  const field = (id: number): number => {
    const entry = 4 + 2 * id;
    const offset = entry < vtableLength ? metadata.getUint16(vtable + entry, true) : 0;
    return offset === 0 ? 0 : table + offset;
  };
  const header = field(1);
  const bodyLength = field(3);
  return {
    header: header === 0 ? 0 : metadata.getUint8(header),
    bodyLength: bodyLength === 0 ? 0 : Number(metadata.getBigInt64(bodyLength, true)),
  };
}
