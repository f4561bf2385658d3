import { expect, test } from 'vitest';
import type { ServiceRecord } from '../journal/sample.ts';
import { BLOCK_ROWS, createWaitingRows } from './waiting-rows.ts';

function rowOf(index: number): ServiceRecord {
  return {
    receivedUs: index - 5,
    endedUs: index + 0.5,
    region: 'eu-west-1',
    host: `host-${index % 3}`,
    operation: 'AssumeRole',
    status: 200 + (index % 300),
    errorCode: index % 2 === 0 ? '' : 'Throttling',
    accessKeyId: `ASIA${index}`,
    account: '111122223333',
    caller: `app-${index}`,
    requestId: `request-${index}`,
  };
}

test('rows that wait come back in order and as they were, once', () => {
  const waiting = createWaitingRows(10 * BLOCK_ROWS);
  const rows = Array.from({ length: 2 * BLOCK_ROWS + 1 }, (_, index) => rowOf(index));
  for (const row of rows) waiting.push(row);
  expect([...waiting.take()]).toEqual(rows);
  expect([...waiting.take()]).toEqual([]);
  waiting.push(rowOf(7));
  expect([...waiting.take()]).toEqual([rowOf(7)]);
});

test('of too many the younger half is kept, over and over', () => {
  const waiting = createWaitingRows(4 * BLOCK_ROWS);
  const count = 9 * BLOCK_ROWS + 3;
  for (let index = 0; index < count; index += 1) waiting.push(rowOf(index));
  // Full at 4, 6 and 8 blocks; two are left each time.
  const kept = [...waiting.take()];
  expect(kept[0]).toEqual(rowOf(6 * BLOCK_ROWS));
  expect(kept).toHaveLength(count - 6 * BLOCK_ROWS);
  expect(kept.at(-1)).toEqual(rowOf(count - 1));
});
