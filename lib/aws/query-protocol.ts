/** The AWS Query protocol's form encoding, as SDKs write it and as STS reads it. */

export const STS_VERSION = '2011-06-15';
export const IAM_VERSION = '2010-05-08';

/** Parameters in the order given, each percent-encoded by RFC 3986 (a space is `%20`), as SDKs send them. */
export function encodeForm(parameters: Readonly<Record<string, string>>): string {
  let form = '';
  for (const name in parameters) {
    form += `${form === '' ? '' : '&'}${uriEncode(name)}=${uriEncode(parameters[name] ?? '')}`;
  }
  return form;
}

/**
 * The parameters of a body or query string. Of duplicates the first wins, as measured on STS; a `+` is a space.
 * `undefined` when a percent escape is malformed or is not UTF-8: STS answers that with 400 and an empty body.
 * @param maximum More names than this are `undefined` too, and are not read on: two million of them, which fit in
 *   one body, take a map minutes.
 */
export function parseForm(
  text: string,
  maximum = Number.POSITIVE_INFINITY,
): ReadonlyMap<string, string> | undefined {
  const parameters = new Map<string, string>();
  // Looked for from each to the next one only: a text that lacks one is not searched again for every parameter.
  let equalsAt = placeOf('=', text, 0);
  let escapeAt = placeOf('%', text, 0);
  let plusAt = placeOf('+', text, 0);
  let start = 0;
  while (start < text.length) {
    const end = placeOf('&', text, start);
    if (end > start) {
      if (equalsAt < start) equalsAt = placeOf('=', text, start);
      if (escapeAt < start) escapeAt = placeOf('%', text, start);
      if (plusAt < start) plusAt = placeOf('+', text, start);
      const split = Math.min(equalsAt, end);
      const plain = escapeAt >= end && plusAt >= end;
      const rawName = nameAt(text, start, split);
      const name = plain ? rawName : decodeFormText(rawName);
      const rawValue = text.slice(split + 1, end);
      const value = plain ? rawValue : decodedValue(rawValue);
      if (name === undefined || value === undefined) return undefined;
      if (!parameters.has(name)) {
        if (parameters.size >= maximum) return undefined;
        parameters.set(name, value);
      }
    }
    start = end + 1;
  }
  return parameters;
}

/** The end of the text when there is none. */
function placeOf(character: string, text: string, start: number): number {
  const place = text.indexOf(character, start);
  return place === -1 ? text.length : place;
}

/**
 * Of a name that nearly every request has, the one text that this program knows it by: a map finds what it has seen
 * several times as fast as a piece of a text.
 */
function nameAt(text: string, start: number, end: number): string {
  for (const name of COMMON_NAMES[end - start] ?? NO_NAMES) if (text.startsWith(name, start)) return name;
  return text.slice(start, end);
}

/** By length. */
const COMMON_NAMES: (readonly string[])[] = [];
const NO_NAMES: readonly string[] = [];
for (const name of ['Action', 'Version', 'RoleArn', 'RoleSessionName', 'DurationSeconds', 'ExternalId']) {
  COMMON_NAMES[name.length] = [...(COMMON_NAMES[name.length] ?? []), name];
}

/** RFC 3986: everything but letters, digits and `-._~` is escaped. Lone surrogates become U+FFFD. */
export function uriEncode(text: string): string {
  if (UNRESERVED_ONLY.test(text)) return text;
  return encodeURIComponent(text.toWellFormed()).replace(/[!'()*]/g, escapeCharacter);
}

/** ARNs, which are full of escapes, come again and again; the last few are remembered. */
function decodedValue(text: string): string | undefined {
  if (text.length > 256) return decodeFormText(text);
  const known = decoded.get(text);
  if (known !== undefined) return known;
  const value = decodeFormText(text);
  if (value !== undefined) {
    if (decoded.size >= 256) decoded.clear();
    decoded.set(text, value);
  }
  return value;
}

const decoded = new Map<string, string>();

/** `undefined` for a malformed escape. */
export function decodeFormText(text: string): string | undefined {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    // The only error that it throws: a malformed sequence, which the caller answers for.
    return undefined;
  }
}

const UNRESERVED_ONLY = /^[A-Za-z0-9\-._~]*$/;

function escapeCharacter(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
