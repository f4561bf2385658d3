/**
 * Session tags: as a request gives them, as they are refused, and as they go down a chain of roles. Keys are equal
 * whatever their case, and keep the case they were given in. Source: IAM User Guide, "Passing session tags".
 */

import {
  DUPLICATE_TAG_KEYS,
  RESERVED_TAG_KEY,
  type StsError,
  TRANSITIVE_KEY_CONFLICT,
  TRANSITIVE_KEY_NOT_REQUESTED,
} from '../errors.ts';
import type { Session, SessionTag } from '../session.ts';
import { checkList, checkText } from '../validation.ts';
import { type Entry, type Lists, textsOf } from './parameter-lists.ts';
import { TAG_KEY, TAG_VALUE, TAGS, TRANSITIVE_TAG_KEYS } from './rules.ts';

export interface RequestedTags {
  readonly tags: readonly SessionTag[];
  readonly transitiveKeys: readonly string[];
}

export const NO_TAGS: RequestedTags = { tags: [], transitiveKeys: [] };

/** Only for what it returns when `clauses` stays empty. */
export function readTags(lists: Lists, clauses: string[]): RequestedTags {
  const entries = lists.get('Tags');
  const transitiveKeys = textsOf(lists, 'TransitiveTagKeys');
  if (entries === undefined && transitiveKeys === undefined) return NO_TAGS;
  checkList(entries?.length, TAGS, () => (entries ?? []).map(printTag).join(', '), clauses);
  entries?.forEach((entry, index) => {
    checkText(entry.get('Key'), TAG_KEY, clauses, `tags.${index + 1}.member.key`);
    checkText(entry.get('Value'), TAG_VALUE, clauses, `tags.${index + 1}.member.value`);
  });
  checkTransitiveKeys(transitiveKeys, clauses);
  return {
    tags: (entries ?? []).map((entry) => [entry.get('Key') ?? '', entry.get('Value') ?? '']),
    transitiveKeys: transitiveKeys ?? [],
  };
}

/** Those that a token or an assertion carries, which come without a request around them. */
export function checkGivenTags({ tags, transitiveKeys }: RequestedTags, clauses: string[]): void {
  checkList(tags.length, TAGS, () => tags.map(([key, value]) => printed(key, value)).join(', '), clauses);
  tags.forEach(([key, value], index) => {
    checkText(key, TAG_KEY, clauses, `tags.${index + 1}.member.key`);
    checkText(value, TAG_VALUE, clauses, `tags.${index + 1}.member.value`);
  });
  checkTransitiveKeys(transitiveKeys, clauses);
}

/** What no constraint of the model covers. */
export function refuseTags({ tags, transitiveKeys }: RequestedTags, caller?: Session): StsError | undefined {
  if (tags.length === 0 && transitiveKeys.length === 0) return undefined;
  const keys = new Set<string>();
  for (const [key] of tags) {
    const folded = fold(key);
    if (folded.startsWith('aws:')) return RESERVED_TAG_KEY;
    if (keys.has(folded)) return DUPLICATE_TAG_KEYS;
    keys.add(folded);
  }
  // Whether a tag that the chain hands down may be replaced does not depend on the new one being transitive.
  if (caller?.transitiveTagKeys?.some((key) => keys.has(fold(key)))) return TRANSITIVE_KEY_CONFLICT;
  const lacking = transitiveKeys.some((key) => !keys.has(fold(key)));
  return lacking ? TRANSITIVE_KEY_NOT_REQUESTED : undefined;
}

/** What the new session carries: its own tags and those that a chain of roles hands down. */
export function tagsOfSession(
  { tags, transitiveKeys }: RequestedTags,
  caller?: Session,
): Pick<Session, 'tags' | 'transitiveTagKeys'> {
  const handedDown = caller?.transitiveTagKeys ?? [];
  if (tags.length === 0 && handedDown.length === 0) return NOTHING;
  const folded = new Set(handedDown.map(fold));
  const inherited = (caller?.tags ?? []).filter(([key]) => folded.has(fold(key)));
  const keys = [...handedDown, ...transitiveKeys];
  return {
    tags: [...inherited, ...tags],
    ...(keys.length === 0 ? {} : { transitiveTagKeys: keys }),
  };
}

/** Condition keys of a request with tags. */
export function tagContext({ tags, transitiveKeys }: RequestedTags): [string, string | readonly string[]][] {
  if (tags.length === 0) return [];
  return [
    ['aws:TagKeys', tags.map(([key]) => key)],
    ...tags.map(([key, value]): [string, string] => [`aws:RequestTag/${key}`, value]),
    ['sts:TransitiveTagKeys', transitiveKeys],
  ];
}

const NOTHING = {};

function fold(key: string): string {
  return key.toLowerCase();
}

function checkTransitiveKeys(keys: readonly string[] | undefined, clauses: string[]): void {
  checkList(keys?.length, TRANSITIVE_TAG_KEYS, () => (keys ?? []).join(', '), clauses);
  keys?.forEach((key, index) => {
    checkText(key, TAG_KEY, clauses, `transitiveTagKeys.${index + 1}.member`);
  });
}

function printTag(entry: Entry): string {
  return printed(entry.get('Key'), entry.get('Value'));
}

/** GUESS: how the real service writes a whole list into a message has not been seen. */
function printed(key: string | undefined, value: string | undefined): string {
  return `Tag(key=${key ?? null}, value=${value ?? null})`;
}
