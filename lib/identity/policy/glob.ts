/**
 * Wildcards of policies, `*` for any run and `?` for one character, matched without ever going back: the text
 * between two stars is searched once, with a search that is linear by itself. No RegExp is made from input.
 *
 * With n characters of text and m of pattern a match takes at most 2n + 2m steps; where a stretch of L characters
 * between two stars holds a `?`, the text scanned for it costs 2⌈L / 32⌉ steps a character instead of two.
 */

/** A pattern is read as UTF-16 code units, with these two beside them. */
export const ANY_ONE = -1;
export const ANY_RUN = -2;
/** A code unit, {@link ANY_ONE} or {@link ANY_RUN}. A star that a policy variable brought along is a mere 42. */
export type GlobToken = number;

export interface Glob {
  /** Set when the pattern holds no wildcard at all. */
  readonly exact?: string;
  readonly head: Stretch;
  /** Absent: the pattern holds no star, and the head is all of it. */
  readonly after?: { readonly middle: readonly Stretch[]; readonly tail: Stretch };
  /** In code units: what a text must have at least. */
  readonly minLength: number;
}

/** Counts what a match looked at; for the tests of the bound. */
export interface GlobMeter {
  steps: number;
}

/** `*` and `?` in `pattern` are wildcards. Case-sensitive. */
export function globMatches(pattern: string, text: string): boolean {
  return globCovers(compileGlob(pattern), text);
}

export function compileGlob(pattern: string): Glob {
  return compileGlobTokens(globTokens(pattern));
}

/** The pattern between two positions of a list of tokens. */
export function compileGlobTokens(
  tokens: readonly GlobToken[],
  from: number = 0,
  to: number = tokens.length,
): Glob {
  const stretches: Stretch[] = [];
  let start = from;
  for (let index = from; index < to; index += 1) {
    if (tokens[index] !== ANY_RUN) continue;
    stretches.push(compileStretch(tokens, start, index));
    start = index + 1;
  }
  const tail = compileStretch(tokens, start, to);
  const head = stretches[0];
  if (head === undefined) {
    const exact = tail.fuzzy ? {} : { exact: textOf(tail.codes) };
    return { ...exact, head: tail, minLength: tail.codes.length };
  }
  const middle = stretches.slice(1).filter(({ codes }) => codes.length > 0);
  const minLength = [head, ...middle, tail].reduce((sum, { codes }) => sum + codes.length, 0);
  return { head, after: { middle, tail }, minLength };
}

export function globTokens(pattern: string): GlobToken[] {
  const tokens: GlobToken[] = [];
  for (let index = 0; index < pattern.length; index += 1) {
    const code = pattern.charCodeAt(index);
    tokens.push(code === STAR ? ANY_RUN : code === QUESTION_MARK ? ANY_ONE : code);
  }
  return tokens;
}

/** Whether the glob covers all of `text` between the two positions. */
export function globCovers(
  glob: Glob,
  text: string,
  from: number = 0,
  to: number = text.length,
  meter?: GlobMeter,
): boolean {
  const length = to - from;
  if (length < glob.minLength) return false;
  if (glob.exact !== undefined) {
    if (meter !== undefined) meter.steps += glob.minLength;
    return length === glob.minLength && text.startsWith(glob.exact, from);
  }
  if (glob.after === undefined) return length === glob.minLength && standsAt(glob.head, text, from, meter);
  const { middle, tail } = glob.after;
  const end = to - tail.codes.length;
  if (!standsAt(glob.head, text, from, meter) || !standsAt(tail, text, end, meter)) return false;
  let position = from + glob.head.codes.length;
  // The earliest place is always good enough: it leaves the most text to whatever follows the next star.
  for (const stretch of middle) {
    const found = stretch.fuzzy
      ? findFuzzy(stretch, text, position, end, meter)
      : findPlain(stretch, text, position, end, meter);
    if (found === -1) return false;
    position = found;
  }
  return position <= end;
}

const STAR = 42;
const QUESTION_MARK = 63;

/** What stands between two stars. */
interface Stretch {
  readonly codes: readonly GlobToken[];
  /** Holds a `?`. */
  readonly fuzzy: boolean;
  /** Knuth, Morris and Pratt: how much of the stretch still stands after a mismatch; empty when fuzzy. */
  readonly fallback: readonly number[];
}

function compileStretch(tokens: readonly GlobToken[], from: number, to: number): Stretch {
  const codes = tokens.slice(from, to);
  const fuzzy = codes.includes(ANY_ONE);
  return { codes, fuzzy, fallback: fuzzy ? [] : fallbackOf(codes) };
}

