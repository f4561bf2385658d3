import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { failoverClient, failoverCredentials, failureOf, NotTriedError } from './aws-sdk.ts';
import type { OrderedPolicySpec } from './spec.ts';

const ORDERED: OrderedPolicySpec = {
  kind: 'ordered',
  endpoints: ['home', 'away'],
  attemptTimeLimitMs: 20,
  failBackAfterMs: 60_000,
};

const FAILURE = Object.assign(new Error('no'), {
  name: 'ServiceUnavailable',
  $metadata: { httpStatusCode: 503 },
});

type Behaviour = (command: string) => Promise<unknown>;

/** Clients that do as they are told; `asked` tells who was. */
function clientsOf(behaviours: Readonly<Record<string, Behaviour>>) {
  const asked: string[] = [];
  return {
    asked,
    clientFor: (endpoint: string) => ({
      send: (command: string, _options?: { readonly abortSignal?: AbortSignal }) => {
        asked.push(endpoint);
        const behaviour = behaviours[endpoint];
        if (behaviour === undefined) throw new Error(`no ${endpoint}`);
        return behaviour(command);
      },
    }),
  };
}

const answers: Behaviour = (command) => Promise.resolve(`answer to ${command}`);
const fails: Behaviour = () => Promise.reject(FAILURE);
const ignoresItsSignal: Behaviour = () => new Promise(() => {});

