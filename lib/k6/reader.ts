/**
 * Reads what k6 writes by `--out json`: some ten lines a request, of which one is a row of ours. Lines are told apart by
 * a few of their bytes, and only rows are made into text; so the reader keeps up with k6 at a fraction of its cost.
 */

import { ATTEMPT_METRIC, type AttemptRow, decodeRow } from './script/attempt-row.ts';
import { decodeStart, START_METRIC, type StartRow } from './script/start-row.ts';

export interface K6Attempt extends AttemptRow {
  /** Epoch microseconds of k6's clock. */
  readonly endedUs: number;
}

/** What k6 itself counted, by the lines that came. */
export interface K6Counts {
  /** Requests that went through `regionfall/k6`. */
  requests: number;
  /** Requests that a script made by itself: they are in no sample. */
  strangers: number;
  iterations: number;
  dropped: number;
  /** Rows that could be read. */
  attempts: number;
  /** Lines that were no JSON of k6, or rows that were none of ours. */
  unreadable: number;
}

export interface K6Reader {
  readonly counts: Readonly<K6Counts>;
  /** Any piece of the output, cut anywhere. */
  push(chunk: Buffer): void;
  /** No more will come. @returns How many bytes of a last, unfinished line were left. */
  end(): number;
}

/** A row has a few hundred bytes; whatever is so long is none, and must not fill the memory. */
const LONGEST_LINE = 1_048_576;

/**
 * @param onDropped An iteration that k6 could not begin; epoch microseconds.
 * @param onStart What an exported script tells first.
 */
export function createK6Reader(
  onAttempt: (attempt: K6Attempt) => void,
  onDropped: (atUs: number) => void = () => {},
  onStart: (start: StartRow) => void = () => {},
): K6Reader {
  const counts: K6Counts = {
    requests: 0,
    strangers: 0,
    iterations: 0,
    dropped: 0,
    attempts: 0,
    unreadable: 0,
  };
  let rest = '';
  /** Inside a line that is too long to keep. */
  let skipping = false;

  const row = (text: string, from: number, to: number, ofStart: boolean): void => {
    try {
      const begin = text.indexOf(ROW, from) + ROW.length;
      const end = text.indexOf('"', begin);
      if (begin < ROW.length || begin > to || end === -1) throw new SyntaxError('a point without a row');
      const encoded = text.slice(begin, end);
      if (ofStart) onStart(decodeStart(encoded));
      else {
        const attempt = decodeRow(encoded, timeOf(text, from));
        counts.attempts += 1;
        onAttempt(attempt);
      }
    } catch (error) {
      // Malformed escapes are told by another name.
      if (!(error instanceof SyntaxError || error instanceof URIError)) throw error;
      counts.unreadable += 1;
    }
  };

  /** A line is told by the letter with which the name of its metric begins, before the whole name is compared. */
  const line = (text: string, from: number, to: number): void => {
    switch (text.charCodeAt(from + NAME_AT)) {
      case R:
        if (text.startsWith(ATTEMPT, from)) row(text, from, to, false);
        else if (text.startsWith(STARTED, from)) row(text, from, to, true);
        break;
      case H:
        if (!text.startsWith(REQUESTS, from)) break;
        if (holds(text, OURS, from, to)) counts.requests += 1;
        else if (!holds(text, START, from, to)) counts.strangers += 1;
        break;
      case I:
        if (text.startsWith(ITERATIONS, from)) counts.iterations += amountOf(text.slice(from, to));
        break;
      case D: {
        if (!text.startsWith(DROPPED, from)) break;
        const amount = amountOf(text.slice(from, to));
        counts.dropped += amount;
        const atUs = timeOf(text, from);
        for (let one = 0; one < amount; one += 1) onDropped(atUs);
        break;
      }
      default:
    }
  };

  /** Whole lines. */
  const read = (text: string, begin: number): void => {
    let from = begin;
    for (let to = text.indexOf('\n', from); to !== -1; to = text.indexOf('\n', from)) {
      line(text, from, to);
      from = to + 1;
    }
  };

  return {
    counts,
    push: (chunk) => {
      // Names, times and rows are ASCII: a byte for a character is right, and quickest.
      const text = chunk.toString('latin1');
      const last = text.lastIndexOf('\n');
      if (last === -1) {
        if (skipping) return;
        rest += text;
        if (rest.length <= LONGEST_LINE) return;
        counts.unreadable += 1;
        skipping = true;
        rest = '';
        return;
      }
      if (skipping) {
        const first = text.indexOf('\n');
        read(text, first + 1);
        skipping = false;
      } else {
        // The line that was begun by an earlier piece stands alone, so that the rest need not be copied.
        const first = rest === '' ? -1 : text.indexOf('\n');
        if (first !== -1) read(`${rest}${text.slice(0, first + 1)}`, 0);
        read(text, first + 1);
      }
      rest = text.slice(last + 1);
    },
    end: () => {
      const left = rest.length;
      rest = '';
      return left;
    },
  };
}

const pointOf = (metric: string): string => `{"metric":"${metric}","type":"Point"`;
const NAME_AT = pointOf('').indexOf('""') + 1;
const [R, H, I, D] = ['r', 'h', 'i', 'd'].map((letter) => letter.charCodeAt(0)) as [
  number,
  number,
  number,
  number,
];
const ATTEMPT = pointOf(ATTEMPT_METRIC);
const STARTED = pointOf(START_METRIC);
const REQUESTS = pointOf('http_reqs');
const ITERATIONS = pointOf('iterations');
const DROPPED = pointOf('dropped_iterations');
const OURS = '"name":"sts"';
const START = '"name":"start"';
const ROW = '"row":"';
const TIME = '"time":"';

/** The tags stand in the last part of a line. */
function holds(text: string, what: string, from: number, to: number): boolean {
  const at = text.indexOf(what, from + REQUESTS.length);
  return at !== -1 && at < to;
}

function amountOf(line: string): number {
  return Number(/"value":(\d+)/.exec(line)?.[1] ?? 0);
}

let second = '';
let lastZone = '';
let secondUs = 0;

/** `2026-11-25T10:19:36.131692201Z` in epoch microseconds: whole seconds repeat, so they are parsed once each. */
function timeOf(line: string, from: number): number {
  const at = line.indexOf(TIME, from) + TIME.length;
  const end = line.indexOf('"', at);
  const whole = line.slice(at, at + 19);
  // Nine digits and Z, as nearly always; k6 leaves zeros at the end away.
  let digits = 0;
  let place = at + 19;
  if (line.charCodeAt(place) === DOT) {
    place += 1;
    const first = place;
    while (line.charCodeAt(place) >= ZERO && line.charCodeAt(place) <= NINE) place += 1;
    digits =
      Number(`${line.slice(first, Math.min(place, first + 6))}`) * 10 ** Math.max(0, 6 - (place - first));
  }
  const zone = line.slice(place, end);
  if (whole !== second || zone !== lastZone) {
    const parsed = Date.parse(whole + zone);
    if (Number.isNaN(parsed)) throw new SyntaxError(`no time: ${whole}`);
    second = whole;
    lastZone = zone;
    secondUs = parsed * 1_000;
  }
  return secondUs + digits;
}

const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
