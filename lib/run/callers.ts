/** The callers' process as the conductor holds it: opened, started, listened to, and never trusted to be alive. */

import type { GeneratorEnded, LoadEnded, LoadProgress } from '../journal/event.ts';
import type { EngineConfig, EngineEnded, EngineReady } from '../load/process.ts';
import { entryUrl } from '../process/entry.ts';
import { killMarked, markOf, type ProcessMark } from '../process/process-identity.ts';
import { type Child, deadline, startChild } from '../process/rpc.ts';
import type { EngineName } from './engines.ts';

/** Progress comes each second; without it for this long the measuring has stalled and the run must not go on. */
const SILENT_AFTER_MS = 3_000;
/** Within this the last row is on disk after an order to stop. */
const STOP_DEADLINE_MS = 2_000;

export interface Callers extends AsyncDisposable {
  /** Answers `setFault`, `renewFault`, `clearFault` and `probe` too, from `open` on and also when the load has ended. */
  readonly child: Child;
  open(config: EngineConfig): Promise<EngineReady>;
  /** Resolves with the end of the load. Rejects when the process dies or falls silent: that run has no measure. */
  run(load: CallersLoad): Promise<CallersEnded>;
  /** For a load that was never started: leaves its empty file in order. */
  close(): Promise<void>;
}

export interface CallersEnded {
  readonly load: LoadEnded;
  /** Where the generator is not ours. */
  readonly generator: GeneratorEnded | undefined;
  readonly words: NonNullable<EngineEnded['words']>;
}

export interface CallersLoad {
  readonly originUs: number;
  /** Time until the zero. */
  readonly leadMs: number;
  readonly onProgress: (progress: LoadProgress) => void;
  /** Ends the load at once; what was under way is journalled as unanswered. */
  readonly signal: AbortSignal;
}

export interface CallersOptions {
  readonly engine: EngineName;
  /** Test-only, see Sabotage. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Told of each process that the callers start, before it can call. */
  readonly onProcess: (process: { readonly name: string; readonly pid: number }) => void;
}

const EMBEDDED = entryUrl('../load/process.ts', import.meta.url);
const K6 = entryUrl('../k6/process.ts', import.meta.url);

/** k6 makes every caller before it is ready. */
const OPEN_DEADLINE_MS = 90_000;

export function startCallers({ engine, env = {}, onProcess }: CallersOptions): Callers {
  const child = startChild({ name: 'callers', entry: engine === 'k6' ? K6 : EMBEDDED, env });
  const grandchildren: ProcessMark[] = [];
  child.onNews('child', (process: { readonly name: string; readonly pid: number }) => {
    const mark = markOf(process.pid);
    if (mark !== undefined) grandchildren.push(mark);
    onProcess(process);
  });
  const stop = (reason: string): Promise<void> => child.call('stop', { reason }, STOP_DEADLINE_MS);
  return {
    child,
    open: (config) => child.call('open', config, OPEN_DEADLINE_MS),
    run: async ({ originUs, leadMs, onProgress, signal }) => {
      const ended = Promise.withResolvers<EngineEnded>();
      const silence = watchdog(ended.reject);
      child.onNews('progress', (progress: LoadProgress) => {
        silence.over(SILENT_AFTER_MS);
        onProgress(progress);
      });
      child.onNews('ended', (end: EngineEnded) => ended.resolve(end));
      void child.exited.then(({ code, signal: killer }) => {
        ended.reject(
          new Error(`the callers' process ended (${killer ?? `code ${code}`}) ${child.stderrTail()}`.trim()),
        );
      });
      const end = (): void => void stop('the run is stopped').catch(ended.reject);
      silence.over(leadMs + SILENT_AFTER_MS);
      try {
        await child.call('start', { originUs });
        // An order to stop must never overtake the order to start.
        if (signal.aborted) end();
        else signal.addEventListener('abort', end, { once: true });
        const { rows: _rows, cpuUs: _cpuUs, generator, words = [], ...load } = await ended.promise;
        return { load, generator, words };
      } finally {
        signal.removeEventListener('abort', end);
        silence.off();
      }
    },
    close: () => stop('never started'),
    [Symbol.asyncDispose]: async () => {
      await child[Symbol.asyncDispose]();
      // What they started outlives them when they are killed.
      grandchildren.forEach(killMarked);
    },
  };
}

function watchdog(bark: (error: Error) => void): { over(graceMs: number): void; off(): void } {
  let off = (): void => {};
  return {
    over: (graceMs) => {
      off();
      off = deadline(graceMs, () =>
        bark(new Error(`measuring has stalled: the callers' process said nothing for ${graceMs / 1_000} s`)),
      );
    },
    off: () => off(),
  };
}
