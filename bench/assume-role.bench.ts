/**
 * Verified AssumeRole against a bare server of Node, over plain HTTP and over TLS: what share of the speed of a
 * server that does nothing is left when each request's signature is checked, a session sealed and the XML written.
 * One core each, connections kept alive. `node bench/assume-role.bench.ts`.
 */

import { createAuthority } from '../lib/world/certificates.ts';
import {
  type Contestant,
  compare,
  type MeasuredServer,
  printComparison,
  speedAgainst,
  startMeasuredServer,
} from './bench-kit.ts';
import { pinClient } from './pinning.ts';
import { openReplay, type ReplayOptions } from './replay.ts';
import { type BenchOperation, signedRequests } from './signed-requests.ts';
import { printTarget } from './target.ts';

const ROUNDS = 10;
const WARM_UP_ROUNDS = 4;
const REQUESTS_A_ROUND = 5_000;
const CONNECTIONS = 32;
const REGION = 'eu-west-1';
const HOST = `sts.${REGION}.amazonaws.com`;

const authority = await createAuthority(Date.now());
const { certificatePem, keyPem } = await authority.issue(HOST);
const entry = new URL('./assume-role-server.ts', import.meta.url);
pinClient();

/** All contestants get the same kind of signed requests, so that their parsers have the same work. */
async function contest(title: string, security: Readonly<Record<string, string>>, tls: ReplayOptions['tls']) {
  const running: MeasuredServer[] = [];
  const contestant = async (
    name: string,
    KIND: string,
    operation: BenchOperation = 'AssumeRole',
  ): Promise<Contestant> => {
    const server = await startMeasuredServer(entry, { KIND, ...security });
    running.push(server);
    const replay = await openReplay({
      port: server.port,
      connections: CONNECTIONS,
      requests: signedRequests(operation, REGION),
      ...(tls === undefined ? {} : { tls }),
    });
    return {
      name,
      round: async () => {
        const beforeUs = await server.cpuUs();
        await replay.run(REQUESTS_A_ROUND);
        return { units: REQUESTS_A_ROUND, cpuUs: (await server.cpuUs()) - beforeUs };
      },
    };
  };
  const bare = tls === undefined ? 'bare node:http' : 'bare node:https';
  const results = await compare(
    [
      await contestant(bare, 'hello'),
      await contestant(`${bare} that reads the body`, 'form'),
      await contestant('GetCallerIdentity, signature verified', 'sts', 'GetCallerIdentity'),
      await contestant('AssumeRole, signature verified', 'sts'),
    ],
    ROUNDS,
    WARM_UP_ROUNDS,
  );
  printComparison(title, results);
  const [hello, , identity, role] = results;
  printTarget(`AssumeRole against ${bare}`, speedAgainst(role, hello), { atLeast: 0.5 });
  printTarget('GetCallerIdentity against AssumeRole', speedAgainst(identity, role), { atLeast: 1 });
  await Promise.all(running.map((server) => server.stop()));
}

await contest('AssumeRole against a bare server, both plain HTTP', {}, undefined);
await contest(
  'AssumeRole against a bare server, both TLS',
  { CERTIFICATE: certificatePem, KEY: keyPem },
  { caPem: authority.caPem, servername: HOST },
);
process.exit();
