/**
 * The TLS listener of one Region on 127.0.0.1. The listener is the serving Region; which of its names a client
 * means is told by SNI, for the certificate, and by the Host header, for everything else.
 */

import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { SecureContext } from 'node:tls';
import { createRequestListener, type RequestListenerOptions } from './request-listener.ts';

export interface RegionListener {
  readonly port: number;
  /**
   * Clients that come again begin with a full handshake. Without it a session of theirs would spare them the
   * certificate, whatever is shown by now; that Node resumes across a changed context was seen in an experiment.
   */
  forgetSessions(): void;
  close(): Promise<void>;
}

/** Makes the certificate and key of each host name ready for use, the first time somebody asks for it. */
export type Certificates = ReadonlyMap<string, () => SecureContext>;

/** @throws when no certificate is given for any of the Region's names. */
export async function openRegionListener(
  options: RequestListenerOptions,
  certificates: Certificates,
): Promise<RegionListener> {
  const { region } = options;
  const contexts = new Map([...options.hosts.keys()].map((host) => [host, certificates.get(host)]));
  const fallback = [...contexts.values()].find((context) => context !== undefined);
  if (fallback === undefined) throw new Error(`no certificate for any name of ${region}`);
  const server = createServer(
    {
      // Whoever asks for another name gets a certificate that does not fit it, as from any server.
      SNICallback: (host, done) => done(null, (contexts.get(host.toLowerCase()) ?? fallback)()),
      ...LIMITS,
    },
    createRequestListener(options),
  );
  server.maxConnections = MAXIMUM_CONNECTIONS;
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // Real STS answers a head it cannot read with 400 and nothing else. A connection that fell silent or broke
    // has nobody to answer to: after a fault an answer to half a request would be taken for one to the next.
    const unreadable = error.code?.startsWith('HPE_') === true && socket.writable;
    if (unreadable) socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    else socket.destroy();
  });
  // A failed handshake is the client's affair.
  server.on('tlsClientError', () => {});
  await listening(server);
  return {
    port: (server.address() as AddressInfo).port,
    forgetSessions: () => server.setTicketKeys(randomBytes(TICKET_KEYS_BYTES)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Slow and idle clients cost others nothing. Real STS cuts request heads at about 16 KB. */
const LIMITS = {
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 60_000,
  maxHeaderSize: 16_384,
} as const;

/** Name, secret and seal of tickets, as OpenSSL wants them. */
const TICKET_KEYS_BYTES = 48;

const MAXIMUM_CONNECTIONS = 8_192;

function listening(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}
