/**
 * What a failover policy is: a pure function from what happened so far to the next attempt. It holds no socket
 * and reads no clock, so the same file serves the engine, a k6 script, a simulation or an application.
 */

/** One finished attempt, as a policy sees it. Times are microseconds of any one monotonic clock. */
export interface PolicyAttempt {
  readonly endpoint: string;
  readonly startedUs: number;
  readonly endedUs: number;
  readonly outcome: 'ok' | 'failed' | 'indeterminate';
  /** HTTP status; 0 without an answer. */
  readonly status: number;
  readonly errorCode: string;
}

export type Step = TryEndpoint | GiveUp;

export interface TryEndpoint {
  readonly kind: 'try';
  readonly endpoint: string;
  /** What the attempt may take before the caller abandons it; null: it waits for ever. */
  readonly timeLimitUs: number | null;
}

export interface GiveUp {
  readonly kind: 'giveUp';
}

export const GIVE_UP: GiveUp = { kind: 'giveUp' };

/** The rules of one caller. `State` is what the caller remembers between its arrivals. */
export interface Policy<State> {
  initial(): State;
  /** What to do next for an arrival that has made these attempts. After an `ok` it always gives up. */
  next(
    state: State,
    attempts: readonly PolicyAttempt[],
    nowUs: number,
  ): { readonly state: State; readonly step: Step };
  /** What the caller remembers of a finished attempt. */
  learn(state: State, attempt: PolicyAttempt, nowUs: number): State;
}
