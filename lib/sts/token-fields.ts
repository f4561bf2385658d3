/**
 * The wire form inside session tokens: numbered fields as in Protocol Buffers, of which tokens use integers
 * and lengths with bytes. Written in order and read in order; whatever else is not a token of ours.
 *
 * Bytes are Latin-1 text here, one character a byte: joining strings is the quickest way to build a few hundred
 * bytes, and reading one string costs less than many views of a buffer.
 */

const VARINT = 0;
const BYTES = 2;

/** @param field 1 to 15, so that the tag is one byte. @param value Whole, not negative, below 2⁴⁹. */
export function integerField(field: number, value: number): string {
  if (lastIntegers[field] === value) return lastTexts[field] ?? '';
  const text = String.fromCharCode((field << 3) | VARINT) + varint(value);
  lastIntegers[field] = value;
  lastTexts[field] = text;
  return text;
}

/** Most integers are times, and what is written in one second has the same ones. By field. */
const lastIntegers: number[] = new Array<number>(16).fill(Number.NaN);
const lastTexts: string[] = new Array<string>(16).fill('');

/** A negative integer, which takes ten bytes. @param value −1 to −128. */
export function negativeField(field: number, value: number): string {
  return String.fromCharCode((field << 3) | VARINT, (value & 0x7f) | 0x80) + MINUS;
}

/** @param bytes Latin-1 text. */
export function bytesField(field: number, bytes: string): string {
  return bytesHead(field, bytes.length) + bytes;
}

/** What stands before so many bytes. */
export function bytesHead(field: number, length: number): string {
  const short = length < 0x80 ? SHORT_HEADS[(field << 7) | length] : undefined;
  return short ?? String.fromCharCode((field << 3) | BYTES) + varint(length);
}

/** Two characters each. */
const SHORT_HEADS = Array.from({ length: 16 << 7 }, (_, index) =>
  String.fromCharCode(((index >> 7) << 3) | BYTES, index & 0x7f),
);

/** Any text, as UTF-8. */
export function textField(field: number, text: string): string {
  return bytesField(field, isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1'));
}

/** Reads what was written, throwing a RangeError at the first thing out of place. */
export class FieldReader {
  readonly #bytes: string;
  #position: number;

  constructor(bytes: string, position = 0) {
    this.#bytes = bytes;
    this.#position = position;
  }

  get position(): number {
    return this.#position;
  }

  /** Number of the field that comes next; 0 at the end. */
  get field(): number {
    return this.#position < this.#bytes.length ? this.#bytes.charCodeAt(this.#position) >> 3 : 0;
  }

  integer(field: number): number {
    this.#expect((field << 3) | VARINT);
    return this.varint();
  }

  bytes(field: number): string {
    return this.take(this.enter(field));
  }

  text(field: number): string {
    const bytes = this.bytes(field);
    return isAscii(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8');
  }

  /** Steps to the first byte inside the field and says how many there are. */
  enter(field: number): number {
    this.#expect((field << 3) | BYTES);
    return this.varint();
  }

  take(length: number): string {
    const end = this.#position + length;
    if (end > this.#bytes.length) throw new RangeError('a field reaches past the end');
    const value = this.#bytes.substring(this.#position, end);
    this.#position = end;
    return value;
  }

  varint(): number {
    let value = 0;
    // Seven bytes carry 49 bits: more than any number in a token, and exact in a double.
    for (let scale = 1; scale < 2 ** 49; scale *= 128) {
      if (this.#position >= this.#bytes.length) break;
      const byte = this.#bytes.charCodeAt(this.#position);
      this.#position += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw new RangeError('a number without an end');
  }

  #expect(tag: number): void {
    if (this.#bytes.charCodeAt(this.#position) !== tag) throw new RangeError(`no field ${tag >> 3} here`);
    this.#position += 1;
  }
}

export function varint(value: number): string {
  let rest = value;
  let text = '';
  while (rest >= 0x80) {
    text += String.fromCharCode((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return text + String.fromCharCode(rest);
}

/** The upper 57 bits of a small negative number in two's complement. */
const MINUS = `${'\u00ff'.repeat(8)}\u0001`;

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) > 0x7f) return false;
  }
  return true;
}
