/** When a load begins: as the conductor says, at an agreed moment, or shortly from now. */

import { sleep } from 'k6';
import http from 'k6/http';
import { config, type K6Config } from './config.ts';

declare const __ENV: Readonly<Record<string, string | undefined>>;

const READY_WITHIN_MS = 2_000;

/** For a script of a user's own, whose executors begin as soon as `setup` has ended. */
export function waitForStart(): void {
  if (config?.control === undefined) return;
  const leftMs = startOf(config) - Date.now();
  if (leftMs > 0) sleep(leftMs / 1_000);
}

/** Epoch milliseconds. Waits, in `setup`, until whoever conducts the run gives the word. */
export function startOf(config: Pick<K6Config, 'control'> | undefined): number {
  if (config?.control !== undefined) {
    const response = http.get(config.control, { timeout: '1h', tags: { name: 'start' } });
    const { originMs } = response.json() as { originMs: number };
    return originMs;
  }
  const agreed = __ENV['REGIONFALL_START'];
  if (!agreed) return Date.now() + READY_WITHIN_MS;
  const atMs = /^\d+$/.test(agreed) ? Number(agreed) : Date.parse(agreed);
  if (Number.isNaN(atMs)) throw new Error(`REGIONFALL_START is no moment: '${agreed}'`);
  return atMs;
}
