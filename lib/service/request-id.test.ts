import { expect, test } from 'vitest';
import { newRequestId } from './request-id.ts';

test('request ids are UUIDs of version 4, each of them another', () => {
  const ids = Array.from({ length: 1_000 }, newRequestId);
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(ids).size).toBe(ids.length);
  // Every digit but those that say what kind of UUID it is takes every value.
  for (const place of [0, 9, 15, 20, 35]) {
    expect(new Set(ids.map((id) => id[place])).size, `place ${place}`).toBe(16);
  }
});
