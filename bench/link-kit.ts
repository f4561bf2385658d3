/**
 * What the benchmarks of links share: links in a network process of their own, an endpoint in another, and the three
 * things that are timed over them: a byte there and back, a stream, and a call on a fresh TLS connection.
 */

import { once } from 'node:events';
import { request } from 'node:https';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Calibration } from '../lib/journal/event.ts';
import type { NetworkConfig, NetworkReady } from '../lib/network/network-config.ts';
import { startChild } from '../lib/process/rpc.ts';
import { monotonicUs } from '../lib/time/monotonic.ts';
import { createRandom } from '../lib/time/random.ts';
import { createAuthority } from '../lib/world/certificates.ts';
import { type MeasuredServer, startMeasuredServer } from './bench-kit.ts';
import { ANSWER_EVERY_BYTES, HOST } from './link-endpoint.ts';

const SEED = 7;
const random = createRandom(SEED);

export interface BenchLinks {
  readonly calibration: Calibration | null;
  readonly limits: readonly string[];
  /** Of the link with that round trip. */
  port(roundTripMs: number): number;
  [Symbol.asyncDispose](): Promise<void>;
}

/** One link to the upstream port for each round trip. */
export async function openBenchLinks(
  kind: Pick<NetworkConfig, 'kind' | 'toxiproxyPath'>,
  upstreamPort: number,
  roundTripsMs: readonly number[],
): Promise<BenchLinks> {
  const network = startChild({
    name: 'network',
    entry: new URL('../lib/network/process.ts', import.meta.url),
  });
  const config: NetworkConfig = {
    ...kind,
    links: roundTripsMs.map((roundTripMs) => ({
      id: String(roundTripMs),
      location: 'here',
      host: HOST,
      upstreamPort,
      roundTripMs,
    })),
    edges: [],
    seed: SEED,
  };
  const ready = await network.call<NetworkReady>('open', config, 60_000);
  return {
    calibration: ready.calibration,
    limits: ready.limits,
    port: (roundTripMs) => ready.links.find(({ id }) => id === String(roundTripMs))?.port ?? 0,
    [Symbol.asyncDispose]: () => network[Symbol.asyncDispose](),
  };
}

export interface Endpoint {
  /** Answers each byte, plain TCP. */
  readonly echoPort: number;
  /** Swallows a stream and answers a byte for every so many, plain TCP. */
  readonly sinkPort: number;
  /** HTTP over TLS 1.3. */
  readonly httpsPort: number;
  readonly caPem: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** One process with three ports in a row; see link-endpoint.ts. */
export async function openEndpoint(): Promise<Endpoint> {
  const authority = await createAuthority(Date.now());
  const { certificatePem, keyPem } = await authority.issue(HOST);
  const server: MeasuredServer = await startMeasuredServer(new URL('link-endpoint.ts', import.meta.url), {
    CERTIFICATE: certificatePem,
    KEY: keyPem,
  });
  const [echoPort = 0, sinkPort = 0, httpsPort = 0] = await portsOf(server.port);
  return {
    echoPort,
    sinkPort,
    httpsPort,
    caPem: authority.caPem,
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

/**
 * Times single bytes there and back that set out at Poisson instants, each on a connection on which nothing else is
 * under way, as the calls of callers are.
 */
export async function roundTripsUs(
  port: number,
  probes: number,
  meanGapMs: number,
): Promise<readonly number[]> {
  const idle: Socket[] = [];
  const open: Socket[] = [];
  const probe = async (): Promise<number> => {
    const socket = idle.pop() ?? (await openWarm());
    const sentUs = monotonicUs();
    socket.write('.');
    await once(socket, 'data');
    idle.push(socket);
    return monotonicUs() - sentUs;
  };
  const openWarm = async (): Promise<Socket> => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    open.push(socket);
    await once(socket, 'connect');
    // The first byte pays for the connection as well.
    socket.write('.');
    await once(socket, 'data');
    return socket;
  };
  const seenUs: Promise<number>[] = [];
  for (let sent = 0; sent < probes; sent += 1) {
    seenUs.push(probe());
    await pause(random.exponential(meanGapMs));
  }
  const all = await Promise.all(seenUs);
  for (const socket of open) socket.destroy();
  return all;
}

/** Megabytes per second of a stream to the sink, from its first byte to the sink's word that all has come. */
export async function pourMbPerSecond(port: number, megabytes: number): Promise<number> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect');
  const chunk = Buffer.alloc(64 * 1024);
  const totalBytes = Math.ceil((megabytes * 1e6) / ANSWER_EVERY_BYTES) * ANSWER_EVERY_BYTES;
  let answers = totalBytes / ANSWER_EVERY_BYTES;
  const startedUs = monotonicUs();
  const done = new Promise<void>((resolve, reject) => {
    socket.on('error', reject).on('data', (bytes) => {
      answers -= bytes.length;
      if (answers === 0) resolve();
    });
  });
  for (let sent = 0; sent < totalBytes; sent += chunk.length) {
    if (!socket.write(chunk)) await Promise.race([once(socket, 'drain'), done]);
  }
  await done;
  socket.destroy();
  return totalBytes / (monotonicUs() - startedUs);
}

/** A whole call on a fresh connection: TCP, TLS 1.3, one request, its answer. Milliseconds. */
export async function coldCallMs(port: number, caPem: string): Promise<number> {
  const startedUs = monotonicUs();
  const call = request({ host: '127.0.0.1', port, servername: HOST, ca: caPem, agent: false, path: '/' });
  call.end();
  const [response] = await once(call, 'response');
  response.resume();
  await once(response, 'end');
  return (monotonicUs() - startedUs) / 1_000;
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** The measured server tells one port; on that one it answers with the others. */
async function portsOf(port: number): Promise<readonly number[]> {
  const answer = await fetch(`http://127.0.0.1:${port}/`);
  return (await answer.json()) as number[];
}
