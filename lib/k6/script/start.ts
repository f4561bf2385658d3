/** When a load begins: as the conductor says, at an agreed moment, or shortly from now. */

import { sleep } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter } from 'k6/metrics';
import { config, type K6Config } from './config.ts';
import { encodeStart, START_METRIC } from './start-row.ts';

declare const __ENV: Readonly<Record<string, string | undefined>>;

const READY_WITHIN_MS = 2_000;
/** Between the end of `setup` and the start: k6 hands what it returns on to each VU. */
const LEAD_MS = 1_000;

const starts = new Counter(START_METRIC);

/** For a script of a user's own, whose executors begin as soon as `setup` has ended. */
export function waitForStart(): void {
  if (config?.control === undefined && config?.hash === undefined) return;
  sleepUntil(startOf(config));
}

/**
 * Epoch milliseconds. Waits, in `setup`, until whoever conducts the run gives the word, or until shortly before the
 * agreed moment: k6 counts the time of iterations from the end of `setup`.
 * @throws for an agreed moment that is over, since the arrivals since then would be missing.
 */
export function startOf(load: Pick<K6Config, 'control' | 'hash' | 'seed'> | undefined): number {
  if (load?.control !== undefined) {
    const response = http.get(load.control, { timeout: '1h', tags: { name: 'start' } });
    const { originMs } = response.json() as { originMs: number };
    return originMs;
  }
  const startMs = agreedMs();
  if (load?.hash !== undefined) {
    tellStart(load.hash, load.seed, startMs);
    sleepUntil(startMs - LEAD_MS);
  }
  return startMs;
}

function agreedMs(): number {
  const agreed = __ENV['REGIONFALL_START'];
  const nowMs = Date.now();
  if (!agreed) return nowMs + READY_WITHIN_MS;
  const atMs = /^\d+$/.test(agreed) ? Number(agreed) : Date.parse(agreed);
  if (Number.isNaN(atMs)) throw new Error(`REGIONFALL_START is no moment: '${agreed}'`);
  if (atMs >= nowMs) return atMs;
  const lateS = ((nowMs - atMs) / 1_000).toFixed(1);
  throw new Error(
    `REGIONFALL_START was ${agreed}, ${lateS} s ago by the clock here: agree on a later moment, the same on every machine`,
  );
}

function tellStart(hash: string, seed: number, startMs: number): void {
  const segment = (exec.test.options as { executionSegment?: string | null }).executionSegment ?? '';
  const { metadata } = exec.vu.metrics;
  metadata['row'] = encodeStart({ hash, seed, startMs, nowMs: Date.now(), segment });
  starts.add(1);
  delete metadata['row'];
}

function sleepUntil(atMs: number): void {
  const leftMs = atMs - Date.now();
  if (leftMs > 0) sleep(leftMs / 1_000);
}
