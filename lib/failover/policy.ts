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
  /** `SUPERSEDED`: another attempt of the call was quicker, and this one was not waited for. */
  readonly errorCode: string;
}

/** An attempt under way. */
export interface LivePolicyAttempt {
  readonly endpoint: string;
  readonly startedUs: number;
}

/** What became of a call so far. */
export interface CallHistory {
  /** In the order in which they ended. */
  readonly ended: readonly PolicyAttempt[];
  readonly live: readonly LivePolicyAttempt[];
}

export type Step = TryEndpoint | WaitForMore | UseCached | GiveUp;

/** Begin an attempt now, beside those under way, and ask again at once. */
export interface TryEndpoint {
  readonly kind: 'try';
  readonly endpoint: string;
  /** What the attempt may take before the caller abandons it; null: it waits for ever. */
  readonly timeLimitUs: number | null;
}

/** Nothing now: ask again when an attempt under way has ended, or at that moment. */
export interface WaitForMore {
  readonly kind: 'wait';
  /** Absolute; null: only when an attempt ends, of which at least one is then under way. */
  readonly untilUs: number | null;
}

/** The call is served, by credentials that the caller still holds: no attempt is made, or no further one. */
export interface UseCached {
  readonly kind: 'useCached';
}

/** The call is over; attempts under way are abandoned. After an `ok` it is always this. */
export interface GiveUp {
  readonly kind: 'giveUp';
}

export const GIVE_UP: GiveUp = { kind: 'giveUp' };
export const WAIT_FOR_ANSWER: WaitForMore = { kind: 'wait', untilUs: null };
export const USE_CACHED: UseCached = { kind: 'useCached' };

/** The rules of one caller. `State` is what the caller remembers between its calls; plain, immutable data. */
export interface Policy<State> {
  /** @param seed For what the policy draws (jitter, who probes); unsigned 32 bits. */
  initial(seed: number): State;
  /** What to do next for a call with this history. */
  next(state: State, history: CallHistory, nowUs: number): { readonly state: State; readonly step: Step };
  /** What the caller remembers of a finished attempt. */
  learn(state: State, attempt: PolicyAttempt, nowUs: number): State;
}
