/** The service as it runs in a world: every Region of every partition over TLS, each host name under its own certificate. */

import { type Agent, type RequestOptions, request } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { DEFAULT_ERA } from '../../lib/aws/eras.ts';
import { PARTITIONS, type PartitionName } from '../../lib/aws/partitions.ts';
import { REGIONS } from '../../lib/aws/regions.ts';
import { type AccountConfig, defaultAccounts } from '../../lib/identity/world-accounts.ts';
import { stsHostNames } from '../../lib/service/region-hosts.ts';
import { openService, type Service } from '../../lib/service/service.ts';
import { monotonicUs } from '../../lib/time/monotonic.ts';
import { createAuthority } from '../../lib/world/certificates.ts';

export interface RealService {
  readonly service: Service;
  readonly accounts: readonly AccountConfig[];
  readonly caPem: string;
  /** Sends to a Region's listener. Rejects when the certificate does not fit the name asked for. */
  send(to: Destination, message?: Message): Promise<RawAnswer>;
}

export interface Destination {
  readonly region: string;
  /** The name that the client asks for by SNI and checks the certificate against. */
  readonly servername: string;
  /** Keeps connections; each request opens its own without it. */
  readonly agent?: Agent;
}

export interface Message {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
  readonly certificate: Certificate;
}

export interface Certificate {
  readonly commonName: string;
  /** `DNS:sts.amazonaws.com`. */
  readonly names: string;
  readonly fingerprint: string;
}

/** Closes with the scope. */
export async function openRealService(scope: AsyncDisposableStack): Promise<RealService> {
  const regions = REGIONS.map(({ id }) => id);
  const accounts = defaultAccounts(
    PARTITIONS.map(({ name }) => name),
    7,
  );
  const authority = await createAuthority(Date.now());
  const certificates = await Promise.all(stsHostNames(regions).map((host) => authority.issue(host)));
  const service = await openService(
    { era: DEFAULT_ERA, regions, accounts, certificates, sealKeys: SEAL_KEYS, adminToken: 'of conformance' },
    {
      clock: monotonicUs,
      wallClock: Date.now,
      openWriter: () => Promise.reject(new Error('nothing is written here')),
      fetchText: () => Promise.reject(new Error('nothing is fetched here')),
    },
  );
  scope.defer(() => service.close());
  const { caPem } = authority;
  return {
    service,
    accounts,
    caPem,
    send: ({ region, servername, agent }, message = {}) => {
      const port = service.ready.ports[region];
      if (port === undefined) throw new Error(`no listener for ${region}`);
      const { body = '', ...head } = message;
      return sent({ host: '127.0.0.1', port, servername, ca: caPem, agent: agent ?? false, ...head }, body);
    },
  };
}

const SEAL_KEYS = Object.fromEntries(
  PARTITIONS.map(({ name }, index) => [name, index.toString(16).repeat(64)]),
) as Record<PartitionName, string>;

function sent(options: RequestOptions, body: string): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(options, (incoming) => {
      // Connections that are kept may be gone from their answer by its end.
      const certificate = certificateOf(incoming.socket as TLSSocket);
      let text = '';
      incoming.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text, certificate }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function certificateOf(socket: TLSSocket): Certificate {
  const { subject, subjectaltname = '', fingerprint256 } = socket.getPeerCertificate();
  return { commonName: String(subject.CN), names: subjectaltname, fingerprint: fingerprint256 };
}