function fallbackOf(codes: readonly GlobToken[]): readonly number[] {
  const fallback = codes.length === 0 ? [] : [0];
  let length = 0;
  for (let index = 1; index < codes.length; index += 1) {
    while (length > 0 && codes[index] !== codes[length]) length = fallback[length - 1] ?? 0;
    if (codes[index] === codes[length]) length += 1;
    fallback.push(length);
  }
  return fallback;
}

function standsAt({ codes }: Stretch, text: string, at: number, meter: GlobMeter | undefined): boolean {
  let index = 0;
  while (index < codes.length && (codes[index] === ANY_ONE || codes[index] === text.charCodeAt(at + index))) {
    index += 1;
  }
  if (meter !== undefined) meter.steps += index + 1;
  return index === codes.length;
}

/** The position after the first place of the stretch, or -1. */
function findPlain(
  { codes, fallback }: Stretch,
  text: string,
  from: number,
  to: number,
  meter: GlobMeter | undefined,
): number {
  let steps = 0;
  let matched = 0;
  let position = from;
  while (position < to && matched < codes.length) {
    steps += 1;
    if (codes[matched] === text.charCodeAt(position)) {
      matched += 1;
      position += 1;
    } else if (matched > 0) {
      matched = fallback[matched - 1] ?? 0;
    } else {
      position += 1;
    }
  }
  if (meter !== undefined) meter.steps += steps;
  return matched === codes.length ? position : -1;
}

/**
 * The same for a stretch with `?`, by the shift-and method of Baeza-Yates and Gonnet: bit i of `alive` says that
 * the i + 1 first characters of the stretch end here.
 */
function findFuzzy(
  { codes }: Stretch,
  text: string,
  from: number,
  to: number,
  meter: GlobMeter | undefined,
): number {
  const words = Math.ceil(codes.length / 32);
  const places = placesOf(codes, words);
  let alive = new Int32Array(words);
  let next = new Int32Array(words);
  const last = codes.length - 1;
  for (let position = from; position < to; position += 1) {
    const code = text.charCodeAt(position);
    const mask = places.often.get(code) ?? places.anything;
    let carry = 1;
    for (let word = 0; word < words; word += 1) {
      const before = alive[word] ?? 0;
      next[word] = ((before << 1) | carry) & (mask[word] ?? 0);
      carry = before >>> 31;
    }
    const seldom = places.seldom.get(code) ?? NOWHERE;
    for (const index of seldom) if (index === 0 || hasBit(alive, index - 1)) setBit(next, index);
    if (meter !== undefined) meter.steps += words + seldom.length;
    if (hasBit(next, last)) return position + 1;
    [alive, next] = [next, alive];
  }
  return -1;
}

interface Places {
  /** Where any character stands: the `?`. */
  readonly anything: Int32Array;
  /** Characters with more places than words, at most 32 of them: their places and those of `?`, as bits. */
  readonly often: ReadonlyMap<number, Int32Array>;
  /** The others, as lists: bits for each would take the square of the stretch's length. */
  readonly seldom: ReadonlyMap<number, readonly number[]>;
}

function placesOf(codes: readonly GlobToken[], words: number): Places {
  const anything = new Int32Array(words);
  const seldom = new Map<number, number[]>();
  codes.forEach((code, index) => {
    const list = seldom.get(code);
    if (code === ANY_ONE) setBit(anything, index);
    else if (list === undefined) seldom.set(code, [index]);
    else list.push(index);
  });
  const often = new Map<number, Int32Array>();
  for (const [code, list] of seldom) {
    if (list.length <= words) continue;
    const mask = anything.slice();
    for (const index of list) setBit(mask, index);
    often.set(code, mask);
    seldom.delete(code);
  }
  return { anything, often, seldom };
}

const NOWHERE: readonly number[] = [];

function setBit(words: Int32Array, index: number): void {
  words[index >> 5] = (words[index >> 5] ?? 0) | (1 << (index & 31));
}

function hasBit(words: Int32Array, index: number): boolean {
  return ((words[index >> 5] ?? 0) & (1 << (index & 31))) !== 0;
}

/** Piece by piece: a call with as many arguments as a hostile pattern has characters would not fit the stack. */
function textOf(codes: readonly number[]): string {
  let text = '';
  for (const code of codes) text += String.fromCharCode(code);
  return text;
}
