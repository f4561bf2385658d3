/**
 * Verified AssumeRole against a bare `node:http` server: what share of the speed of an HTTP server that does nothing
 * is left when each request's signature is checked, a session sealed and the XML written. Both plain HTTP, one
 * core each: TLS costs both the same and would flatter the ratio. `node bench/assume-role.bench.ts`.
 */

import { Agent, request } from 'node:http';
import { Secret } from '../lib/aws/credentials.ts';
import { regionalHost } from '../lib/aws/endpoints.ts';
import { stsRequest } from '../lib/aws/sts-request.ts';
import { defaultAccounts } from '../lib/identity/world-accounts.ts';
import {
  type Contestant,
  compare,
  type MeasuredServer,
  printComparison,
  startMeasuredServer,
} from './bench-kit.ts';

const ROUNDS = 7;
const REQUESTS_A_ROUND = 12_000;
const CONNECTIONS = 16;
const VARIANTS = 256;

const server = new URL('./assume-role-server.ts', import.meta.url);
const kinds = ['hello', 'form', 'GetCallerIdentity', 'AssumeRole'] as const;
const servers = await Promise.all(kinds.map((KIND) => startMeasuredServer(server, { KIND })));

const contestants = [
  contestant('bare node:http', servers[0], 'AssumeRole'),
  contestant('node:http that reads the body', servers[1], 'AssumeRole'),
  contestant('GetCallerIdentity, signature verified', servers[2], 'GetCallerIdentity'),
  contestant('AssumeRole, signature verified', servers[3], 'AssumeRole'),
];
printComparison('AssumeRole against a bare HTTP server, both plain HTTP', await compare(contestants, ROUNDS));
await Promise.all(servers.map((running) => running.stop()));

/** All contestants get the same kind of signed requests, so that their parsers have the same work. */
function contestant(
  name: string,
  running: MeasuredServer | undefined,
  operation: 'AssumeRole' | 'GetCallerIdentity',
): Contestant {
  if (running === undefined) throw new Error('the server did not start');
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const requests = signedRequests(operation);
  return {
    name,
    round: async () => {
      const beforeUs = await running.cpuUs();
      let next = 0;
      const caller = async (): Promise<void> => {
        while (next < REQUESTS_A_ROUND) {
          const chosen = requests[next % requests.length];
          next += 1;
          if (chosen !== undefined) await send(running.port, agent, chosen);
        }
      };
      await Promise.all(Array.from({ length: CONNECTIONS }, caller));
      return { units: REQUESTS_A_ROUND, cpuUs: (await running.cpuUs()) - beforeUs };
    },
  };
}

function signedRequests(operation: 'AssumeRole' | 'GetCallerIdentity') {
  const [account] = defaultAccounts(['aws'], 7);
  const user = account?.users[1];
  if (account === undefined || user === undefined) throw new Error('no account');
  return Array.from({ length: VARIANTS }, (_, index) =>
    stsRequest({
      host: regionalHost('eu-west-1'),
      operation,
      parameters:
        operation === 'AssumeRole'
          ? {
              RoleArn: account.roles[0]?.arn ?? '',
              RoleSessionName: `bench-${index}`,
              DurationSeconds: '900',
            }
          : {},
      credentials: { accessKeyId: user.accessKeyId, secretAccessKey: new Secret(user.secretAccessKey) },
      signingRegion: 'eu-west-1',
      atMs: Date.now() + (index % 120) * 1_000,
      userAgent: `regionfall/0.1.0 caller/bench-${index}`,
    }),
  );
}

/** Rejects on anything but 200: a figure for refusals would be worthless. */
function send(
  port: number,
  agent: Agent,
  { method, path, headers, body }: ReturnType<typeof stsRequest>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, agent, method, path, headers }, (incoming) => {
      if (incoming.statusCode !== 200) reject(new Error(`status ${incoming.statusCode}`));
      incoming.resume().on('end', resolve);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
