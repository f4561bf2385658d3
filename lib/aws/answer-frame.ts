/**
 * The text between the values of an answer's XML, which is the same for all answers with the same members. Kept from
 * one answer to the next it leaves a third of the pieces to be joined, and joining them is most of what an answer costs.
 */

import { leafText, type Members } from './query-answer.ts';

export interface Frame {
  /** Names in order, with marks around the members that a member has. */
  readonly shape: readonly string[];
  /** What stands in front of each value. */
  readonly texts: readonly string[];
  readonly closing: string;
}

/**
 * `undefined` for members whose text is not the same each time: lists, and what has no members to show.
 * @param before Text in front of the members and behind them.
 */
export function frameOf(members: Members, indent: string, before = '', after = ''): Frame | undefined {
  const shape: string[] = [];
  const texts: string[] = [before];
  if (!outline(members, indent, shape, texts)) return undefined;
  append(texts, after);
  const flat = texts.map(flattened);
  return { shape, texts: flat.slice(0, -1), closing: flat.at(-1) ?? '' };
}

/** The members as XML; `undefined` when they are not those of the frame. */
export function fillFrame(frame: Frame, members: Members): string | undefined {
  filled = '';
  at = 0;
  values = 0;
  ascii = true;
  return fill(frame, members) && at === frame.shape.length ? filled + frame.closing : undefined;
}

/** Whether the values of the last frame filled are such that nobody need look whether they are ASCII. */
export function filledWithAscii(): boolean {
  return ascii;
}

/** Where the filling is: nothing here yields in between. */
let filled = '';
let at = 0;
let values = 0;
let ascii = true;

const OPEN = '<';
const CLOSE = '>';

function fill(frame: Frame, members: Members): boolean {
  const { shape, texts } = frame;
  for (const member of members) {
    const value = member[1];
    if (value === undefined) continue;
    if (shape[at] !== member[0]) return false;
    at += 1;
    if (Array.isArray(value)) {
      if (shape[at] !== OPEN) return false;
      at += 1;
      if (!fill(frame, value) || shape[at] !== CLOSE) return false;
      at += 1;
    } else {
      const text = leafText(value);
      if (text === undefined || values === texts.length) return false;
      if (typeof value === 'string') ascii = false;
      filled += texts[values] + text;
      values += 1;
    }
  }
  return true;
}

function outline(members: Members, indent: string, shape: string[], texts: string[]): boolean {
  let some = false;
  for (const [name, value] of members) {
    if (value === undefined) continue;
    some = true;
    shape.push(name);
    if (Array.isArray(value)) {
      shape.push(OPEN);
      append(texts, `${indent}<${name}>\n`);
      if (!outline(value, `${indent}  `, shape, texts)) return false;
      append(texts, `${indent}</${name}>\n`);
      shape.push(CLOSE);
    } else {
      if (leafText(value) === undefined) return false;
      append(texts, `${indent}<${name}>`);
      texts.push(`</${name}>\n`);
    }
  }
  return some;
}

function append(texts: string[], text: string): void {
  texts.push((texts.pop() ?? '') + text);
}

/** In one piece: text that was joined stays in its pieces until somebody reads it, and nobody ever reads this one alone. */
function flattened(text: string): string {
  return Buffer.from(text).toString();
}
