/**
 * What 100,000 live sessions add to the service's heap: nothing should be kept for them, since a token carries its
 * session. They are issued over HTTP; as many others are used, each for its first time. `node bench/sessions.bench.ts`.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { Secret } from '../lib/aws/credentials.ts';
import { regionalHost } from '../lib/aws/endpoints.ts';
import { DEFAULT_ERA, era as eraNamed } from '../lib/aws/eras.ts';
import { stsRequest } from '../lib/aws/sts-request.ts';
import { createIdentity } from '../lib/identity/identity.ts';
import { defaultAccounts } from '../lib/identity/world-accounts.ts';
import { createIssuer } from '../lib/sts/issuer.ts';
import { monotonicUs } from '../lib/time/monotonic.ts';
import { spreadOf } from './bench-kit.ts';
import { openReplay } from './replay.ts';
import { SEED, signedRequests } from './signed-requests.ts';
import { printTarget } from './target.ts';

const SESSIONS = 100_000;
const ROUNDS = 1;
const REGION = 'eu-west-1';
const CONNECTIONS = 16;

if (process.env['ROLE'] === 'server') await serve();
else await measure();

/** In the child: the benchmarks' own server, and its heap to whoever asks. */
async function serve(): Promise<void> {
  process.on('message', (question) => {
    if (question !== 'heap') return;
    // The second pass frees what finalizers of the first let go.
    globalThis.gc?.();
    globalThis.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    process.send?.({ heapBytes: heapUsed + external });
  });
  await import('./assume-role-server.ts');
}

async function measure(): Promise<void> {
  const server = fork(new URL(import.meta.url), [], {
    env: { PATH: process.env['PATH'] ?? '', ROLE: 'server', KIND: 'sts' },
    execArgv: ['--disable-warning=ExperimentalWarning', '--expose-gc'],
  });
  const port = await answerOf(server, 'port');
  const open = (requests: readonly Uint8Array[]) => openReplay({ port, connections: CONNECTIONS, requests });
  const without = await open(signedRequests('GetCallerIdentity', REGION));
  const issuing = await open(signedRequests('AssumeRole', REGION));
  /** Megabytes. As many calls without a session follow, so that the log holds the same rows at both ends. */
  const grownBy = async (sessions: typeof without): Promise<number> => {
    const before = await heapBytes(server);
    await sessions.run(SESSIONS);
    await without.run(SESSIONS);
    return ((await heapBytes(server)) - before) / 1e6;
  };
  // Warm: code is compiled, and the log has grown to the most that it keeps.
  await issuing.run(SESSIONS / 10);
  await without.run(SESSIONS);
  const issued: number[] = [];
  const used: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    issued.push(await grownBy(issuing));
    const using = await open(requestsOfSessions());
    used.push(await grownBy(using));
    using.close();
  }
  process.stdout.write(`What sessions add to the heap of the service  (${process.version})\n`);
  printTarget('100,000 sessions issued', spreadOf(issued), { atMost: 10 }, ' MB');
  printTarget('100,000 sessions used', spreadOf(used), { atMost: 10 }, ' MB');
  for (const replay of [without, issuing]) replay.close();
  server.kill();
}

/** One request of each session, which the server sees for the first time when it comes. */
function requestsOfSessions(): readonly Uint8Array[] {
  const accounts = defaultAccounts(['aws'], SEED);
  const options = { era: eraNamed(DEFAULT_ERA), accounts, sealKeys: { aws: 'ab'.repeat(32) } };
  const issuer = createIssuer(REGION, createIdentity(options, monotonicUs).keysOf('aws').sessionTokens);
  const [account] = accounts;
  const user = account?.users.find(({ name }) => name === 'app');
  if (account === undefined || user === undefined) throw new Error('the world has no user named app');
  return Array.from({ length: SESSIONS }, () => {
    const issued = issuer.credentials({
      account: account.id,
      kind: 'user',
      principalId: user.userId,
      sessionName: '',
      issuedSeconds: Math.floor(Date.now() / 1_000),
      durationSeconds: 3_600,
      version: 2,
    });
    if ('tooLargeBytes' in issued) throw new Error('a plain session is too large');
    const { accessKeyId, secretAccessKey, sessionToken } = issued;
    const { method, path, headers, body } = stsRequest({
      host: regionalHost(REGION),
      operation: 'GetCallerIdentity',
      parameters: {},
      credentials: { accessKeyId, secretAccessKey: new Secret(secretAccessKey), sessionToken },
      signingRegion: REGION,
      atMs: Date.now(),
      userAgent: 'regionfall/0.1.0 caller/bench',
    });
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
  });
}

async function heapBytes(server: ChildProcess): Promise<number> {
  const answer = answerOf(server, 'heapBytes');
  server.send('heap');
  return answer;
}

/** The next message with this number in it; the server's own report answers every question as well. */
function answerOf(server: ChildProcess, name: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => reject(new Error('the measured server ended early'));
    const onMessage = (message: unknown): void => {
      const value = (message as Readonly<Record<string, unknown>>)[name];
      if (typeof value !== 'number') return;
      server.off('message', onMessage).off('exit', onExit);
      resolve(value);
    };
    server.on('message', onMessage).once('exit', onExit);
  });
}
