/**
 * The service with its control plane in this process, for tests over real TLS: on a clock that a test can put forward,
 * and with AWS's own clients, whose connections alone are led to it, as a hosts file would do it.
 */

import { Agent, request } from 'node:https';
import type { LookupFunction } from 'node:net';
import { controlPlaneHost, leaderRegion } from '../lib/aws/control-plane-endpoints.ts';
import { type Credentials, Secret } from '../lib/aws/credentials.ts';
import type { EraName } from '../lib/aws/eras.ts';
import { era as eraNamed } from '../lib/aws/eras.ts';
import type { PartitionName } from '../lib/aws/partitions.ts';
import { IAM } from '../lib/aws/sts-request.ts';
import { defaultAccounts } from '../lib/identity/world-accounts.ts';
import type { ServiceRecord } from '../lib/journal/sample.ts';
import { controlPlaneNames } from '../lib/service/control-plane-names.ts';
import { stsHostNames } from '../lib/service/region-hosts.ts';
import { openService, type Service } from '../lib/service/service.ts';
import { makeTestCertificates } from '../lib/service/test-certificates.ts';
import { separateKeys } from '../lib/sts/test-desk.ts';
import { monotonicUs } from '../lib/time/monotonic.ts';
import { type CallOutcome, callQuery } from '../lib/world/prober.ts';

export interface ServiceKit extends AsyncDisposable {
  readonly service: Service;
  readonly caPem: string;
  /** Of the log that `service.log` writes. */
  readonly rows: readonly ServiceRecord[];
  /** What each Region's replica lags behind, milliseconds. */
  readonly replicaDelayMs: number;
  /** Puts the service's clocks forward. */
  pass(ms: number): void;
  /** For a client of AWS's: everything it sends goes to this port. */
  clientTo(port: number, user: string): ClientSettings;
  credentials(user: string): Credentials;
  regionPort(region: string): number;
  iamPort(partition?: PartitionName): number;
  accountPort(partition?: PartitionName): number;
  /** One call of IAM that AWS's client does not know. */
  iam(user: string, action: string, parameters?: Readonly<Record<string, string>>): Promise<CallOutcome>;
  get(port: number, host: string, path: string): Promise<{ status: number; body: string }>;
}

export interface ClientSettings {
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: number;
  readonly requestHandler: { readonly httpsAgent: Agent };
}

export async function openServiceKit(
  regions: readonly string[],
  era: EraName = '2026',
  replicaDelayMs = 60_000,
): Promise<ServiceKit> {
  const partitions = ['aws', 'aws-cn'] as const;
  const accounts = defaultAccounts(partitions, 7);
  const names = controlPlaneNames(accounts, eraNamed(era)).map(({ host }) => host);
  const { caPem, certificates } = await makeTestCertificates([
    ...new Set([...stsHostNames(regions), ...names]),
  ]);
  const rows: ServiceRecord[] = [];
  let passedMs = 0;
  const service = await openService(
    {
      era,
      regions,
      accounts,
      certificates,
      sealKeys: separateKeys(),
      adminToken: 'a token for tests',
      controlPlane: true,
      replicaDelayMs: { minimum: replicaDelayMs, maximum: replicaDelayMs },
    },
    {
      clock: () => monotonicUs() + passedMs * 1_000,
      // What is scaled to minutes stays within the five that a signature may be off.
      wallClock: () => Date.now() + passedMs,
      openWriter: async () => ({
        write: (row) => void rows.push(row),
        flush: async () => {},
        close: async () => {},
      }),
      fetchText: () => Promise.reject(new Error('nothing is fetched here')),
    },
  );
  const plainCredentials = (user: string) => {
    const found = accounts[0]?.users.find(({ name }) => name === user);
    return { accessKeyId: found?.accessKeyId ?? '', secretAccessKey: found?.secretAccessKey ?? '' };
  };
  const credentials = (user: string): Credentials => {
    const { accessKeyId, secretAccessKey } = plainCredentials(user);
    return { accessKeyId, secretAccessKey: new Secret(secretAccessKey) };
  };
  const leaderPort = (service_: 'iam' | 'account', partition: PartitionName): number =>
    service.ready.controlPlanePorts[leaderRegion(service_, partition)] ?? 0;
  const iamPort = (partition: PartitionName = 'aws'): number => leaderPort('iam', partition);
  return {
    service,
    caPem,
    rows,
    replicaDelayMs,
    pass: (ms) => {
      passedMs += ms;
    },
    clientTo: (port, user) => ({
      region: 'eu-west-1',
      credentials: plainCredentials(user),
      maxAttempts: 1,
      requestHandler: { httpsAgent: agentTo(port, caPem) },
    }),
    credentials,
    regionPort: (region) => service.ready.ports[region] ?? 0,
    iamPort,
    accountPort: (partition = 'aws') => leaderPort('account', partition),
    iam: (user, action, parameters = {}) =>
      callQuery({
        service: IAM,
        host: controlPlaneHost('iam', 'aws'),
        port: iamPort(),
        signingRegion: leaderRegion('iam', 'aws'),
        operation: action,
        parameters,
        credentials: credentials(user),
        caPem,
        userAgent: 'regionfall-test',
        timeLimitMs: 10_000,
      }),
    get: (port, host, path) =>
      new Promise((resolve, reject) => {
        request(
          { host: '127.0.0.1', port, servername: host, ca: caPem, path, headers: { host }, agent: false },
          (incoming) => {
            let body = '';
            incoming.setEncoding('utf8').on('data', (chunk: string) => {
              body += chunk;
            });
            incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body }));
          },
        )
          .on('error', reject)
          .end();
      }),
    [Symbol.asyncDispose]: () => service.close(),
  };
}

function agentTo(port: number, ca: string): Agent {
  const agent = new Agent({ ca, lookup: loopback });
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, done) => connect({ ...options, port }, done);
  return agent;
}

const loopback: LookupFunction = (_host, options, done) => {
  if (options.all) done(null, [{ address: '127.0.0.1', family: 4 }]);
  else done(null, '127.0.0.1', 4);
};
