/**
 * Rehearses what a first arrival would otherwise pay for: the first signature and the first TLS client of a fresh
 * process take tens of milliseconds, later ones microseconds. Talks to nobody but a listener of its own that
 * hangs up, so the links and the service see nothing of it.
 */

import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createSecureContext } from 'node:tls';
import { Secret } from '../aws/credentials.ts';
import { stsRequest } from '../aws/sts-request.ts';
import { monotonicUs } from '../time/monotonic.ts';
import { sendAttempt } from './attempt.ts';
import { Connection } from './connection.ts';
import type { AttemptResult } from './transport.ts';

/** Enough for the compiler to have seen the signer often. */
const SIGNATURES = 300;

const ATTEMPTS = 5;

const HOST = 'warm-up.invalid';

export async function warmUp(): Promise<void> {
  for (let count = 0; count < SIGNATURES; count += 1) signedForNobody();
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.resetAndDestroy();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const connection = new Connection({
    host: HOST,
    port,
    secureContext: createSecureContext(),
    now: monotonicUs,
  });
  for (let count = 0; count < ATTEMPTS; count += 1) {
    await new Promise<AttemptResult>((resolve) => {
      sendAttempt(connection, signedForNobody(), monotonicUs, resolve);
    });
  }
  connection.close();
  server.close();
}

function signedForNobody() {
  return stsRequest({
    host: HOST,
    operation: 'AssumeRole',
    parameters: { RoleArn: 'arn:aws:iam::000000000000:role/none', RoleSessionName: 'none' },
    credentials: { accessKeyId: 'AKIANOBODY', secretAccessKey: new Secret('nobody') },
    signingRegion: 'us-east-1',
    atMs: 0,
    userAgent: 'regionfall',
  });
}
