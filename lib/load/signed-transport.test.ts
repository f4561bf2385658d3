import dns from 'node:dns';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { answerError, keepSilent, openStubService, type StubService } from '../../test/stub-service.ts';
import { monotonicUs } from '../time/monotonic.ts';
import { isChosen } from './caller-choice.ts';
import { type CallerProbe, createCallerProber } from './caller-probe.ts';
import { type CallersFaults, createCallersFaults, type NameTrouble } from './callers-faults.ts';
import type { ResolvedGroup } from './resolved-group.ts';
import { createSignedTransport, type SignedTransport } from './signed-transport.ts';
import type { AttemptResult, LiveAttempt } from './transport.ts';

const WALL_MS = Date.UTC(2025, 9, 20, 7, 0, 0);

let service: StubService;
let group: ResolvedGroup;
let faults: CallersFaults;
let transport: SignedTransport;
/** Functions of `node:dns` that somebody called. */
let asked: string[];

beforeEach(async () => {
  service = await openStubService();
  group = {
    name: 'web',
    location: 'eu-west-1',
    callers: 8,
    ratePerSecond: 1,
    operations: { AssumeRole: 1 },
    partition: 'aws',
    principal: 'app',
    credential: 'long-term',
    policy: { kind: 'pinned', endpoint: 'eu-west-1', attemptTimeLimitMs: null },
    arrivals: 'even',
    client: { kind: 'embedded' },
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'not a secret' },
    roleArn: 'arn:aws:iam::111122223333:role/app',
    targets: [{ host: service.host, signingRegion: 'eu-west-1', port: service.port, linkId: 'home' }],
  };
  faults = createCallersFaults(monotonicUs);
  transport = createSignedTransport({
    groups: [group],
    caPem: service.authority.caPem,
    now: monotonicUs,
    wallClock: () => WALL_MS,
    faults,
  });
  asked = [];
  for (const place of [dns, dns.promises]) {
    for (const [name, value] of Object.entries(place)) {
      if (typeof value !== 'function' || /^(?:[A-Z]|[gs]et)/.test(name)) continue;
      vi.spyOn(place, name as 'lookup').mockImplementation(() => {
        asked.push(name);
        throw new Error(`dns.${name} was called`);
      });
    }
  }
});

afterEach(async () => {
  transport.close();
  vi.restoreAllMocks();
  await service[Symbol.asyncDispose]();
  expect(asked).toEqual([]);
});

function begin(caller = 0): { live: LiveAttempt; result: Promise<AttemptResult> } {
  const { promise, resolve } = Promise.withResolvers<AttemptResult>();
  const order = { group: 0, caller, host: service.host, operation: 'GetCallerIdentity' } as const;
  return { live: transport.send(order, resolve), result: promise };
}

