/**
 * How long one client that keeps its connection waits for a verified AssumeRole, request after request: the median,
 * the tail, and how many answers came so late that two ends must have waited for each other (Nagle's algorithm against
 * a delayed acknowledgement: 40 ms). Plain and TLS, also for clients that send head and body apart.
 */

import { createAuthority } from '../lib/world/certificates.ts';
import { spreadOf, startMeasuredServer } from './bench-kit.ts';
import { pinClient } from './pinning.ts';
import { openReplay, type ReplayOptions } from './replay.ts';
import { signedRequests } from './signed-requests.ts';
import { printTarget } from './target.ts';

const ROUNDS = 10;
const REQUESTS_A_ROUND = 800;
const WARM_UP_REQUESTS = 15_000;
const STALL_US = 20_000;
const REGION = 'eu-west-1';
const HOST = `sts.${REGION}.amazonaws.com`;

const authority = await createAuthority(Date.now());
const { certificatePem, keyPem } = await authority.issue(HOST);
const tls = { caPem: authority.caPem, servername: HOST };
const entry = new URL('./assume-role-server.ts', import.meta.url);
pinClient();
const plain = await startMeasuredServer(entry, { KIND: 'sts' });
const secured = await startMeasuredServer(entry, { KIND: 'sts', CERTIFICATE: certificatePem, KEY: keyPem });
const requests = signedRequests('AssumeRole', REGION);

const clients: readonly (readonly [
  name: string,
  options: Omit<ReplayOptions, 'connections' | 'requests'>,
])[] = [
  ['plain HTTP', { port: plain.port }],
  ['plain HTTP, head and body apart', { port: plain.port, bodyApart: true }],
  ['TLS', { port: secured.port, tls }],
  ['TLS, head and body apart', { port: secured.port, tls, bodyApart: true }],
];
const measured = await Promise.all(
  clients.map(async ([name, options]) => ({
    name,
    replay: await openReplay({ ...options, connections: 1, requests }),
    rounds: [] as (readonly number[])[],
  })),
);
for (const { replay } of measured) await replay.run(WARM_UP_REQUESTS / 2);
for (let round = 0; round < ROUNDS; round += 1) {
  for (const { replay, rounds } of measured) {
    const timesUs: number[] = [];
    await replay.run(REQUESTS_A_ROUND, timesUs);
    rounds.push(timesUs);
  }
}

process.stdout.write(
  `One verified AssumeRole after the other over one kept-alive connection, ${ROUNDS} x ${REQUESTS_A_ROUND} answers (${process.version})\n`,
);
for (const { name, rounds } of measured) {
  const all = rounds.flat().toSorted((one, other) => one - other);
  const at = (share: number): string =>
    ((all[Math.floor(share * all.length)] ?? Number.NaN) / 1_000).toFixed(2);
  const medians = rounds.map((times) => (times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0) / 1_000);
  printTarget(`${name}, median`, spreadOf(medians), { atMost: 0.3 }, ' ms', 3);
  const late = all.filter((us) => us > STALL_US).length;
  process.stdout.write(
    `    p90 ${at(0.9)} ms, p99 ${at(0.99)} ms, later than 20 ms: ${late} of ${all.length}\n`,
  );
}
await Promise.all([plain.stop(), secured.stop()]);
process.exit();
