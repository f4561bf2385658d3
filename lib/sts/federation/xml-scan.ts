/**
 * Reads XML once from left to right, before any parser builds a tree of it, and refuses what a signed message has no
 * need of: document types and entities, processing instructions, CDATA, anything not well-formed, and anything that
 * is only there to be expensive. Parsers forgive; what they forgive, two of them read in two ways.
 */

export interface XmlLimits {
  readonly characters: number;
  readonly depth: number;
  readonly elements: number;
  /** Different names of elements. */
  readonly names: number;
  readonly attributes: number;
  /** Numeric and predefined references together. */
  readonly references: number;
  /** Taking each one out again costs the canonicalization as much as there are. */
  readonly comments: number;
}

export const MESSAGE_LIMITS: XmlLimits = {
  characters: 100_000,
  depth: 64,
  elements: 2_000,
  names: 200,
  attributes: 1_000,
  references: 1_000,
  comments: 100,
};

/** What is wrong with a text as XML, in a few words; nothing when it may be parsed. Total and linear. */
export function findXmlProblem(text: string, limits: XmlLimits = MESSAGE_LIMITS): string | undefined {
  if (text.length > limits.characters) return 'too long';
  if (FORBIDDEN_CHARACTER.test(text)) return 'a character that XML does not have';
  try {
    new Scan(text, limits).run();
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error.message;
    throw error;
  }
}

const FORBIDDEN_CHARACTER = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
/** Only a plain declaration of UTF-8 may stand before the document. */
const DECLARATION =
  /<\?xml version=(?:"1\.0"|'1\.0')(?: encoding=(?:"UTF-8"|'UTF-8'))?(?: standalone=(?:"(?:yes|no)"|'(?:yes|no)'))?\s*\?>/iy;
/** Names of SAML and of signatures are ASCII. */
const NAME = /[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?/y;
const SPACE = /[ \t\r\n]*/y;
const REFERENCE = /&(?:lt|gt|amp|quot|apos|#(\d{1,7})|#x([\da-fA-F]{1,6}));/y;

class Problem extends Error {}

class Scan {
  readonly #text: string;
  readonly #limits: XmlLimits;
  readonly #open: string[] = [];
  readonly #names = new Set<string>();
  #at = 0;
  #elements = 0;
  #attributes = 0;
  #references = 0;
  #comments = 0;
  /** Of the first ampersand from where it was last looked for; so that the text is searched once, not once a tag. */
  #ampersand = -1;

  constructor(text: string, limits: XmlLimits) {
    this.#text = text;
    this.#limits = limits;
  }

  run(): void {
    this.#match(DECLARATION);
    for (;;) {
      const next = this.#text.indexOf('<', this.#at);
      this.#characters(this.#at, next === -1 ? this.#text.length : next);
      if (next === -1) break;
      this.#at = next + 1;
      this.#markup();
    }
    if (this.#open.length > 0 || this.#elements === 0) throw new Problem('it ends too early');
  }

  #markup(): void {
    switch (this.#text[this.#at]) {
      case '!':
        this.#comment();
        break;
      case '?':
        throw new Problem('a processing instruction');
      case '/':
        this.#endTag();
        break;
      default:
        this.#startTag();
    }
  }

  #comment(): void {
    if (!this.#text.startsWith('!--', this.#at)) throw new Problem('a document type, an entity or CDATA');
    const end = this.#text.indexOf('--', this.#at + 3);
    if (end === -1 || this.#text[end + 2] !== '>') throw new Problem('a comment that does not end');
    this.#at = end + 3;
    this.#comments += 1;
    if (this.#comments > this.#limits.comments) throw new Problem('too many comments');
  }

  #startTag(): void {
    const name = this.#match(NAME);
    if (name === '') throw new Problem('a tag without a name');
    if (this.#open.length === 0 && this.#elements > 0) throw new Problem('more than one root');
    this.#elements += 1;
    this.#names.add(name);
    if (this.#open.length >= this.#limits.depth) throw new Problem('too deep');
    if (this.#elements > this.#limits.elements) throw new Problem('too many elements');
    if (this.#names.size > this.#limits.names) throw new Problem('too many names of elements');
    const attributes = new Set<string>();
    for (;;) {
      const space = this.#match(SPACE);
      if (this.#take('>')) {
        this.#open.push(name);
        return;
      }
      if (this.#take('/>')) return;
      if (space === '') throw new Problem('a tag that goes wrong');
      this.#attribute(attributes);
    }
  }

  #attribute(seen: Set<string>): void {
    const name = this.#match(NAME);
    if (name === '' || seen.has(name)) throw new Problem('an attribute without a name, or twice');
    seen.add(name);
    this.#attributes += 1;
    if (this.#attributes > this.#limits.attributes) throw new Problem('too many attributes');
    this.#match(SPACE);
    if (!this.#take('=')) throw new Problem('an attribute without a value');
    this.#match(SPACE);
    const quote = this.#text[this.#at];
    const end = quote === '"' || quote === "'" ? this.#text.indexOf(quote, this.#at + 1) : -1;
    if (end === -1) throw new Problem('an attribute without quotes');
    const value = this.#text.slice(this.#at + 1, end);
    if (value.includes('<')) throw new Problem('a tag within an attribute');
    this.#countReferences(this.#at + 1, end);
    this.#at = end + 1;
  }

  #endTag(): void {
    this.#at += 1;
    const name = this.#match(NAME);
    this.#match(SPACE);
    if (name === '' || this.#open.pop() !== name || !this.#take('>'))
      throw new Problem('an end without a start');
  }

  #characters(start: number, end: number): void {
    if (this.#open.length > 0) {
      this.#countReferences(start, end);
      return;
    }
    for (let at = start; at < end; at += 1) {
      if (!' \t\r\n'.includes(this.#text.charAt(at))) throw new Problem('text outside the root');
    }
  }

  #countReferences(start: number, end: number): void {
    for (let at = this.#nextAmpersand(start); at < end; at = this.#nextAmpersand(at + 1)) {
      REFERENCE.lastIndex = at;
      const match = REFERENCE.exec(this.#text);
      if (match === null) throw new Problem('a reference to an entity');
      const [, decimal, hexadecimal] = match;
      const number = decimal ?? hexadecimal;
      const code = Number.parseInt(number ?? '20', decimal === undefined ? 16 : 10);
      if (code > 0x10ffff || FORBIDDEN_CHARACTER.test(String.fromCodePoint(code)))
        throw new Problem('a reference to a character that XML does not have');
      this.#references += 1;
      if (this.#references > this.#limits.references) throw new Problem('too many references');
    }
  }

  #nextAmpersand(from: number): number {
    if (this.#ampersand < from) {
      const found = this.#text.indexOf('&', from);
      this.#ampersand = found === -1 ? this.#text.length : found;
    }
    return this.#ampersand;
  }

  /** What the pattern takes from here, which may be nothing. */
  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [text] = pattern.exec(this.#text) ?? [''];
    this.#at += text.length;
    return text;
  }

  #take(mark: string): boolean {
    if (!this.#text.startsWith(mark, this.#at)) return false;
    this.#at += mark.length;
    return true;
  }
}
