/**
 * Reads JSON as signed things need it read: one meaning or none. A member named twice, a lone surrogate or anything
 * after the value refuses the whole text, where `JSON.parse` would quietly pick one reading. Objects become Maps, so
 * that no name in a token can reach a prototype.
 */

export type JsonValue = null | boolean | number | string | JsonDecimal | readonly JsonValue[] | JsonObject;

export type JsonObject = ReadonlyMap<string, JsonValue>;

/** A number that is not written as an integer of at most 2^53: times in tokens must not be one. */
export interface JsonDecimal {
  readonly decimal: string;
}

/** Total and linear; at most 32 levels deep. */
export function parseStrictJson(text: string): JsonValue | undefined {
  const reader = new Reader(text);
  const value = reader.value(0);
  return value !== undefined && reader.atEnd() ? value : undefined;
}

export function parseStrictJsonObject(text: string): JsonObject | undefined {
  const value = parseStrictJson(text);
  return isJsonObject(value) ? value : undefined;
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return value instanceof Map;
}

export function isJsonArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** The strings of a list that holds nothing else. */
export function stringsOf(value: JsonValue | undefined): readonly string[] | undefined {
  if (!isJsonArray(value)) return undefined;
  return value.every((item) => typeof item === 'string') ? value : undefined;
}

const DEEPEST = 32;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const WORDS: readonly (readonly [string, null | boolean])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
];

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    this.#skipSpace();
    return this.#at === this.#text.length;
  }

  value(depth: number): JsonValue | undefined {
    this.#skipSpace();
    switch (this.#text[this.#at]) {
      case '{':
        return depth < DEEPEST ? this.#object(depth) : undefined;
      case '[':
        return depth < DEEPEST ? this.#array(depth) : undefined;
      case '"':
        return this.#string();
      case undefined:
        return undefined;
      default:
        return this.#wordOrNumber();
    }
  }

  #object(depth: number): JsonObject | undefined {
    const members = new Map<string, JsonValue>();
    this.#at += 1;
    if (this.#take('}')) return members;
    do {
      this.#skipSpace();
      const name = this.#text[this.#at] === '"' ? this.#string() : undefined;
      if (name === undefined || members.has(name) || !this.#take(':')) return undefined;
      const value = this.value(depth + 1);
      if (value === undefined) return undefined;
      members.set(name, value);
    } while (this.#take(','));
    return this.#take('}') ? members : undefined;
  }

  #array(depth: number): readonly JsonValue[] | undefined {
    const items: JsonValue[] = [];
    this.#at += 1;
    if (this.#take(']')) return items;
    do {
      const value = this.value(depth + 1);
      if (value === undefined) return undefined;
      items.push(value);
    } while (this.#take(','));
    return this.#take(']') ? items : undefined;
  }

  #string(): string | undefined {
    const start = this.#at;
    let escaped = false;
    for (let at = start + 1; at < this.#text.length; at += 1) {
      const unit = this.#text.charCodeAt(at);
      if (unit < 0x20) return undefined;
      if (unit === 0x5c) {
        escaped = true;
        at += 1;
      } else if (unit === 0x22) {
        this.#at = at + 1;
        const value = escaped ? unescaped(this.#text.slice(start, at + 1)) : this.#text.slice(start + 1, at);
        return value?.isWellFormed() === true ? value : undefined;
      }
    }
    return undefined;
  }

  #number(): number | JsonDecimal | undefined {
    NUMBER.lastIndex = this.#at;
    const match = NUMBER.exec(this.#text);
    if (match === null) return undefined;
    const [text, fraction, exponent] = match;
    this.#at += text.length;
    const value = Number(text);
    const isInteger = fraction === undefined && exponent === undefined && Number.isSafeInteger(value);
    return isInteger ? value : { decimal: text };
  }

  #wordOrNumber(): null | boolean | number | JsonDecimal | undefined {
    for (const [word, value] of WORDS) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    return this.#number();
  }

  #take(mark: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== mark) return false;
    this.#at += 1;
    return true;
  }

  #skipSpace(): void {
    while (this.#at < this.#text.length && isSpace(this.#text.charCodeAt(this.#at))) this.#at += 1;
  }
}

function unescaped(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    // An escape that JSON does not know.
    return undefined;
  }
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}
