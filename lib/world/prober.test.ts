import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Secret } from '../aws/credentials.ts';
import { STS } from '../aws/sts-request.ts';
import { type CertificateTrouble, createAuthority, type HostCertificate } from './certificates.ts';
import { callQuery } from './prober.ts';

const HOST = 'sts.eu-west-1.amazonaws.com';
const authority = await createAuthority(Date.now());

async function listening(server: ReturnType<typeof createServer>): Promise<number> {
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const call = (port: number, timeLimitMs = 10_000) =>
  callQuery({
    service: STS,
    host: HOST,
    port,
    signingRegion: 'eu-west-1',
    operation: 'GetCallerIdentity',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: new Secret('secret') },
    caPem: authority.caPem,
    userAgent: 'test',
    timeLimitMs,
  });

/** A TCP peer that does one thing with whoever connects. */
const peer = (act: (socket: Socket) => void): Promise<number> =>
  listening(
    createServer((socket) => {
      socket.on('error', () => {});
      onTestFinished(() => void socket.destroy());
      act(socket);
    }),
  );

/** A TLS peer that answers each request with the same bytes, and then ends. */
const tlsPeer = ({ certificatePem, keyPem }: HostCertificate, answer: string): Promise<number> =>
  listening(
    createTlsServer({ cert: certificatePem, key: keyPem }, (socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(answer));
    }),
  );

describe('a look over a link', () => {
  test('tells a closed port from one that accepts and says nothing', async () => {
    const silent = await peer(() => {});
    expect(await call(silent, 100)).toMatchObject({ observed: 'silent', errorCode: 'ETIMEDOUT', status: 0 });
    const closed = createServer();
    const gone = await listening(closed);
    await new Promise((resolve) => closed.close(resolve));
    expect(await call(gone)).toMatchObject({ observed: 'refused', errorCode: 'ECONNREFUSED' });
  });

  test.each<[string, (socket: Socket) => void]>([
    ['reset at once', (socket) => socket.resetAndDestroy()],
    ['reset at the first bytes', (socket) => socket.once('data', () => socket.resetAndDestroy())],
    ['closed in the middle of the handshake', (socket) => socket.once('data', () => socket.end())],
    [
      'closed in the middle of a TLS record',
      (socket) => socket.once('data', () => socket.end(Buffer.from([0x16, 0x03, 0x03, 0x40, 0x00, 0x02]))),
    ],
  ])('tells a connection that is %s', async (_, act) => {
    expect(await call(await peer(act))).toMatchObject({ observed: 'reset', status: 0 });
  });

  test.each([
    ['its headers', 'HTTP/1.1 200 OK\r\nContent-Le'],
    ['its body', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<Get'],
    ['nothing at all', ''],
  ])('tells an answer that breaks off in %s', async (_, answer) => {
    expect(await call(await tlsPeer(await authority.issue(HOST), answer))).toMatchObject({
      observed: 'reset',
    });
  });

  test.each<[CertificateTrouble, RegExp]>([
    ['expired', /^CERT_HAS_EXPIRED$/],
    ['other-name', /^ERR_TLS_CERT_ALTNAME_INVALID$/],
    [
      'unknown-authority',
      /^(UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|CERT_SIGNATURE_FAILURE)$/,
    ],
  ])('refuses a certificate with trouble: %s', async (trouble, code) => {
    const port = await tlsPeer(await authority.issueTroubled(HOST, trouble), '');
    expect(await call(port)).toMatchObject({
      observed: 'error',
      status: 0,
      errorCode: expect.stringMatching(code),
    });
  });
});
