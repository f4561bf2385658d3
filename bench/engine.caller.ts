/**
 * One contestant of the engine's benchmark in a process of its own: sends as many requests as it is told, 32 at
 * a time, and says what they cost it. All three send the same AssumeRole over kept-alive TLS connections.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request as httpsRequest } from 'node:https';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '../lib/aws/credentials.ts';
import { stsRequest } from '../lib/aws/sts-request.ts';
import { openSampleWriter } from '../lib/journal/sample-writer.ts';
import type { Arrival } from '../lib/load/arrival-plan.ts';
import { runLoad } from '../lib/load/engine.ts';
import type { ResolvedGroup } from '../lib/load/resolved-group.ts';
import type { Scheduler } from '../lib/load/scheduler.ts';
import { createSignedTransport } from '../lib/load/signed-transport.ts';
import type { Transport } from '../lib/load/transport.ts';
import { monotonicUs } from '../lib/time/monotonic.ts';

export type CallerKind = 'autocannon' | 'bare node:https' | 'engine';

export interface CallerOrder {
  readonly kind: CallerKind;
  readonly host: string;
  readonly port: number;
  readonly caPem: string;
  readonly requests: number;
}

const IN_FLIGHT = 32;

const LOOPS: Readonly<Record<CallerKind, (order: CallerOrder) => Promise<number>>> = {
  autocannon: autocannonLoop,
  'bare node:https': bareLoop,
  engine: engineLoop,
};

process.on('message', async (order: CallerOrder) => {
  const before = process.cpuUsage();
  const units = await LOOPS[order.kind](order);
  const { user, system } = process.cpuUsage(before);
  process.send?.({ units, cpuUs: user + system });
});

/** Replays one request, signed once; its own parser, no response objects. */
async function autocannonLoop({ host, port, requests }: CallerOrder): Promise<number> {
  const autocannon: (options: object) => Promise<{ readonly '2xx': number; readonly errors: number }> =
    createRequire(import.meta.url)('autocannon');
  const { method, headers, body } = signedOnce(host);
  // It counts the length itself and would send the header twice.
  const { 'content-length': _, ...others } = headers;
  const result = await autocannon({
    url: `https://127.0.0.1:${port}/`,
    servername: host,
    connections: IN_FLIGHT,
    amount: requests,
    method,
    headers: others,
    body,
  });
  if (result.errors > 0) throw new Error(`autocannon met ${result.errors} errors`);
  return result['2xx'];
}

/** What Node's own client costs with nothing around it: the floor of every caller that uses it. */
async function bareLoop({ host, port, caPem, requests }: CallerOrder): Promise<number> {
  const agent = new Agent({ keepAlive: true, ca: caPem, servername: host, host: '127.0.0.1', port });
  const { method, path, headers, body } = signedOnce(host);
  const one = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const request = httpsRequest({ agent, method, path, headers }, (response) => {
        response.resume().on('end', resolve);
      });
      request.on('error', reject).end(body);
    });
  let left = requests;
  const worker = async (): Promise<void> => {
    for (; left > 0; ) {
      left -= 1;
      await one();
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  agent.destroy();
  return requests;
}

/** The whole engine, from plan to samples on disk; only its clock is replaced, to make an open model closed. */
async function engineLoop(order: CallerOrder): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'regionfall-bench-'));
  const writer = await openSampleWriter(join(folder, 'samples.arrows'));
  const group = groupOf(order);
  const signed = createSignedTransport({
    groups: [group],
    caPem: order.caPem,
    now: monotonicUs,
    wallClock: Date.now,
  });
  const { scheduler, transport } = closedLoop(signed);
  const arrivals = Array.from(
    { length: order.requests },
    (_, arrival): Arrival => ({ arrival, plannedUs: 0, group: 0, caller: 0, operation: 'AssumeRole' }),
  );
  const ok = await new Promise<number>((resolve) => {
    runLoad({
      groups: [group],
      seed: 1,
      arrivals,
      durationUs: 0,
      drainUs: Number.MAX_SAFE_INTEGER,
      maxInFlight: 2 * IN_FLIGHT,
      scheduler,
      transport,
      write: (sample) => writer.write(sample),
      onProgress: () => {},
      onEnded: ({ counts }) => resolve(counts.ok),
    });
  });
  signed.close();
  await writer.close();
  await rm(folder, { recursive: true });
  return ok;
}

/**
 * Hands the engine its next batch of arrivals, 32, when the batch before is half answered. Its time hardly
 * moves, so that no arrival counts as late.
 */
function closedLoop(inner: Transport): { readonly scheduler: Scheduler; readonly transport: Transport } {
  let waiting: (() => void) | undefined;
  let inFlight = 0;
  const release = (): void => {
    if (inFlight > IN_FLIGHT / 2 || waiting === undefined) return;
    const callback = waiting;
    waiting = undefined;
    setImmediate(callback);
  };
  const startUs = monotonicUs();
  return {
    scheduler: {
      now: () => Math.floor((monotonicUs() - startUs) / 100),
      at: (_, precision, callback) => {
        if (precision === 'exact') {
          waiting = callback;
          release();
        }
        return () => {};
      },
    },
    transport: {
      send: (order, settle) => {
        inFlight += 1;
        return inner.send(order, (result) => {
          inFlight -= 1;
          settle(result);
          release();
        });
      },
    },
  };
}

function groupOf({ host, port }: CallerOrder): ResolvedGroup {
  return {
    name: 'bench',
    location: 'eu-west-1',
    callers: 1,
    ratePerSecond: 1,
    operations: { AssumeRole: 1 },
    partition: 'aws',
    principal: 'app',
    credential: 'long-term',
    policy: { kind: 'ordered', endpoints: ['home'], attemptTimeLimitMs: 60_000, failBackAfterMs: 5_000 },
    arrivals: 'even',
    client: { kind: 'embedded' },
    credentials: KEYS,
    roleArn: ROLE_ARN,
    targets: [{ host, signingRegion: 'eu-west-1', port, linkId: 'bench' }],
  };
}

const KEYS = { accessKeyId: 'AKIABENCHBENCHBENCH1', secretAccessKey: 'a-key-for-a-benchmark' };

const ROLE_ARN = 'arn:aws:iam::111122223333:role/app';

function signedOnce(host: string) {
  return stsRequest({
    host,
    operation: 'AssumeRole',
    parameters: { RoleArn: ROLE_ARN, RoleSessionName: 'bench-1', DurationSeconds: '900' },
    credentials: { accessKeyId: KEYS.accessKeyId, secretAccessKey: new Secret(KEYS.secretAccessKey) },
    signingRegion: 'eu-west-1',
    atMs: Date.now(),
    userAgent: 'regionfall caller/bench-1',
  });
}
