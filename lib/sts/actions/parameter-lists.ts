/**
 * Lists among the parameters of a request: `Tags.member.1.Key=…`. Nothing is made for the numbers in between, so that
 * an index costs what its own characters cost. Entries come in the order of their indices and close up over gaps.
 */

/** Members of one entry by name; a list of plain texts has its text under the empty name. */
export type Entry = ReadonlyMap<string, string>;
export type Lists = ReadonlyMap<string, readonly Entry[]>;

/** Of the list's name as the request spells it. A list that is not there, or is sent as `Tags=`, is not in the map. */
export function readLists(parameters: ReadonlyMap<string, string>): Lists {
  let found: Map<string, Map<number, Map<string, string>>> | undefined;
  for (const [name, value] of parameters) {
    // Most names are too short for a list, an entry and what lies between.
    if (name.length < INFIX.length + 2) continue;
    const infix = name.indexOf(INFIX);
    if (infix === -1) continue;
    const place = readPlace(name, infix + INFIX.length);
    if (place === undefined) continue;
    found ??= new Map();
    entryOf(found, name.slice(0, infix), place.index).set(place.member, value);
  }
  if (found === undefined) return NO_LISTS;
  return new Map([...found].map(([name, entries]) => [name, inOrder(entries)]));
}

/** The texts of a plain list, `TransitiveTagKeys.member.1=…`; `undefined` without the list. */
export function textsOf(lists: Lists, name: string): readonly string[] | undefined {
  return lists.get(name)?.map((entry) => entry.get('') ?? '');
}

const INFIX = '.member.';
const NO_LISTS: Lists = new Map();

/** Nine digits and a billion are more than any request has parameters. */
const MAXIMUM_DIGITS = 9;

function readPlace(name: string, start: number): { index: number; member: string } | undefined {
  let end = start;
  let index = 0;
  while (end < name.length) {
    const digit = name.charCodeAt(end) - 48;
    if (digit < 0 || digit > 9) break;
    index = index * 10 + digit;
    end += 1;
    if (end - start > MAXIMUM_DIGITS) return undefined;
  }
  if (end === start || index === 0) return undefined;
  if (end === name.length) return { index, member: '' };
  return name.charAt(end) === '.' ? { index, member: name.slice(end + 1) } : undefined;
}

function entryOf(
  lists: Map<string, Map<number, Map<string, string>>>,
  name: string,
  index: number,
): Map<string, string> {
  const entries = lists.get(name) ?? new Map<number, Map<string, string>>();
  lists.set(name, entries);
  const entry = entries.get(index) ?? new Map<string, string>();
  entries.set(index, entry);
  return entry;
}

function inOrder(entries: ReadonlyMap<number, Entry>): readonly Entry[] {
  return [...entries].sort(([one], [other]) => one - other).map(([, entry]) => entry);
}
