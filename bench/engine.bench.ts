/**
 * What a signed request costs the embedded engine, against autocannon (which replays one request and signs
 * nothing) and against Node's bare client, on the same server: CPU of the calling process for each request.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createAuthority } from '../lib/world/certificates.ts';
import {
  type Contestant,
  compare,
  printComparison,
  type RoundCost,
  startMeasuredServer,
} from './bench-kit.ts';
import type { CallerKind, CallerOrder } from './engine.caller.ts';

const HOST = 'sts.eu-west-1.amazonaws.com';
const ROUNDS = 5;
/** A round lasts about half a second on a quiet machine. */
const REQUESTS: Readonly<Record<CallerKind, number>> = {
  autocannon: 5_000,
  'bare node:https': 2_500,
  engine: 2_500,
};

const authority = await createAuthority(Date.now());
const { certificatePem, keyPem } = await authority.issue(HOST);
const server = await startMeasuredServer(new URL('engine.server.ts', import.meta.url), {
  CERTIFICATE: certificatePem,
  KEY: keyPem,
});
const callers: ChildProcess[] = [];

function contestant(name: string, kind: CallerKind): Contestant {
  const child = fork(new URL('engine.caller.ts', import.meta.url), [], {
    env: { PATH: process.env['PATH'] ?? '' },
  });
  callers.push(child);
  const order: CallerOrder = {
    kind,
    host: HOST,
    port: server.port,
    caPem: authority.caPem,
    requests: REQUESTS[kind],
  };
  return {
    name,
    round: async () => {
      child.send(order);
      const [cost] = (await once(child, 'message', { signal: AbortSignal.timeout(15_000) })) as [RoundCost];
      if (cost.units !== order.requests)
        throw new Error(`${name} got ${cost.units} of ${order.requests} answers`);
      return cost;
    },
  };
}

const results = await compare(
  [
    contestant('autocannon, one request replayed', 'autocannon'),
    contestant('bare node:https client, one request replayed', 'bare node:https'),
    contestant('embedded engine, each request signed', 'engine'),
  ],
  ROUNDS,
);
printComparison('AssumeRole over kept-alive TLS, 32 in flight, cost to the caller', results);
for (const child of callers) child.disconnect();
await server.stop();
