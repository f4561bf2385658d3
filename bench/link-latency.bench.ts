/**
 * How exactly an embedded link adds the latency that was asked for: single bytes go there and back over a link
 * in a network process, at Poisson instants, and beside them over a direct connection to the same echo. Printed
 * is what the link adds beyond the asked round trip, and what that exactness costs in CPU. Ends within 20 s.
 */

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { NetworkConfig, NetworkReady } from '../lib/network/network-config.ts';
import { startChild } from '../lib/process/rpc.ts';
import { monotonicUs } from '../lib/time/monotonic.ts';
import { createRandom } from '../lib/time/random.ts';
import { cpuUsOfProcess } from './bench-kit.ts';

const ASKED_MS = [1, 10, 50, 100];
const PROBES = 400;
const MEAN_GAP_MS = 5;
const SEED = 7;

const random = createRandom(SEED);
const echo = createServer({ noDelay: true }, (socket) => socket.on('data', (bytes) => socket.write(bytes)));
echo.listen(0, '127.0.0.1');
await once(echo, 'listening');
const echoPort = (echo.address() as AddressInfo).port;

const network = startChild({ name: 'network', entry: new URL('../lib/network/process.ts', import.meta.url) });
const ready = await network.call<NetworkReady>('open', {
  kind: 'embedded',
  links: ASKED_MS.map((roundTripMs) => ({
    id: String(roundTripMs),
    location: 'here',
    host: 'sts.test',
    upstreamPort: echoPort,
    roundTripMs,
  })),
  edges: [],
  seed: SEED,
} satisfies NetworkConfig);

console.log(
  `added latency of an embedded link, ${PROBES} probes each at ${1_000 / MEAN_GAP_MS}/s (${process.version})`,
);
for (const askedMs of ASKED_MS) {
  const port = ready.links.find(({ id }) => id === String(askedMs))?.port ?? 0;
  const cpuBeforeUs = cpuUsOfProcess(network.pid);
  const beganUs = monotonicUs();
  const [direct, linked] = await Promise.all([roundTripsUs(echoPort), roundTripsUs(port)]);
  const core = (cpuUsOfProcess(network.pid) - cpuBeforeUs) / (monotonicUs() - beganUs);
  const base = quantile(direct, 0.5);
  const offsets = linked.map((us) => us - base - askedMs * 1_000);
  const at = (share: number): string => `${(quantile(offsets, share) / 1_000).toFixed(3)} ms`;
  console.log(
    `  asked ${String(askedMs).padStart(3)} ms   off by ${at(0.5)} median, ${at(0.9)} p90, ${at(0.99)} p99` +
      `   (direct ${base} µs median, ${quantile(direct, 0.99)} µs p99; ${Math.round(core * 100)} % of a core)`,
  );
}
await network[Symbol.asyncDispose]();
echo.close();

/** Times each of many bytes there and back; they overlap on the way, as the requests of a caller do. */
async function roundTripsUs(port: number): Promise<readonly number[]> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect');
  await warm(socket);
  const sentUs: number[] = [];
  const seenUs: number[] = [];
  socket.on('data', (bytes) => {
    const nowUs = monotonicUs();
    for (let index = 0; index < bytes.length; index += 1) {
      seenUs.push(nowUs - (sentUs[seenUs.length] ?? nowUs));
    }
  });
  for (let probe = 0; probe < PROBES; probe += 1) {
    sentUs.push(monotonicUs());
    socket.write('.');
    await pause(random.exponential(MEAN_GAP_MS));
  }
  while (seenUs.length < PROBES) await once(socket, 'data');
  socket.destroy();
  return seenUs;
}

/** The first byte pays for the connection as well. */
async function warm(socket: Socket): Promise<void> {
  socket.write('.');
  await once(socket, 'data');
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