describe('a failover client', () => {
  it('gives what the first endpoint answers, and asks nobody else', async () => {
    const { clientFor, asked } = clientsOf({ home: answers, away: answers });
    expect(await failoverClient({ policy: ORDERED, clientFor }).send('one')).toBe('answer to one');
    expect(asked).toEqual(['home']);
  });

  it('goes on to the next endpoint after a failure, and stays there', async () => {
    const { clientFor, asked } = clientsOf({ home: fails, away: answers });
    const client = failoverClient({ policy: ORDERED, clientFor });
    await client.send('one');
    await client.send('two');
    expect(asked).toEqual(['home', 'away', 'away']);
  });

  it('is not held by a client that ignores its signal, nor by one that throws at once', async () => {
    const silent = clientsOf({ home: ignoresItsSignal, away: answers });
    expect(await failoverClient({ policy: ORDERED, clientFor: silent.clientFor }).send('one')).toBe(
      'answer to one',
    );
    const throwing = clientsOf({ away: answers });
    expect(await failoverClient({ policy: ORDERED, clientFor: throwing.clientFor }).send('one')).toBe(
      'answer to one',
    );
  });

  it('leaves no timer behind that would keep the process alive', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { clientFor } = clientsOf({ home: answers, away: answers });
    const policy = { ...ORDERED, kind: 'hedged', hedgeAfterMs: 10, liveAttemptsAtMost: 2 } as const;
    await failoverClient({ policy, clientFor }).send('one');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('rejects with the last error, which tells of every attempt', async () => {
    const { clientFor } = clientsOf({ home: ignoresItsSignal, away: fails });
    const error = await failoverClient({ policy: ORDERED, clientFor })
      .send('one')
      .catch((reason: unknown) => reason);
    expect(error).toBe(FAILURE);
    expect(error).toMatchObject({
      attempts: [
        { endpoint: 'home', outcome: 'indeterminate', errorCode: 'ETIMEDOUT' },
        { endpoint: 'away', outcome: 'failed', status: 503, errorCode: 'ServiceUnavailable' },
      ],
    });
  });

  it('does not ask elsewhere for what every endpoint would refuse', async () => {
    const denied = Object.assign(new Error('denied'), {
      name: 'AccessDenied',
      $metadata: { httpStatusCode: 403 },
    });
    const { clientFor, asked } = clientsOf({ home: () => Promise.reject(denied), away: answers });
    await expect(failoverClient({ policy: ORDERED, clientFor }).send('one')).rejects.toBe(denied);
    expect(asked).toEqual(['home']);
  });

  it('says so when its policy asks nobody', async () => {
    const { clientFor } = clientsOf({ home: fails });
    const client = failoverClient({
      policy: {
        kind: 'circuit-breaker',
        endpoints: ['home'],
        attemptTimeLimitMs: 20,
        openAfterFailures: 1,
        halfOpenAfterMs: 60_000,
        closeAfterAnswers: 1,
      },
      clientFor,
    });
    await expect(client.send('one')).rejects.toBe(FAILURE);
    await expect(client.send('two')).rejects.toBeInstanceOf(NotTriedError);
  });
});

describe('an error of the SDK', () => {
  it.each([
    ['an answer', FAILURE, { outcome: 'failed', status: 503, errorCode: 'ServiceUnavailable' }],
    [
      'a refusal',
      { name: 'Error', code: 'ECONNREFUSED' },
      { outcome: 'failed', status: 0, errorCode: 'ECONNREFUSED' },
    ],
    [
      'its own time limit, which it names after the network',
      { name: 'TimeoutError', code: 'ECONNRESET' },
      { outcome: 'indeterminate', status: 0, errorCode: 'ECONNRESET' },
    ],
    ['an abort', { name: 'AbortError' }, { outcome: 'indeterminate', status: 0, errorCode: 'ETIMEDOUT' }],
    ['nothing at all', undefined, { outcome: 'failed', status: 0, errorCode: '' }],
  ])('is told apart: %s', (_, error, expected) => {
    expect(failureOf(error)).toEqual(expected);
  });
});

describe('failover credentials', () => {
  const HOUR = 3_600_000;
  const GIVEN = { AccessKeyId: 'a', SecretAccessKey: 's', SessionToken: 't', Expiration: new Date(HOUR) };

  function world() {
    const state = { nowMs: 0, up: true, issued: 0 };
    const sts = {
      send: async (_: string) => {
        if (!state.up) throw FAILURE;
        state.issued += 1;
        return {
          Credentials: {
            AccessKeyId: `ASIA${state.issued}`,
            SecretAccessKey: 's',
            SessionToken: 't',
            Expiration: new Date(state.nowMs + HOUR),
          },
        };
      },
    };
    const provider = failoverCredentials({
      sts,
      assumeRole: () => 'assume',
      seed: 3,
      wallClock: () => state.nowMs,
    });
    return { state, provider };
  }

  it('are fetched once and used until their refresh is due', async () => {
    const { state, provider } = world();
    for (state.nowMs = 0; state.nowMs < 0.7 * HOUR; state.nowMs += 60_000) await provider();
    expect(state.issued).toBe(1);
  });

  it('are fetched once for all who ask at the same time', async () => {
    const { state, provider } = world();
    await Promise.all([provider(), provider(), provider()]);
    expect(state.issued).toBe(1);
  });

  it('are handed out while new ones are fetched beside', async () => {
    const { state, provider } = world();
    await provider();
    state.nowMs = 0.9 * HOUR;
    expect((await provider()).accessKeyId).toBe('ASIA1');
    await expect.poll(async () => (await provider()).accessKeyId).toBe('ASIA2');
  });

  it('serve through an outage until their very end, and then fail with its error', async () => {
    const { state, provider } = world();
    await provider();
    state.up = false;
    for (state.nowMs = 0.7 * HOUR; state.nowMs < HOUR; state.nowMs += 30_000)
      expect((await provider()).accessKeyId).toBe('ASIA1');
    state.nowMs = HOUR;
    await expect(provider()).rejects.toBe(FAILURE);
  });

  it('have the SDK ask again when their refresh is due, which differs between instances', async () => {
    const due = await Promise.all(
      Array.from({ length: 50 }, async (_, seed) => {
        const provider = failoverCredentials({
          sts: { send: async (_command: string) => ({ Credentials: GIVEN }) },
          assumeRole: () => 'assume',
          seed: seed * 7_919,
          wallClock: () => 0,
        });
        // The SDK asks five minutes ahead of what it is told.
        return (await provider()).expiration.getTime() - 300_000;
      }),
    );
    expect(Math.max(...due)).toBeLessThanOrEqual(HOUR - 600_000);
    expect(Math.min(...due)).toBeGreaterThanOrEqual(HOUR - 900_000);
    expect(Math.max(...due) - Math.min(...due)).toBeGreaterThan(200_000);
  });

  it('of a command that gives none are an error that says so', async () => {
    const provider = failoverCredentials({
      sts: { send: async (_: string) => ({}) },
      assumeRole: () => 'who am I',
    });
    await expect(provider()).rejects.toThrow('no temporary credentials');
  });
});
