import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answerError, keepSilent, openStubService, type StubService } from '../../test/stub-service.ts';
import { Secret } from '../aws/credentials.ts';
import { stsRequest } from '../aws/sts-request.ts';
import { monotonicUs } from '../time/monotonic.ts';
import { lostOutcome, sendAttempt } from './attempt.ts';
import { Connection } from './connection.ts';
import type { AttemptResult, LiveAttempt } from './transport.ts';

let service: StubService;
let connection: Connection;

beforeEach(async () => {
  service = await openStubService();
  connection = connectionTo(service.port);
});

afterEach(async () => {
  connection.close();
  await service[Symbol.asyncDispose]();
});

function connectionTo(port: number, host = service.host, caPem = service.authority.caPem): Connection {
  return new Connection({ host, port, secureContext: createSecureContext({ ca: caPem }), now: monotonicUs });
}

/** Begins an attempt; `result` resolves when it has settled. */
function begin(over = connection): { live: LiveAttempt; result: Promise<AttemptResult> } {
  const signed = stsRequest({
    host: service.host,
    operation: 'GetCallerIdentity',
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: new Secret('not a secret') },
    signingRegion: 'eu-west-1',
    atMs: Date.now(),
    userAgent: 'regionfall/test caller/web-1',
  });
  const { promise, resolve } = Promise.withResolvers<AttemptResult>();
  return { live: sendAttempt(over, signed, monotonicUs, resolve), result: promise };
}

