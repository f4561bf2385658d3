/**
 * Room on the disk that a run keeps while it lives. When the disk is full it is given up, so that the journal can still
 * say why the run ends.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const RESERVE_NAME = '.reserve';

/** Enough for the reason, and for what is told of every fault that is lifted. */
const RESERVE_BYTES = 65_536;

/** @throws the file system's error when even this does not fit. */
export function keepReserve(folder: string): void {
  // Not zeros: a file system that leaves out holes or compresses would keep nothing.
  writeFileSync(join(folder, RESERVE_NAME), noise(RESERVE_BYTES), { mode: 0o600 });
}

/** Safe to repeat, and where there is none. */
export function freeReserve(folder: string): void {
  try {
    rmSync(join(folder, RESERVE_NAME), { force: true });
  } catch {
    // A folder that cannot be changed has no last words either.
  }
}

function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = 1;
  for (let index = 0; index < length; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}
