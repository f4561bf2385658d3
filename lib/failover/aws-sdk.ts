/**
 * Failover policies for the AWS SDK for JavaScript, version 3, to be put into production: one client for each endpoint,
 * so that every request is signed for the Region it goes to, and a policy that decides which of them is asked, for how
 * long, and when credentials are renewed. Imports nothing of the SDK: clients are handed in.
 *
 * ```ts
 * const sts = failoverClient({
 *   policy: { kind: 'ordered', endpoints: ['eu-west-1', 'eu-central-1'], attemptTimeLimitMs: 2_000, failBackAfterMs: 30_000 },
 *   clientFor: (region) => new STSClient({ region, maxAttempts: 1 }),
 * });
 * const credentials = failoverCredentials({
 *   sts,
 *   assumeRole: () => new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 'shop' }),
 * });
 * const s3 = new S3Client({ region: 'eu-west-1', credentials });
 * ```
 */

import { draw } from './chance.ts';
import type { PolicyAttempt, TryEndpoint } from './policy.ts';
import { rememberingPolicy } from './remembering.ts';
import type { RefreshPolicySpec } from './spec.ts';
import { type Ended, type Sent, walk } from './walk.ts';

/** What is needed of a client: `STSClient` is one. */
export interface SdkClient {
  send(command: never, options: { readonly abortSignal: AbortSignal }): Promise<unknown>;
}

export interface FailoverClientOptions<Client extends SdkClient> {
  readonly policy: RefreshPolicySpec;
  /**
   * Called once for each endpoint of the policy, as the policy writes it. Give the client one attempt (`maxAttempts: 1`):
   * retries inside of it would multiply with those of the policy.
   */
  readonly clientFor: (endpoint: string) => Client;
  /** Another for each instance of an application, or all draw alike; by chance without it. Unsigned 32 bits. */
  readonly seed?: number;
  /** Milliseconds of any clock that does not step; `performance.now` without it. */
  readonly nowMs?: () => number;
}

/**
 * Sends as the client does. Resolves with the first answer that serves. Rejects with the error of the last attempt, which
 * then carries `attempts`; with a {@link NotTriedError} when the policy would ask nobody. Never outlives the policy's
 * time limits, whatever the client does.
 */
export type FailoverClient<Client extends SdkClient> = Pick<Client, 'send'>;

/** The policy had nobody to ask, as a circuit breaker with every circuit open. */
export class NotTriedError extends Error {
  override readonly name = 'NotTriedError';
}

type Answer = { readonly output: unknown } | { readonly error: unknown };

export function failoverClient<Client extends SdkClient>(
  options: FailoverClientOptions<Client>,
): FailoverClient<Client> {
  const { policy: spec, clientFor, nowMs = () => performance.now() } = options;
  const seed = options.seed ?? Math.floor(Math.random() * 0x1_0000_0000);
  const policy = rememberingPolicy(spec, seed);
  const clients = new Map<string, SdkClient>();
  const nowUs = (): number => nowMs() * 1_000;

  const clientOf = (endpoint: string): SdkClient => {
    const known = clients.get(endpoint) ?? clientFor(endpoint);
    clients.set(endpoint, known);
    return known;
  };

  const send = async (command: never): Promise<unknown> => {
    const sleeps: ReturnType<typeof setTimeout>[] = [];
    const { answer, ended } = await walk<Answer>(policy, {
      nowUs,
      send: (step) => attemptOf(clientOf, command, step, nowUs),
      sleep: (us) => new Promise((resolve) => void sleeps.push(setTimeout(resolve, us / 1_000))),
    });
    // A timer that nobody waits for any more would keep the process alive.
    for (const slept of sleeps) clearTimeout(slept);
    if (answer === undefined) throw new NotTriedError('the failover policy would not ask any endpoint now');
    if ('output' in answer) return answer.output;
    throw withAttempts(answer.error, ended);
  };
  // What the client takes and gives is the client's own affair.
  return { send } as unknown as FailoverClient<Client>;
}

function attemptOf(
  clientOf: (endpoint: string) => SdkClient,
  command: never,
  { endpoint, timeLimitUs }: TryEndpoint,
  nowUs: () => number,
): Sent<Answer> {
  const startedUs = nowUs();
  const abort = new AbortController();
  const { promise, resolve } = Promise.withResolvers<Ended<Answer>>();
  const end = (what: Pick<PolicyAttempt, 'outcome' | 'status' | 'errorCode'>, answer: Answer): void => {
    clearTimeout(limit);
    resolve({ attempt: { endpoint, startedUs, endedUs: nowUs(), ...what }, answer });
  };
  // Not left to the client: one that ignores its signal must not hold the call.
  const limit =
    timeLimitUs === null
      ? undefined
      : setTimeout(() => {
          const error = new Error(`${endpoint} did not answer within ${timeLimitUs / 1_000} ms`);
          error.name = 'TimeoutError';
          end({ outcome: 'indeterminate', status: 0, errorCode: 'ETIMEDOUT' }, { error });
          abort.abort();
        }, timeLimitUs / 1_000);
  // What a client throws at once is an error like any other.
  new Promise<unknown>((sent) => sent(clientOf(endpoint).send(command, { abortSignal: abort.signal }))).then(
    (output) => end({ outcome: 'ok', status: statusOf(output) || 200, errorCode: '' }, { output }),
    (error: unknown) => end(failureOf(error), { error }),
  );
  return {
    ended: promise,
    abandon: () => {
      clearTimeout(limit);
      abort.abort();
    },
  };
}

