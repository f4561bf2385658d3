/** Waits for a condition outside of a test. */

import { setTimeout } from 'node:timers/promises';

const LOOK_EVERY_MS = 10;

/** @throws when it has not come true in time. */
export async function until(condition: () => boolean, withinMs: number, what: string): Promise<void> {
  const startedMs = performance.now();
  while (!condition()) {
    if (performance.now() - startedMs > withinMs)
      throw new Error(`waited ${withinMs} ms in vain for ${what}`);
    await setTimeout(LOOK_EVERY_MS);
  }
}
