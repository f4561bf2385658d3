/** The same load, against the same ends, by our own engine and inside real k6: the same attempts, in the same words. */

import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { partOrSkip } from '../../../test/required-part.ts';
import {
  answerError,
  answerOk,
  type Behaviour,
  keepSilent,
  openStubService,
} from '../../../test/stub-service.ts';
import type { PolicySpec } from '../../failover/spec.ts';
import type { Sample } from '../../journal/sample.ts';
import { planArrivals } from '../../load/arrival-plan.ts';
import { runLoad } from '../../load/engine.ts';
import { loadGroupSchema } from '../../load/load-spec.ts';
import type { ResolvedGroup, Target } from '../../load/resolved-group.ts';
import { realScheduler } from '../../load/scheduler.ts';
import { createSignedTransport } from '../../load/signed-transport.ts';
import { monotonicUs } from '../../time/monotonic.ts';
import { createRandom } from '../../time/random.ts';
import { createAuthority } from '../../world/certificates.ts';
import { bundleScript, GENERATED_SCRIPT } from '../bundle.ts';
import { openControlServer } from '../control-server.ts';
import { startK6 } from '../k6-child.ts';
import { k6ConfigOf, k6HostsOf } from '../k6-config.ts';
import { createK6Journal } from '../k6-journal.ts';

const k6 = await partOrSkip('k6');
const SEED = 7;
const DURATION_US = 1_000_000;
const DRAIN_US = 1_000_000;
const LEAD_MS = 300;
const TIME_LIMIT_MS = 400;

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A port with nobody behind it that speaks TLS. */
async function peer(onSocket: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    onSocket(socket);
  });
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return listening(server);
}

async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  server.close();
  await once(server, 'close');
  return port;
}

/** One endpoint for each way in which an attempt can end. */
async function openEnds() {
  const authority = await createAuthority(Date.now());
  const stub = async (host: string, behaviour: Behaviour, trusted = true): Promise<number> => {
    const service = await openStubService({ host, ...(trusted ? { authority } : {}) });
    onTestFinished(() => service[Symbol.asyncDispose]());
    service.behave(behaviour);
    return service.port;
  };
  const cutShort: Behaviour = (_, response) => {
    response.writeHead(200, { 'content-length': '500' });
    response.write('<GetCallerIdentityResponse>', () => response.destroy());
  };
  const ports = {
    'answers.test': await stub('answers.test', answerOk),
    'denies.test': await stub('denies.test', answerError(403, 'AccessDenied')),
    'fails.test': await stub('fails.test', answerError(503, 'ServiceUnavailable')),
    'silent.test': await stub('silent.test', keepSilent),
    'cut.test': await stub('cut.test', cutShort),
    'closes.test': await stub('closes.test', (_, response) => void response.socket?.destroy()),
    'misnamed.test': await stub('another.test', answerOk),
    'stranger.test': await stub('stranger.test', answerOk, false),
    'gone.test': await closedPort(),
    'resets.test': await peer((socket) => void socket.resetAndDestroy()),
    'mute.test': await peer(() => {}),
  };
  return { caPem: authority.caPem, ports };
}

function groupOf(
  name: string,
  hosts: readonly string[],
  ports: Readonly<Record<string, number>>,
  policy: Partial<PolicySpec>,
): ResolvedGroup {
  const fromHost = hosts.map((host): Target => {
    return { host, signingRegion: 'eu-west-1', port: ports[host] ?? 0, linkId: host };
  });
  return {
    ...loadGroupSchema.parse({
      name,
      location: 'eu-west-1',
      callers: 1,
      ratePerSecond: 2,
      arrivals: 'even',
      operations: { GetCallerIdentity: 1 },
      policy: { attemptTimeLimitMs: TIME_LIMIT_MS, ...policy },
    }),
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' },
    roleArn: 'arn:aws:iam::111122223333:role/app',
    targets: fromHost,
  };
}

type Load = { readonly groups: readonly ResolvedGroup[]; readonly caPem: string };

const planned = (groups: readonly ResolvedGroup[]) =>
  planArrivals(groups, DURATION_US, createRandom(SEED).fork('arrivals'));

async function byEngine({ groups, caPem }: Load): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  const transport = createSignedTransport({ groups, caPem, now: monotonicUs, wallClock: Date.now });
  await new Promise<void>((resolve) => {
    runLoad({
      groups,
      seed: SEED,
      arrivals: planned(groups),
      durationUs: DURATION_US,
      drainUs: DRAIN_US,
      maxInFlight: 1_000,
      scheduler: realScheduler(monotonicUs, monotonicUs() + LEAD_MS * 1_000),
      transport,
      write: (sample) => samples.push(sample),
      onProgress: () => {},
      onEnded: () => resolve(),
    });
  });
  transport.close();
  return samples;
}

async function byK6({ groups, caPem }: Load): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  const control = await openControlServer();
  onTestFinished(() => control.close());
  const journal = createK6Journal({
    groups,
    arrivals: planned(groups),
    write: (sample) => samples.push(sample),
  });
  const child = await startK6({
    path: k6.path,
    version: k6.version,
    script: (await bundleScript(GENERATED_SCRIPT)).code,
    config: k6ConfigOf({ seed: SEED, durationUs: DURATION_US, drainUs: DRAIN_US, groups }, control.url),
    hosts: k6HostsOf(groups),
    caPem,
    onAttempt: journal.attempt,
    onDropped: journal.dropped,
  });
  onTestFinished(() => child.stop());
  await control.asked;
  const originMs = Date.now() + LEAD_MS;
  journal.begin(originMs * 1_000);
  control.start(originMs);
  // Ends by itself, with requests of a caller that would wait for ever under way.
  expect(await child.exited).toMatchObject({ code: 0 });
  return samples;
}

/** What does not hang on the clock. */
function told(samples: readonly Sample[]): readonly string[] {
  return samples
    .toSorted((one, other) => one.arrival - other.arrival || one.attempt - other.attempt)
    .map(
      ({ arrival, caller, attempt, endpoint, outcome, status, errorCode, servingRegion, requestId }) =>
        `${arrival} ${caller} ${attempt} ${endpoint} ${outcome} ${status} ${errorCode} ${servingRegion} ${requestId}`,
    );
}

k6.suite('an attempt inside k6', () => {
  it('ends as it ends in our own engine, whatever becomes of it', { timeout: 40_000 }, async () => {
    const { caPem, ports } = await openEnds();
    const pinned = Object.keys(ports).map((host) =>
      groupOf(host.replace('.test', ''), [host], ports, { kind: 'pinned', endpoint: host }),
    );
    const groups = [
      ...pinned,
      groupOf('patient', ['silent.test'], ports, {
        kind: 'pinned',
        endpoint: 'silent.test',
        attemptTimeLimitMs: null,
      }),
      groupOf('ordered', ['gone.test', 'fails.test', 'answers.test'], ports, {
        kind: 'ordered',
        endpoints: ['gone.test', 'fails.test', 'answers.test'],
        failBackAfterMs: 5_000,
      }),
      groupOf('hedged', ['mute.test', 'answers.test'], ports, {
        kind: 'hedged',
        endpoints: ['mute.test', 'answers.test'],
        hedgeAfterMs: 100,
        liveAttemptsAtMost: 2,
        failBackAfterMs: 5_000,
      }),
    ];
    const ours = told(await byEngine({ groups, caPem }));
    expect(ours.length).toBeGreaterThan(2 * groups.length);
    expect(told(await byK6({ groups, caPem }))).toEqual(ours);
  });
});