describe('an attempt', () => {
  it('reads who served it, and how long opening the connection took', async () => {
    const result = await begin().result;
    expect(result).toMatchObject({
      outcome: 'ok',
      status: 200,
      errorCode: '',
      servingRegion: 'eu-west-1',
      requestId: 'ok-1',
      reused: false,
    });
    expect(result.connectUs).toBeGreaterThan(0);
    expect(result.tlsUs).toBeGreaterThan(0);
    expect(result.waitUs).toBeGreaterThan(0);
  });

  it('uses the connection of the one before', async () => {
    await begin().result;
    expect(await begin().result).toMatchObject({ outcome: 'ok', reused: true, connectUs: -1, tlsUs: -1 });
    expect(service.connections()).toBe(1);
  });

  it('opens another connection while the first is busy', async () => {
    await Promise.all([begin().result, begin().result]);
    expect(service.connections()).toBe(2);
  });

  it('fails with the code of the service', async () => {
    service.behave(answerError(403, 'AccessDenied'));
    expect(await begin().result).toMatchObject({
      outcome: 'failed',
      status: 403,
      errorCode: 'AccessDenied',
      servingRegion: 'eu-west-1',
      requestId: 'no-1',
    });
  });

  it('fails with the bare status when the answer is not of STS', async () => {
    service.behave((_, response) => response.writeHead(503).end('upstream is gone'));
    expect(await begin().result).toMatchObject({ outcome: 'failed', status: 503, errorCode: 'HTTP503' });
  });

  it('fails when the port is closed, and opens a connection again when the service is back', async () => {
    await begin().result;
    await service.goAway();
    await expect.poll(() => Object.keys(connection.agent.freeSockets)).toHaveLength(0);
    expect(await begin().result).toMatchObject({ outcome: 'failed', status: 0, errorCode: 'ECONNREFUSED' });
    await service.comeBack();
    expect(await begin().result).toMatchObject({ outcome: 'ok', reused: false });
    expect(await begin().result).toMatchObject({ outcome: 'ok', reused: true });
  });

  it('is indeterminate when the connection is lost after it was sent', async () => {
    service.behave((request) => request.socket.destroy());
    expect(await begin().result).toMatchObject({ outcome: 'indeterminate', errorCode: 'ECONNRESET' });
  });

  it('is indeterminate when the answer is cut short', async () => {
    service.behave((_, response) => {
      response.writeHead(200, { 'content-length': 1_000 }).write('<GetCaller', () => response.destroy());
    });
    expect(await begin().result).toMatchObject({
      outcome: 'indeterminate',
      status: 0,
      errorCode: 'ECONNRESET',
    });
  });

  it('is indeterminate when it is abandoned, and its connection is not used again', async () => {
    service.behave(keepSilent);
    const { live, result } = begin();
    await expect.poll(() => service.forms).toHaveLength(1);
    live.abandon('ETIMEDOUT');
    expect(await result).toMatchObject({ outcome: 'indeterminate', errorCode: 'ETIMEDOUT', waitUs: -1 });
    await expect.poll(() => service.open()).toBe(0);
  });

  it('settles before abandoning returns', () => {
    service.behave(keepSilent);
    const results: AttemptResult[] = [];
    const signed = { method: 'POST', path: '/', headers: { host: service.host }, body: '' };
    const live = sendAttempt(connection, signed, monotonicUs, (result) => results.push(result));
    live.abandon('UNANSWERED');
    live.abandon('ETIMEDOUT');
    expect(results).toMatchObject([{ outcome: 'indeterminate', errorCode: 'UNANSWERED', connectUs: -1 }]);
  });

  it('fails when the certificate is for another name', async () => {
    const elsewhere = connectionTo(service.port, 'sts.elsewhere.test');
    const result = await begin(elsewhere).result;
    expect(result).toMatchObject({ outcome: 'failed', errorCode: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    elsewhere.close();
  });

  it('fails when the certificate is of an authority that it does not know', async () => {
    await using stranger = await openStubService();
    const wary = connectionTo(service.port, service.host, stranger.authority.caPem);
    expect(await begin(wary).result).toMatchObject({ outcome: 'failed', status: 0 });
    wary.close();
  });
});

describe('an attempt whose connection dies before the handshake', () => {
  let server: Server;
  let accept: (socket: Socket) => void;

  beforeEach(async () => {
    server = createServer((socket) => accept(socket.on('error', () => {}))).listen(0, '127.0.0.1');
    await once(server, 'listening');
    connection.close();
    connection = connectionTo((server.address() as AddressInfo).port);
  });

  afterEach(() => {
    server.close();
  });

  it('has failed: nothing of it can have reached the service', async () => {
    accept = (socket) => socket.resetAndDestroy();
    expect(await begin().result).toMatchObject({ outcome: 'failed', errorCode: 'ECONNRESET', tlsUs: -1 });
  });

  it('is indeterminate when it was abandoned in a silence', async () => {
    const accepted = Promise.withResolvers<void>();
    accept = () => accepted.resolve();
    const { live, result } = begin();
    await accepted.promise;
    live.abandon('ETIMEDOUT');
    expect(await result).toMatchObject({ outcome: 'indeterminate', errorCode: 'ETIMEDOUT', tlsUs: -1 });
  });
});

describe('a lost request', () => {
  it.each([
    ['ECONNREFUSED', false, 'failed', 'ECONNREFUSED'],
    ['ECONNRESET', false, 'failed', 'ECONNRESET'],
    ['ECONNRESET', true, 'indeterminate', 'ECONNRESET'],
    ['EPIPE', true, 'indeterminate', 'ECONNRESET'],
    ['EHOSTUNREACH', false, 'failed', 'EHOSTUNREACH'],
    ['ENOTFOUND', false, 'failed', 'ENOTFOUND'],
    ['EAI_AGAIN', false, 'failed', 'EAI_AGAIN'],
    ['CERT_HAS_EXPIRED', false, 'failed', 'CERT_HAS_EXPIRED'],
    ['HPE_INVALID_CONSTANT', true, 'indeterminate', 'HPE_INVALID_CONSTANT'],
    ['', true, 'indeterminate', 'ECONNRESET'],
  ] as const)('with %s, sent: %s, is %s', (code, sent, outcome, errorCode) => {
    expect(lostOutcome(code, sent)).toEqual({ outcome, errorCode });
  });
});