function breakNames(trouble: NameTrouble, share = 1): void {
  faults.set({
    id: 'dns',
    leaseMs: 60_000,
    kind: 'names',
    callers: { share },
    hosts: [service.host],
    trouble,
    seed: 7,
  });
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('callers whose names are in trouble', () => {
  it.each([
    ['gone', 'ENOTFOUND'],
    ['empty', 'ENOTFOUND'],
    ['stale', 'ECONNREFUSED'],
  ] as const)('fail when a name is %s, and are well when it is back', async (trouble, errorCode) => {
    breakNames(trouble);
    expect(await begin().result).toMatchObject({ outcome: 'failed', status: 0, errorCode, connectUs: -1 });
    faults.clear({ id: 'dns' });
    expect(await begin().result).toMatchObject({ outcome: 'ok' });
    expect(service.connections()).toBe(1);
  });

  it('live on with the connections that they have: only new ones look a name up', async () => {
    await begin().result;
    breakNames('gone');
    const [open, more] = [begin(), begin()];
    expect(await open.result).toMatchObject({ outcome: 'ok', reused: true });
    expect(await more.result).toMatchObject({ outcome: 'failed', errorCode: 'ENOTFOUND' });
  });

  it('wait for an answer until they give up, and leave no timer then', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    breakNames('no-answer');
    const { live, result } = begin();
    await turn();
    expect(vi.getTimerCount()).toBe(1);
    live.abandon('ETIMEDOUT');
    expect(await result).toMatchObject({ outcome: 'indeterminate', errorCode: 'ETIMEDOUT', connectUs: -1 });
    await turn();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('fail as the resolver does when it has waited in vain', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    breakNames('no-answer');
    const { result } = begin();
    await turn();
    vi.advanceTimersByTime(10_000);
    expect(await result).toMatchObject({ outcome: 'failed', status: 0, errorCode: 'EAI_AGAIN' });
  });

  it('are those whom the draw hits; the others do not notice', async () => {
    breakNames('gone', 0.5);
    const results = await Promise.all(
      Array.from({ length: group.callers }, (_, caller) => begin(caller).result),
    );
    const chosen = results.map((_, index) =>
      isChosen({ share: 0.5 }, 7, { name: `web-${index + 1}`, group: 'web', location: 'eu-west-1' }),
    );
    expect(new Set(chosen)).toEqual(new Set([true, false]));
    expect(results.map(({ errorCode }) => errorCode)).toEqual(chosen.map((hit) => (hit ? 'ENOTFOUND' : '')));
  });
});

describe('callers whose clocks are wrong', () => {
  it('sign with the time that they believe in', async () => {
    const dates: unknown[] = [];
    service.behave((request, response) => {
      dates.push(request.headers['x-amz-date']);
      response.end();
    });
    await begin().result;
    const offsetMs = 20 * 60_000;
    faults.set({
      id: 'clock',
      leaseMs: 60_000,
      kind: 'clock-skew',
      callers: { share: 1 },
      offsetMs,
      seed: 7,
    });
    await begin().result;
    expect(dates).toEqual(['20251020T070000Z', '20251020T072000Z']);
  });
});

describe('a probe in the name of a caller', () => {
  const probe = (change: Partial<CallerProbe> = {}) =>
    createCallerProber({ groups: [group], send: transport.sendAlone, now: monotonicUs }).probe({
      link: 'home',
      operation: 'AssumeRole',
      asCallers: { share: 1, seed: 7 },
      timeLimitMs: 5_000,
      ...change,
    });

  it('asks as the caller would, over a connection of its own that ends with it', async () => {
    await begin().result;
    expect(await probe()).toEqual({ observed: 'ok', status: 200, elapsedMs: expect.any(Number) });
    expect(service.connections()).toBe(2);
    expect(service.forms[1]?.get('RoleSessionName')).toBe('web-1');
    // Or the service's log would count it among the caller's own.
    expect(service.userAgents[1]).toMatch(/^regionfall\/\S+ probe$/);
    await expect.poll(service.open).toBe(1);
  });

  it('goes on being possible when the load has ended', async () => {
    transport.close();
    expect(await probe({ operation: 'GetCallerIdentity' })).toMatchObject({ observed: 'ok' });
  });

  it('sees what the fault does to a caller whom it hits', async () => {
    breakNames('gone', 0.3);
    expect(await probe({ asCallers: { share: 0.3, seed: 7 } })).toMatchObject({
      observed: 'error',
      errorCode: 'ENOTFOUND',
    });
    faults.clear({ id: 'dns' });
    expect(await probe({ asCallers: { share: 0.3, seed: 7 } })).toMatchObject({ observed: 'ok' });
  });

  it('sees errors of STS, refused and lost connections for what they are', async () => {
    service.behave(answerError(403, 'SignatureDoesNotMatch'));
    expect(await probe()).toMatchObject({
      observed: 'error',
      status: 403,
      errorCode: 'SignatureDoesNotMatch',
    });
    service.behave((request) => request.socket.destroy());
    expect(await probe()).toMatchObject({ observed: 'reset', errorCode: 'ECONNRESET' });
    breakNames('stale');
    expect(await probe()).toMatchObject({ observed: 'refused', errorCode: 'ECONNREFUSED' });
  });

  it('tells a silence after a connection from no connection at all', async () => {
    service.behave(keepSilent);
    expect(await probe({ timeLimitMs: 200 })).toMatchObject({ observed: 'silent', errorCode: 'ETIMEDOUT' });
    breakNames('no-answer');
    const result = await probe({ timeLimitMs: 50 });
    expect(result).toMatchObject({ observed: 'unreachable', errorCode: 'ETIMEDOUT' });
    expect(result.elapsedMs).toBeGreaterThanOrEqual(49);
  });

  it.each([
    ['the draw hits nobody', { asCallers: { share: 1e-9, seed: 7 } }],
    ['they stand elsewhere', { asCallers: { share: 1, seed: 7, locations: ['us-east-1'] } }],
    ['the fault is for another group', { asCallers: { share: 1, seed: 7, groups: ['batch'] } }],
    ['none of them takes the link', { link: 'away' }],
  ])('finds no caller to ask for when %s', async (_, change) => {
    expect(await probe(change)).toEqual({ observed: 'error', errorCode: 'NO_CALLER_CHOSEN', elapsedMs: 0 });
    expect(service.connections()).toBe(0);
  });

  it('does not ask for what no caller asks', async () => {
    await expect(probe({ operation: 'ControlPlaneRead' as never })).rejects.toThrow(/no caller can ask/);
  });
});