interface SdkError {
  readonly name?: string;
  /** Of Node, on errors of the network. */
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** What an error of the SDK says about the attempt, in the words that policies understand. */
export function failureOf(error: unknown): Pick<PolicyAttempt, 'outcome' | 'status' | 'errorCode'> {
  const { name = '', code = '' } = (error ?? {}) as SdkError;
  const status = statusOf(error);
  if (status > 0) return { outcome: 'failed', status, errorCode: name };
  if (name === 'AbortError') return { outcome: 'indeterminate', status: 0, errorCode: 'ETIMEDOUT' };
  const errorCode = code || (name === 'TimeoutError' ? 'ETIMEDOUT' : name);
  const sent = errorCode === 'ETIMEDOUT' || errorCode === 'ECONNRESET' || errorCode === 'EPIPE';
  return { outcome: sent ? 'indeterminate' : 'failed', status: 0, errorCode };
}

function statusOf(output: unknown): number {
  return (output as SdkError | undefined)?.$metadata?.httpStatusCode ?? 0;
}

function withAttempts(error: unknown, attempts: readonly PolicyAttempt[]): unknown {
  if (error instanceof Error) Object.assign(error, { attempts });
  return error;
}

export interface FailoverCredentialsOptions {
  /** A {@link failoverClient} of STS. */
  readonly sts: { send(command: never): Promise<unknown> };
  /** Makes the command anew for every refresh. */
  readonly assumeRole: () => unknown;
  /** So long before their end new credentials are asked for, while the old serve on; ten minutes without it. */
  readonly refreshAheadMs?: number;
  /** Each refresh comes earlier by up to this share of `refreshAheadMs`; 0.5 without it. */
  readonly jitter?: number;
  /** After a refresh that failed; half a minute without it. */
  readonly retryAfterMs?: number;
  readonly seed?: number;
  /** Epoch milliseconds, as `Expiration` is; `Date.now` without it. */
  readonly wallClock?: () => number;
}

/** As the SDK's own `AwsCredentialIdentity`. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** When the SDK should ask again: see {@link failoverCredentials}. */
  readonly expiration: Date;
}

/** The SDK asks a provider again when what it holds has less than this left. */
const SDK_ASKS_AHEAD_MS = 300_000;

/**
 * A provider for `credentials:` of any client of the SDK. While credentials are good nobody waits for a refresh: the old
 * ones are handed out and the new ones are fetched beside. When a refresh fails they serve on until their very end.
 *
 * The SDK keeps what a provider gave and asks again five minutes before its `expiration`, all instances at the same age.
 * Therefore `expiration` is not the end of the credentials but the moment from which the SDK asks again when the next
 * refresh is due, drawn for each instance.
 */
export function failoverCredentials(options: FailoverCredentialsOptions): () => Promise<Credentials> {
  const { sts, assumeRole, refreshAheadMs = 600_000, jitter = 0.5, retryAfterMs = 30_000 } = options;
  const { wallClock = Date.now } = options;
  let seed = options.seed ?? Math.floor(Math.random() * 0x1_0000_0000);
  let held: { readonly keys: Omit<Credentials, 'expiration'>; readonly endsMs: number } | undefined;
  let refreshAtMs = 0;
  let refreshing: Promise<void> | undefined;

  const drawn = (): number => {
    const next = draw(seed);
    seed = next.seed;
    return next.value;
  };

  const refresh = async (): Promise<void> => {
    try {
      const { keys, endsMs } = keysOf(await sts.send(assumeRole() as never));
      held = { keys, endsMs };
      // Of short credentials a part must be used at all.
      const ahead = Math.min(refreshAheadMs * (1 + jitter * drawn()), (endsMs - wallClock()) / 2);
      refreshAtMs = endsMs - ahead;
    } catch (error) {
      refreshAtMs = wallClock() + retryAfterMs * (0.5 + drawn());
      throw error;
    } finally {
      refreshing = undefined;
    }
  };

  return async () => {
    const nowMs = wallClock();
    const good = held !== undefined && nowMs < held.endsMs;
    if (nowMs >= refreshAtMs || !good) {
      refreshing ??= refresh();
      // Whoever holds good credentials does not wait, and a failure is not theirs.
      if (good) refreshing.catch(() => {});
      else await refreshing;
    }
    if (held === undefined) throw new NotTriedError('there are no credentials');
    const askAgainMs = Math.max(refreshAtMs, wallClock()) + SDK_ASKS_AHEAD_MS;
    return { ...held.keys, expiration: new Date(askAgainMs) };
  };
}

function keysOf(output: unknown): { keys: Omit<Credentials, 'expiration'>; endsMs: number } {
  const given = (output as { readonly Credentials?: Readonly<Record<string, unknown>> }).Credentials;
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = given ?? {};
  if (
    typeof AccessKeyId !== 'string' ||
    typeof SecretAccessKey !== 'string' ||
    typeof SessionToken !== 'string' ||
    !(Expiration instanceof Date)
  )
    throw new TypeError('the command gave no temporary credentials: use AssumeRole or its like');
  return {
    keys: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
    endsMs: Expiration.getTime(),
  };
}
