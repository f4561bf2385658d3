/** A list in pages: items sorted by a key, and a marker that says after which key to go on. */

import type { Members } from '../aws/query-answer.ts';
import { validationError } from './errors.ts';

export interface Paging {
  readonly Marker: string | undefined;
  readonly MaxItems: number | undefined;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** IsTruncated and, with more to come, Marker. */
  readonly end: Members;
}

/**
 * A page may begin after an item that has been deleted since. Sorted by code units, which for names of IAM is ASCII.
 * @throws {Refusal} for a marker that no page has given.
 */
export function pageOf<Item>(
  items: Iterable<Item>,
  keyOf: (item: Item) => string,
  { Marker, MaxItems = USUAL_ITEMS }: Paging,
): Page<Item> {
  const sorted = [...items].sort((left, right) => compare(keyOf(left), keyOf(right)));
  const after = Marker === undefined ? undefined : decode(Marker);
  const start = after === undefined ? 0 : sorted.findIndex((item) => keyOf(item) > after);
  const rest = start === -1 ? [] : sorted.slice(start);
  const shown = rest.slice(0, MaxItems);
  const last = shown.at(-1);
  return {
    items: shown,
    end:
      rest.length > shown.length && last !== undefined
        ? [
            ['IsTruncated', true],
            ['Marker', encode(keyOf(last))],
          ]
        : [['IsTruncated', false]],
  };
}

/** DOCS: the default of MaxItems. */
const USUAL_ITEMS = 100;

/** So that a text made up is no marker. */
const BEGINNING = 'after:';

function encode(key: string): string {
  return Buffer.from(BEGINNING + key).toString('base64');
}

function decode(marker: string): string {
  const text = Buffer.from(marker, 'base64').toString();
  // RECORDED.
  if (!text.startsWith(BEGINNING)) throw validationError('Invalid Marker.');
  return text.slice(BEGINNING.length);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
