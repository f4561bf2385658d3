/**
 * Answers of the Query protocol as members in order, written as XML in the byte shape of the real services (two spaces
 * a level, a final newline, absent members left out) or as the JSON that some clients ask for.
 */

export type Value = string | number | boolean | Plain | Timestamp | List | Members;

/** ASCII made here that holds nothing to escape: looking for it in a session token costs as much as a hash. */
export interface Plain {
  readonly plain: string;
}

/** A member whose value is `undefined` is left out. */
export type Member = readonly [name: string, value: Value | undefined];
export type Members = readonly Member[];

/** Written `2026-01-31T12:00:00Z` in XML and as a number in JSON. */
export interface Timestamp {
  readonly epochSeconds: number;
}

/** Written as `member` elements in XML and as an array in JSON. */
export interface List {
  readonly list: readonly Value[];
}

/** @param indent Spaces before each line. Every line is ended. */
export function membersXml(members: Members, indent: string): string {
  let xml = '';
  for (const [name, value] of members) {
    if (value !== undefined) xml += elementXml(name, value, indent);
  }
  return xml;
}

export function membersJson(members: Members): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const [name, value] of members) if (value !== undefined) object[name] = valueJson(value);
  return object;
}

export function escapeXml(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return text
    .replace(/[&<>]/g, (character) => (character === '&' ? '&amp;' : character === '<' ? '&lt;' : '&gt;'))
    .replace(UNPRINTABLE, '\u{fffd}');
}

/** Whole seconds, as AWS writes times: `2026-01-31T12:00:00Z`. */
export function timestampText(epochSeconds: number): string {
  if (epochSeconds !== lastSeconds) {
    lastSeconds = epochSeconds;
    lastText = `${new Date(epochSeconds * 1_000).toISOString().slice(0, 19)}Z`;
  }
  return lastText;
}

/** What stands between the tags of a value that has no elements inside; `undefined` for one that has. */
export function leafText(value: Value): string | undefined {
  if (typeof value === 'string') return escapeXml(value);
  if (typeof value !== 'object') return String(value);
  if ('plain' in value) return value.plain;
  return 'epochSeconds' in value ? timestampText(value.epochSeconds) : undefined;
}

function elementXml(name: string, value: Value, indent: string): string {
  const text = leafText(value);
  if (text !== undefined) return `${indent}<${name}>${text}</${name}>\n`;
  const inner = innerXml(value, `${indent}  `);
  return inner === '' ? `${indent}<${name}/>\n` : `${indent}<${name}>\n${inner}${indent}</${name}>\n`;
}

function innerXml(value: Value, indent: string): string {
  if (Array.isArray(value)) return membersXml(value, indent);
  const { list } = value as List;
  return list.map((item) => elementXml('member', item, indent)).join('');
}

function valueJson(value: Value): unknown {
  if (typeof value !== 'object') return value;
  if ('plain' in value) return value.plain;
  if ('epochSeconds' in value) return value.epochSeconds;
  return 'list' in value ? value.list.map(valueJson) : membersJson(value);
}

/** Sessions of one second and one length end together. */
let lastSeconds = Number.NaN;
let lastText = '';

/** XML 1.0 has no way to write these characters, escaped or not. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNPRINTABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const SPECIAL = /[&<>\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
