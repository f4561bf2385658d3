/**
 * `regionfall/failover`: failover policies for one's own applications, the very files that the engine, k6 scripts and
 * the tests run. Without dependencies, sockets or clocks of their own.
 */

export {
  type Credentials,
  type FailoverClient,
  type FailoverClientOptions,
  type FailoverCredentialsOptions,
  failoverClient,
  failoverCredentials,
  failureOf,
  NotTriedError,
  type SdkClient,
} from './aws-sdk.ts';
export { callerSeed } from './chance.ts';
export type {
  CallHistory,
  GiveUp,
  LivePolicyAttempt,
  Policy,
  PolicyAttempt,
  Step,
  TryEndpoint,
  UseCached,
  WaitForMore,
} from './policy.ts';
export { type RememberingPolicy, rememberingPolicy, withPolicy } from './remembering.ts';
export {
  type CachedPolicySpec,
  type CircuitBreakerPolicySpec,
  endpointsOf,
  type HedgedPolicySpec,
  type NearestPolicySpec,
  type OrderedPolicySpec,
  type PinnedPolicySpec,
  type PolicySpec,
  type RetryBudget,
} from './spec.ts';
export { type Carrier, type Ended, type Sent, type Walked, walk } from './walk.ts';
export { worthAnotherEndpoint } from './worth-another.ts';
