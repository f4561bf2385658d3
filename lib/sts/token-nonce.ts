/** Chance for tokens: numbers used once, which make two tokens of one session differ in every secret. */

import { randomFillSync } from 'node:crypto';

export const NONCE_BYTES = 12;

/** Twelve bytes as Latin-1 text. */
export function nonce(): string {
  if (used === text.length) {
    text = randomFillSync(pool).toString('latin1');
    used = 0;
  }
  used += NONCE_BYTES;
  return text.slice(used - NONCE_BYTES, used);
}

/** Chance is drawn in blocks: one call for twelve bytes costs as much as one for a thousand. */
const pool = Buffer.alloc(NONCE_BYTES * 512);
let text = '';
let used = 0;
