/** Waiting that can be called off. The only place in this room that sets a timer. */

/** Resolves after `ms`, or at once when the signal fires; never rejects: the caller asks the signal what happened. */
export function wait(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    // Timers drop fractions of a millisecond, and what is too early is worse than what is late.
    const timer = setTimeout(done, Math.ceil(Math.max(0, ms)));
    signal.addEventListener('abort', done);
  });
}

/** Resolves when the signal fires. */
export function whenAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
