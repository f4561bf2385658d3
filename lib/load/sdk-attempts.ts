/**
 * Watches one call of the SDK: each request that it makes on the way is noted beneath the SDK's own retries, and the
 * call ends as one result that tells of all of them.
 */

import { failureOf } from '../failover/aws-sdk.ts';
import type { Clock } from '../time/monotonic.ts';
import type { AbandonCode, AttemptResult, EarlierAttempt } from './transport.ts';

/** A request of the SDK that has ended. */
export interface SeenAttempt extends Omit<EarlierAttempt, 'host'> {
  readonly host: string;
}

export interface WatchedCall {
  /** For clients that let themselves be stopped. */
  readonly signal: AbortSignal;
  nowUs(): number;
  /** Sees every request that is made for the command. */
  watch(command: Watchable, host: string): void;
  /** The call is over when this is. */
  follow(sent: Promise<unknown>): void;
  /** It is served by what the caller still holds. */
  cached(): void;
  abandon(code: AbandonCode): void;
}

/** A command of the SDK, as far as its middleware goes. */
export interface Watchable {
  readonly middlewareStack: {
    add(
      middleware: never,
      options: { readonly step: 'deserialize'; readonly name: string; readonly priority: 'high' },
    ): void;
  };
}

type Next = (request: unknown) => Promise<Deserialized>;

interface Deserialized {
  readonly response?: unknown;
}

interface HttpResponse {
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export function createWatchedCall(
  now: Clock,
  regionOf: (headers: Readonly<Record<string, string>>) => string,
  settle: (result: AttemptResult) => void,
): WatchedCall {
  const sentUs = now();
  const abort = new AbortController();
  const seen: SeenAttempt[] = [];
  const live = new Map<object, { readonly host: string; readonly startedAfterUs: number }>();
  let settled = false;

  const finish = (last: SeenAttempt | undefined, fallback: Partial<AttemptResult>): void => {
    if (settled) return;
    settled = true;
    if (last === undefined) {
      settle({ ...NOTHING, ...fallback, earlier: seen });
      return;
    }
    const { endedAfterUs: _, ...result } = last;
    settle({ ...result, earlier: seen.filter((one) => one !== last) });
  };

  const note = (
    host: string,
    startedAfterUs: number,
    what: Pick<AttemptResult, 'outcome' | 'status' | 'errorCode'>,
    response: HttpResponse | undefined,
    requestId = '',
  ): void => {
    const headers = response?.headers ?? {};
    seen.push({
      ...NOTHING,
      ...what,
      host,
      startedAfterUs,
      endedAfterUs: now() - sentUs,
      servingRegion: regionOf(headers),
      requestId: requestId || (headers['x-amzn-requestid'] ?? ''),
    });
  };

  return {
    signal: abort.signal,
    nowUs: now,
    watch: (command, host) => {
      const middleware = (next: Next) => async (request: unknown) => {
        const startedAfterUs = now() - sentUs;
        const key = {};
        live.set(key, { host, startedAfterUs });
        try {
          const result = await next(request);
          if (live.delete(key)) {
            const response = result.response as HttpResponse | undefined;
            note(
              host,
              startedAfterUs,
              { outcome: 'ok', status: response?.statusCode ?? 200, errorCode: '' },
              response,
            );
          }
          return result;
        } catch (error) {
          if (live.delete(key)) {
            const { $response: response, $metadata: metadata } = error as {
              $response?: HttpResponse;
              $metadata?: { requestId?: string };
            };
            note(host, startedAfterUs, failureOf(error), response, metadata?.requestId);
          }
          throw error;
        }
      };
      command.middlewareStack.add(middleware as never, {
        step: 'deserialize',
        name: 'regionfallSeesAttempts',
        priority: 'high',
      });
    },
    follow: (sent) => {
      sent.then(
        () =>
          finish(
            seen.findLast(({ outcome }) => outcome === 'ok'),
            { outcome: 'ok' },
          ),
        (error: unknown) => {
          // What the adapter does not wait for any longer has not ended for the client yet.
          for (const [key, { host, startedAfterUs }] of live) {
            live.delete(key);
            note(
              host,
              startedAfterUs,
              { outcome: 'indeterminate', status: 0, errorCode: 'ETIMEDOUT' },
              undefined,
            );
          }
          finish(seen.at(-1), failureOf(error));
        },
      );
    },
    cached: () => finish(undefined, { outcome: 'ok', host: '' }),
    abandon: (errorCode) => {
      for (const [key, { host, startedAfterUs }] of live) {
        live.delete(key);
        note(host, startedAfterUs, { outcome: 'indeterminate', status: 0, errorCode }, undefined);
      }
      finish(seen.at(-1)?.errorCode === errorCode ? seen.at(-1) : undefined, {
        outcome: 'indeterminate',
        errorCode,
      });
      abort.abort();
    },
  };
}

const NOTHING: AttemptResult = {
  outcome: 'failed',
  status: 0,
  errorCode: '',
  servingRegion: '',
  requestId: '',
  reused: false,
  connectUs: -1,
  tlsUs: -1,
  waitUs: -1,
};
