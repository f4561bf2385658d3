/** For tests: time that passes when a test says so. */

/** A clock moved by hand, with the timers that wait for it; `armed` counts how many were ever set. */
export function virtualTime() {
  let nowUs = 0;
  let armed = 0;
  const timers = new Set<{ dueUs: number; wake: () => void }>();
  return {
    clock: () => nowUs,
    later: (delayMs: number, wake: () => void) => {
      const timer = { dueUs: nowUs + delayMs * 1_000, wake };
      timers.add(timer);
      armed += 1;
      return () => void timers.delete(timer);
    },
    timers,
    armed: () => armed,
    /** Walks from timer to timer; promises settle in between. */
    advance: async (byMs: number) => {
      const untilUs = nowUs + byMs * 1_000;
      await settled();
      for (;;) {
        const next = [...timers].sort((one, other) => one.dueUs - other.dueUs)[0];
        if (next === undefined || next.dueUs > untilUs) break;
        timers.delete(next);
        nowUs = next.dueUs;
        next.wake();
        await settled();
      }
      nowUs = untilUs;
      await settled();
    },
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
