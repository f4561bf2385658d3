/**
 * What each failover policy can be told, in plain types: this room is taken home by users, so it brings no schema
 * library along. What a scenario may write is checked in `load/load-spec.ts`, which must agree with these.
 */

export interface PolicyOptions {
  /** Milliseconds one attempt may take, from the decision to send to the last byte; null: the caller waits for ever. */
  readonly attemptTimeLimitMs: number | null;
  /** Bounds what further attempts may add to the traffic; unbounded without it. */
  readonly retryBudget?: RetryBudget | undefined;
}

/** Each first attempt earns, each further attempt of a call spends one. */
export interface RetryBudget {
  /** Earned by a first attempt: 0.1 lets one call in ten have a second attempt. */
  readonly ratio: number;
  /** The most that can be saved up, and what a caller starts with. */
  readonly burst: number;
}

/** How an endpoint that failed comes back into favour. */
export interface FailBack {
  /** How long a failed endpoint is left alone before one call tries it again, milliseconds. */
  readonly failBackAfterMs: number;
  /** Answers in a row that it must give before it is preferred again; 1 without it. */
  readonly failBackAnswers?: number | undefined;
}

export interface PinnedPolicySpec extends PolicyOptions {
  readonly kind: 'pinned';
  readonly endpoint: string;
}

export interface OrderedPolicySpec extends PolicyOptions, FailBack {
  readonly kind: 'ordered';
  /** In order of preference, each once. */
  readonly endpoints: readonly string[];
}

export interface NearestPolicySpec extends PolicyOptions, FailBack {
  readonly kind: 'nearest';
  /** In the order in which they are measured first. */
  readonly endpoints: readonly string[];
  /** Another endpoint becomes home only when it is nearer by this share of home's time. */
  readonly margin: number;
  /** After so long an endpoint that is not home is measured again, by one call; milliseconds. */
  readonly measureAgainAfterMs: number;
}

export interface HedgedPolicySpec extends PolicyOptions, FailBack {
  readonly kind: 'hedged';
  readonly endpoints: readonly string[];
  /** Without an answer for so long, the next endpoint is asked as well; milliseconds. */
  readonly hedgeAfterMs: number;
  /** Attempts of one call under way at once. */
  readonly liveAttemptsAtMost: number;
}

export interface CircuitBreakerPolicySpec extends PolicyOptions {
  readonly kind: 'circuit-breaker';
  readonly endpoints: readonly string[];
  /** Failures in a row that open an endpoint's circuit. */
  readonly openAfterFailures: number;
  /** How long it stays open before one call at a time may try; milliseconds. */
  readonly halfOpenAfterMs: number;
  /** Answers in a row that close it again. */
  readonly closeAfterAnswers: number;
}

export interface CachedPolicySpec {
  readonly kind: 'cached';
  /** How credentials are got, when they must be. */
  readonly refresh: RefreshPolicySpec;
  /** How long credentials are good from when they came; milliseconds. */
  readonly lifetimeMs: number;
  /** So long before their end the first call gets new ones, while the others go on with the old; milliseconds. */
  readonly refreshAheadMs: number;
  /** Each refresh comes earlier by up to this share of `refreshAheadMs`, drawn anew each time. */
  readonly jitter: number;
  /** After a refresh that failed, the next is tried so much later, while the old credentials are still good; milliseconds. */
  readonly retryAfterMs: number;
}

/** Every policy but `cached`. */
export type RefreshPolicySpec =
  | PinnedPolicySpec
  | OrderedPolicySpec
  | NearestPolicySpec
  | HedgedPolicySpec
  | CircuitBreakerPolicySpec;

export type PolicySpec = RefreshPolicySpec | CachedPolicySpec;

/** The endpoints of a policy, in its order. */
export function endpointsOf(policy: PolicySpec): readonly string[] {
  if (policy.kind === 'cached') return endpointsOf(policy.refresh);
  return policy.kind === 'pinned' ? [policy.endpoint] : policy.endpoints;
}

/** The same policy over other names, given in the order of `endpointsOf`. @throws RangeError when there are more or fewer. */
export function onEndpoints<Spec extends PolicySpec>(policy: Spec, endpoints: readonly string[]): Spec {
  const named = endpointsOf(policy).length;
  if (endpoints.length !== named)
    throw new RangeError(`the policy names ${named} endpoints and was given ${endpoints.length}`);
  if (policy.kind === 'cached') return { ...policy, refresh: onEndpoints(policy.refresh, endpoints) };
  return policy.kind === 'pinned'
    ? { ...policy, endpoint: endpoints[0] ?? '' }
    : { ...policy, endpoints: [...endpoints] };
}

/** What one attempt may take, milliseconds; null: for ever. */
export function timeLimitMsOf(policy: PolicySpec): number | null {
  return policy.kind === 'cached' ? policy.refresh.attemptTimeLimitMs : policy.attemptTimeLimitMs;
}
