/** One way to end a run early, whoever wants it: the first reason counts, is journalled, and everything listens. */

import type { RunAborted } from '../journal/event.ts';
import type { RunLog } from './run-log.ts';

export interface Stop {
  readonly signal: AbortSignal;
  /** Later calls change nothing. */
  now(by: RunAborted['by'], reason: string): void;
}

/** @param person Aborts when a person has asked; its reason may be a sentence. */
export function createStop(log: RunLog, person: AbortSignal): Stop {
  const controller = new AbortController();
  const now: Stop['now'] = (by, reason) => {
    if (controller.signal.aborted) return;
    log.write({ kind: 'run.aborted', by, reason });
    controller.abort(new Error(reason));
  };
  const ask = (): void =>
    now('person', typeof person.reason === 'string' ? person.reason : 'stopped by a person');
  const unwritten = (): void =>
    now('failure', `the journal cannot be written: ${(log.failed.reason as Error).message}`);
  if (log.failed.aborted) unwritten();
  else log.failed.addEventListener('abort', unwritten, { once: true });
  if (person.aborted) ask();
  else person.addEventListener('abort', ask, { once: true });
  return { signal: controller.signal, now };
}
