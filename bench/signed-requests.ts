/** Signed requests as bytes, made before any clock runs: all different, so that no server can live off one of them. */

import { Secret } from '../lib/aws/credentials.ts';
import { regionalHost } from '../lib/aws/endpoints.ts';
import { type StsRequest, stsRequest } from '../lib/aws/sts-request.ts';
import { defaultAccounts } from '../lib/identity/world-accounts.ts';

export type BenchOperation = 'AssumeRole' | 'GetCallerIdentity';

/** Seed of the accounts, which the servers under test share. */
export const SEED = 7;

/** Of user `app` in partition aws, who may assume role `app`. Good for a quarter of an hour. */
export function signedRequest(operation: BenchOperation, region: string, variant = 0): StsRequest {
  const [account] = defaultAccounts(['aws'], SEED);
  const user = account?.users.find(({ name }) => name === 'app');
  const role = account?.roles.find(({ name }) => name === 'app');
  if (user === undefined || role === undefined) throw new Error('the world has no user or role named app');
  return stsRequest({
    host: regionalHost(region),
    operation,
    parameters:
      operation === 'AssumeRole'
        ? { RoleArn: role.arn, RoleSessionName: `bench-${variant}`, DurationSeconds: '900' }
        : {},
    credentials: { accessKeyId: user.accessKeyId, secretAccessKey: new Secret(user.secretAccessKey) },
    signingRegion: region,
    // A handful of seconds, as in real traffic: what a server keeps of the last one must not look useless.
    atMs: Date.now() + Math.floor(variant / 64) * 1_000,
    userAgent: `regionfall/0.1.0 caller/bench-${variant}`,
  });
}

export function signedRequests(operation: BenchOperation, region: string, variants = 256): Uint8Array[] {
  return Array.from({ length: variants }, (_, variant) => bytesOf(signedRequest(operation, region, variant)));
}

function bytesOf({ method, path, headers, body }: StsRequest): Uint8Array {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}
