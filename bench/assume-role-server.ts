/** The servers that the AssumeRole benchmark compares; which one, the environment says. All without TLS. */

import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createIdentity } from '../lib/identity/identity.ts';
import { defaultAccounts } from '../lib/identity/world-accounts.ts';
import { hostsOfRegion } from '../lib/sts/region-listener.ts';
import { createRegionService } from '../lib/sts/region-service.ts';
import { createRequestListener } from '../lib/sts/request-listener.ts';
import { createServiceFaults } from '../lib/sts/service-faults.ts';
import { createServiceLog } from '../lib/sts/service-log.ts';
import { monotonicUs } from '../lib/time/monotonic.ts';
import { reportServer } from './bench-kit.ts';

const LISTENERS: Readonly<Record<string, () => RequestListener>> = {
  hello: () => (incoming, outgoing) => {
    incoming.resume();
    outgoing.end('hello');
  },
  form: () => (incoming, outgoing) => {
    let body = '';
    incoming.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    incoming.on('end', () => outgoing.end(body.length > 0 ? 'hello' : 'nothing'));
  },
  GetCallerIdentity: sts,
  AssumeRole: sts,
};

/** The service's own listener with all that it does for a request, its log included. */
function sts(): RequestListener {
  const region = 'eu-west-1';
  const identity = createIdentity(
    { accounts: defaultAccounts(['aws'], 7), sealKeys: { aws: 'ab'.repeat(32) } },
    monotonicUs,
  );
  const log = createServiceLog(async () => {
    throw new Error('the benchmark keeps no log on disk');
  });
  return createRequestListener({
    service: createRegionService({ region, identity, faults: createServiceFaults([region], monotonicUs) }),
    hosts: hostsOfRegion(region),
    clock: monotonicUs,
    wallClock: Date.now,
    record: log.record,
  });
}

const listener = LISTENERS[process.env['KIND'] ?? '']?.();
if (listener === undefined) throw new Error('set KIND to one of the listeners');
const server = createServer({ keepAliveTimeout: 60_000 }, listener).listen(0, '127.0.0.1', () => {
  reportServer((server.address() as AddressInfo).port);
});
