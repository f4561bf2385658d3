/**
 * The wire form inside session tokens: numbered fields as in Protocol Buffers, of which tokens use integers
 * and lengths with bytes. Written in order and read in order; whatever else is not a token of ours.
 */

const VARINT = 0;
const BYTES = 2;

/** Fields as Latin-1 text, one character a byte: joining strings is the quickest way to build a few hundred bytes. */
export function integerField(field: number, value: number): string {
  return String.fromCharCode((field << 3) | VARINT) + varint(value);
}

export function bytesField(field: number, bytes: string): string {
  return String.fromCharCode((field << 3) | BYTES) + varint(bytes.length) + bytes;
}

/** Reads what was written, throwing a RangeError at the first thing out of place. */
export class FieldReader {
  readonly #bytes: Buffer;
  #position: number;

  constructor(bytes: Buffer, position = 0) {
    this.#bytes = bytes;
    this.#position = position;
  }

  get position(): number {
    return this.#position;
  }

  get atEnd(): boolean {
    return this.#position === this.#bytes.length;
  }

  integer(field: number): number {
    this.#expect((field << 3) | VARINT);
    return this.#varint();
  }

  bytes(field: number): Buffer {
    this.#expect((field << 3) | BYTES);
    const length = this.#varint();
    const end = this.#position + length;
    if (end > this.#bytes.length) throw new RangeError('a field reaches past the end');
    const value = this.#bytes.subarray(this.#position, end);
    this.#position = end;
    return value;
  }

  text(field: number): string {
    return this.bytes(field).toString('latin1');
  }

  #expect(tag: number): void {
    if (this.#bytes[this.#position] !== tag) throw new RangeError(`no field ${tag >> 3} here`);
    this.#position += 1;
  }

  #varint(): number {
    let value = 0;
    // Seven bytes carry 49 bits: more than any number in a token, and exact in a double.
    for (let scale = 1; scale < 2 ** 49; scale *= 128) {
      const byte = this.#bytes[this.#position];
      if (byte === undefined) break;
      this.#position += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw new RangeError('a number without an end');
  }
}

function varint(value: number): string {
  let rest = value;
  let text = '';
  while (rest >= 0x80) {
    text += String.fromCharCode((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return text + String.fromCharCode(rest);
}
