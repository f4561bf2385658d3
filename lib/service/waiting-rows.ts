/**
 * Rows of the log that nobody has asked for yet, in columns: an object for each, kept for minutes, would cost the
 * collector of garbage more than answering a request costs. The eldest half goes when there are too many.
 */

import type { ServiceRecord } from '../journal/sample.ts';

export interface WaitingRows {
  push(row: ServiceRecord): void;
  /** All rows in order; none is left. */
  take(): Iterable<ServiceRecord>;
}

/** @param maximum A multiple of {@link BLOCK_ROWS} twice over. */
export function createWaitingRows(maximum: number): WaitingRows {
  let blocks: Block[] = [];
  /** Given up, and their memory used again: for new one the system is asked, which takes its time. */
  let spare: Block[] = [];
  let last: Block | undefined;
  return {
    push: (row) => {
      if (last === undefined || last.length === BLOCK_ROWS) {
        if (blocks.length * BLOCK_ROWS >= maximum) spare.push(...blocks.splice(0, blocks.length / 2));
        last = spare.pop() ?? newBlock();
        last.length = 0;
        blocks.push(last);
      }
      put(last, row);
    },
    take: () => {
      const taken = blocks;
      blocks = [];
      spare = [];
      last = undefined;
      return rowsOf(taken);
    },
  };
}

/** How many rows get their memory at once. */
export const BLOCK_ROWS = 1_000;

interface Block {
  length: number;
  /** Two numbers a row. */
  readonly times: Float64Array;
  readonly statuses: Uint16Array;
  /** {@link TEXTS} a row. */
  readonly texts: string[];
}

const TEXTS = 8;

function newBlock(): Block {
  return {
    length: 0,
    times: new Float64Array(2 * BLOCK_ROWS),
    statuses: new Uint16Array(BLOCK_ROWS),
    texts: new Array<string>(TEXTS * BLOCK_ROWS),
  };
}

function put(block: Block, row: ServiceRecord): void {
  const { length, times, statuses, texts } = block;
  times[2 * length] = row.receivedUs;
  times[2 * length + 1] = row.endedUs;
  statuses[length] = row.status;
  const at = TEXTS * length;
  texts[at] = row.region;
  texts[at + 1] = row.host;
  texts[at + 2] = row.operation;
  texts[at + 3] = row.errorCode;
  texts[at + 4] = row.accessKeyId;
  texts[at + 5] = row.account;
  texts[at + 6] = row.caller;
  texts[at + 7] = row.requestId;
  block.length += 1;
}

function* rowsOf(blocks: readonly Block[]): Generator<ServiceRecord> {
  for (const { length, times, statuses, texts } of blocks) {
    for (let index = 0; index < length; index += 1) {
      const text = (place: number): string => texts[TEXTS * index + place] ?? '';
      yield {
        receivedUs: times[2 * index] ?? 0,
        endedUs: times[2 * index + 1] ?? 0,
        status: statuses[index] ?? 0,
        region: text(0),
        host: text(1),
        operation: text(2),
        errorCode: text(3),
        accessKeyId: text(4),
        account: text(5),
        caller: text(6),
        requestId: text(7),
      };
    }
  }
}
