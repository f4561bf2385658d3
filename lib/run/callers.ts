/** The callers' process as the conductor holds it: opened, started, listened to, and never trusted to be alive. */

import type { LoadEnded, LoadProgress } from '../journal/event.ts';
import type { EngineConfig, EngineEnded, EngineReady } from '../load/process.ts';
import { type Child, startChild } from '../process/rpc.ts';

/** Progress comes each second; without it for this long the measuring has stalled and the run must not go on. */
const SILENT_AFTER_MS = 4_000;

export interface Callers extends AsyncDisposable {
  readonly child: Child;
  open(config: EngineConfig): Promise<EngineReady>;
  /**
   * Resolves with the end of the load. Rejects when the process dies or falls silent: that run has no measure.
   * @param leadMs Time until the zero.
   */
  run(
    originUs: number,
    leadMs: number,
    onProgress: (progress: LoadProgress) => void,
  ): Promise<LoadEnded & { readonly rows: number }>;
  /** Ends the load at once; what was under way is journalled as unanswered. */
  stop(reason: string): Promise<void>;
}

export function startCallers(): Callers {
  const child = startChild({ name: 'callers', entry: new URL('../load/process.ts', import.meta.url) });
  return {
    child,
    open: (config) => child.call('open', config),
    run: async (originUs, leadMs, onProgress) => {
      const ended = Promise.withResolvers<EngineEnded>();
      let watchdog = setTimeout(() => {}, 0);
      const heard = (graceMs: number): void => {
        clearTimeout(watchdog);
        watchdog = setTimeout(() => {
          ended.reject(new Error(`the callers' process said nothing for ${graceMs / 1_000} s`));
        }, graceMs);
      };
      child.onNews('progress', (progress: LoadProgress) => {
        heard(SILENT_AFTER_MS);
        onProgress(progress);
      });
      child.onNews('ended', (end: EngineEnded) => ended.resolve(end));
      void child.exited.then(({ code, signal }) => {
        ended.reject(
          new Error(`the callers' process ended (${signal ?? `code ${code}`}) ${child.stderrTail()}`.trim()),
        );
      });
      heard(leadMs + SILENT_AFTER_MS);
      try {
        await child.call('start', { originUs });
        return await ended.promise;
      } finally {
        clearTimeout(watchdog);
      }
    },
    stop: (reason) => child.call('stop', { reason }, 2_000),
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}
