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
  let start = 0;
  while (start < text.length) {
    let end = text.indexOf('&', start);
    if (end === -1) end = text.length;
    if (end > start) {
      const equals = text.indexOf('=', start);
      const split = equals === -1 || equals > end ? end : equals;
      const name = decodeFormText(text.slice(start, split));
      const value = decodedValue(text.slice(split + 1, end));
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

/** RFC 3986: everything but letters, digits and `-._~` is escaped. Lone surrogates become U+FFFD. */
export function uriEncode(text: string): string {
  if (UNRESERVED_ONLY.test(text)) return text;
  return encodeURIComponent(text.toWellFormed()).replace(/[!'()*]/g, escapeCharacter);
}

/** ARNs, which are full of escapes, come again and again; the last few are remembered. */
function decodedValue(text: string): string | undefined {
  if (text.length > 256 || !text.includes('%')) return decodeFormText(text);
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
