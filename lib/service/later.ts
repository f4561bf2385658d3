/** A timer of the process's own, as rooms that wait are handed one: a process that closes waits for none. */

export type Later = (delayMs: number, wake: () => void) => () => void;

export const later: Later = (delayMs, wake) => {
  const timer = setTimeout(wake, delayMs).unref();
  return () => clearTimeout(timer);
};
