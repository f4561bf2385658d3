/**
 * Reads what k6 writes by `--out json`: some ten lines a request, of which one is a row of ours. Lines are told apart by
 * a few of their bytes, and only rows are made into text; so the reader keeps up with k6 at a fraction of its cost.
 */

import { ATTEMPT_METRIC, type AttemptRow, decodeRow } from './script/attempt-row.ts';

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

/** @param onDropped An iteration that k6 could not begin; epoch microseconds. */
export function createK6Reader(
  onAttempt: (attempt: K6Attempt) => void,
  onDropped: (atUs: number) => void = () => {},
): K6Reader {
  const counts: K6Counts = {
    requests: 0,
    strangers: 0,
    iterations: 0,
    dropped: 0,
    attempts: 0,
    unreadable: 0,
  };
  let rest: Buffer = NOTHING;
  /** Inside a line that is too long to keep. */
  let skipping = false;

  const line = (bytes: Buffer, from: number, to: number): void => {
    if (to - from < SHORTEST) return;
    // {"metric":"… of a point, {"type":"Metric" of a declaration.
    if (bytes[from + 2] !== 0x6d) {
      if (bytes[from] !== 0x7b) counts.unreadable += 1;
      return;
    }
    switch (bytes[from + NAME_AT]) {
      case R:
        if (isMetric(bytes, from, ATTEMPT)) row(bytes.toString('latin1', from, to), bytes, from, to);
        break;
      case H:
        if (isMetric(bytes, from, REQUESTS)) {
          if (bytes.subarray(from, to).includes(OURS)) counts.requests += 1;
          else if (!bytes.subarray(from, to).includes(START)) counts.strangers += 1;
        }
        break;
      case I:
        if (isMetric(bytes, from, ITERATIONS))
          counts.iterations += amountOf(bytes.toString('latin1', from, to));
        break;
      case D:
        if (isMetric(bytes, from, DROPPED)) drop(bytes.toString('latin1', from, to));
        break;
      default:
    }
  };

  const drop = (text: string): void => {
    const amount = amountOf(text);
    counts.dropped += amount;
    const atUs = epochUs(text, text.indexOf(TIME) + TIME.length);
    for (let one = 0; one < amount; one += 1) onDropped(atUs);
  };

  const row = (text: string, bytes: Buffer, from: number, to: number): void => {
    try {
      const start = text.indexOf(ROW);
      const timeAt = text.indexOf(TIME);
      if (start === -1 || timeAt === -1) throw new SyntaxError('a point without a row');
      const end = text.indexOf(']"', start);
      const escaped = text.slice(start + ROW.length, end + 1);
      // Names and ids are ASCII; whatever is not goes the long way.
      const plain = /^[\x20-\x7e]*$/.test(escaped) && !escaped.includes('\\\\') && !escaped.includes('\\u');
      const json = plain
        ? escaped.replaceAll('\\"', '"')
        : (JSON.parse(bytes.toString('utf8', from, to)) as Point).data.metadata.row;
      const attempt = { ...decodeRow(json), endedUs: epochUs(text, timeAt + TIME.length) };
      counts.attempts += 1;
      onAttempt(attempt);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      counts.unreadable += 1;
    }
  };

  return {
    counts,
    push: (chunk) => {
      let bytes = chunk;
      if (rest.length > 0) bytes = Buffer.concat([rest, chunk]);
      let from = 0;
      for (let at = bytes.indexOf(NEWLINE, rest.length); at !== -1; at = bytes.indexOf(NEWLINE, from)) {
        if (skipping) skipping = false;
        else line(bytes, from, at);
        from = at + 1;
      }
      rest = bytes.subarray(from);
      if (rest.length > LONGEST_LINE) {
        if (!skipping) counts.unreadable += 1;
        skipping = true;
      }
      // A copy, or the whole chunk would be kept for its last bytes.
      rest = skipping ? NOTHING : Buffer.from(rest);
    },
    end: () => {
      const left = rest.length;
      rest = NOTHING;
      return left;
    },
  };
}

interface Point {
  readonly data: { readonly metadata: { readonly row: string } };
}

const NOTHING = Buffer.alloc(0);
const NEWLINE = 0x0a;
const BEGINNING = '{"metric":"';
const NAME_AT = BEGINNING.length;
const SHORTEST = NAME_AT + 8;
const [R, H, I, D] = ['r', 'h', 'i', 'd'].map((letter) => letter.charCodeAt(0)) as [
  number,
  number,
  number,
  number,
];
const ATTEMPT = Buffer.from(`${ATTEMPT_METRIC}","type":"P`);
const REQUESTS = Buffer.from('http_reqs","type":"P');
const ITERATIONS = Buffer.from('iterations","type":"P');
const DROPPED = Buffer.from('dropped_iterations","type":"P');
const OURS = Buffer.from('"name":"sts"');
const START = Buffer.from('"name":"start"');
const ROW = '"row":"';
const TIME = '"time":"';

function isMetric(bytes: Buffer, from: number, name: Buffer): boolean {
  const start = from + NAME_AT;
  return bytes.compare(name, 0, name.length, start, start + name.length) === 0;
}

function amountOf(text: string): number {
  return Number(/"value":(\d+)/.exec(text)?.[1] ?? 0);
}

let second = '';
let secondUs = 0;

/** `2026-11-25T10:19:36.131692201Z`: whole seconds repeat, so they are parsed once each. */
function epochUs(text: string, at: number): number {
  const whole = text.slice(at, at + 19);
  const end = text.indexOf('"', at);
  const rest = text.slice(at + 19, end);
  const [, digits = '', zone = 'Z'] = /^(?:\.(\d+))?(.*)$/.exec(rest) ?? [];
  if (whole + zone !== second) {
    const parsed = Date.parse(whole + zone);
    if (Number.isNaN(parsed)) throw new SyntaxError(`no time: ${whole}`);
    second = whole + zone;
    secondUs = parsed * 1_000;
  }
  return secondUs + Math.floor(Number(`${digits}000000`.slice(0, 6)));
}
