/**
 * The servers that benchmarks compare; which one, KIND in the environment says. With TLS when CERTIFICATE and KEY
 * are there too: ours then behind the listener of the product, the others behind Node's own.
 */

import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createSecureContext } from 'node:tls';
import { DEFAULT_ERA, era as eraNamed } from '../lib/aws/eras.ts';
import { createIdentity } from '../lib/identity/identity.ts';
import { defaultAccounts } from '../lib/identity/world-accounts.ts';
import { stsHostsOf } from '../lib/service/region-hosts.ts';
import { openRegionListener } from '../lib/service/region-listener.ts';
import { createRequestListener, type RequestListenerOptions } from '../lib/service/request-listener.ts';
import { createServiceLog } from '../lib/service/service-log.ts';
import { createFederation } from '../lib/sts/federation/federation.ts';
import { createQuotas } from '../lib/sts/quotas.ts';
import { createRegionService } from '../lib/sts/region-service.ts';
import { createServiceFaults } from '../lib/sts/service-faults.ts';
import { monotonicUs } from '../lib/time/monotonic.ts';
import { reportServer } from './bench-kit.ts';

const BARE: Readonly<Record<string, RequestListener>> = {
  hello: (incoming, outgoing) => {
    incoming.resume();
    outgoing.end('hello');
  },
  form: (incoming, outgoing) => {
    let body = '';
    incoming.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    incoming.on('end', () => outgoing.end(body.length > 0 ? 'hello' : 'nothing'));
  },
};

/** One Region with all that it does for a request, its log included. */
function sts(): RequestListenerOptions {
  const region = 'eu-west-1';
  const identity = createIdentity(
    { era: eraNamed(DEFAULT_ERA), accounts: defaultAccounts(['aws'], 7), sealKeys: { aws: 'ab'.repeat(32) } },
    monotonicUs,
  );
  const log = createServiceLog(async () => {
    throw new Error('the benchmark keeps no log on disk');
  });
  return {
    region,
    extendedRequestId: true,
    hosts: stsHostsOf(
      createRegionService({
        region,
        identity,
        faults: createServiceFaults([region], monotonicUs),
        quotas: createQuotas(undefined, monotonicUs),
        federation: createFederation(monotonicUs),
      }),
    ),
    clock: monotonicUs,
    wallClock: Date.now,
    record: log.record,
  };
}

const { KIND = '', CERTIFICATE: cert, KEY: key } = process.env;
const bare = BARE[KIND];
const tls = cert === undefined || key === undefined ? undefined : { cert, key };
if (bare === undefined && KIND !== 'sts') throw new Error('set KIND to sts or to one of the bare servers');

if (bare === undefined && tls !== undefined) {
  const options = sts();
  const context = createSecureContext(tls);
  const certificates = new Map([...options.hosts.keys()].map((host) => [host, () => context]));
  reportServer((await openRegionListener(options, certificates)).port);
} else {
  const listener = bare ?? createRequestListener(sts());
  const server =
    tls === undefined
      ? createServer({ keepAliveTimeout: 60_000 }, listener)
      : createTlsServer({ keepAliveTimeout: 60_000, ...tls }, listener);
  server.listen(0, '127.0.0.1', () => reportServer((server.address() as AddressInfo).port));
}
