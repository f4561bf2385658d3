/**
 * Toxiproxy's latency is late, by an amount that grows with the latency, and takes whole milliseconds only.
 * Once per run we measure how late it is on this machine and inject that much less, so that what a caller
 * sees is as close to the wanted round trip as whole milliseconds allow. Links and reports use the result;
 * what remains is in `expectedMs`.
 */

import { connect, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { monotonicUs } from '../time/monotonic.ts';
import { LOOPBACK, listenOnChosen, type PortChooser } from './link-ports.ts';
import type { ToxiproxyFleet } from './toxiproxy-fleet.ts';

export interface CalibrationPoint {
  /** Sum of the latencies injected both ways. */
  readonly injectedMs: number;
  /** What the proxy adds beyond that, over a direct connection. */
  readonly lateMsMedian: number;
  readonly lateMsP99: number;
}

/** Injected latencies, both ways together, at which lateness is measured. */
const POINTS_MS = [0, 2, 10, 40, 100, 200];
const PROBES = 50;
const PROBE_GAP_MS = 2;

/** Measures with 50 probes a point through a proxy of the fleet; takes about a second and a half. */
export async function calibrate(
  fleet: ToxiproxyFleet,
  ports: PortChooser,
): Promise<readonly CalibrationPoint[]> {
  const echo = createServer({ noDelay: true }, (socket) => {
    socket.on('data', (bytes) => socket.write(bytes)).on('error', () => socket.destroy());
  });
  const echoPort = await listenOnChosen(echo, ports);
  try {
    const direct = quantile(await roundTripsMs(echoPort), 0.5);
    const shape = { enabled: true, upstreamMs: 0, downstreamMs: 0, silent: false };
    const place = await fleet.add(echoPort, shape);
    const points: CalibrationPoint[] = [];
    for (const injectedMs of POINTS_MS) {
      await fleet.shape(place, {
        ...shape,
        upstreamMs: Math.floor(injectedMs / 2),
        downstreamMs: Math.ceil(injectedMs / 2),
      });
      const seenMs = await roundTripsMs(place.port);
      const late = (share: number): number => quantile(seenMs, share) - direct - injectedMs;
      points.push({ injectedMs, lateMsMedian: late(0.5), lateMsP99: late(0.99) });
    }
    await fleet.shape(place, { ...shape, enabled: false });
    return points;
  } finally {
    echo.close();
  }
}

/** Toxiproxy alone is late by less than a millisecond; beyond this the machine was busy while we measured. */
const LATENESS_MAX_MS = 1.5;

/**
 * How late an injected round trip is, between the measured points; beyond the last as at the last. Never more
 * than 1.5 ms: what a passing load of the machine added must not shorten every path of the run.
 */
export function latenessMs(points: readonly CalibrationPoint[], injectedMs: number): number {
  return Math.min(LATENESS_MAX_MS, measuredLatenessMs(points, injectedMs));
}

function measuredLatenessMs(points: readonly CalibrationPoint[], injectedMs: number): number {
  const above = points.findIndex((point) => point.injectedMs >= injectedMs);
  const upper = points[above];
  const lower = points[above - 1];
  if (upper === undefined) return points.at(-1)?.lateMsMedian ?? 0;
  if (lower === undefined) return upper.lateMsMedian;
  const share = (injectedMs - lower.injectedMs) / (upper.injectedMs - lower.injectedMs);
  return lower.lateMsMedian + share * (upper.lateMsMedian - lower.lateMsMedian);
}

/** The whole milliseconds to inject so that a caller sees a round trip nearest to `roundTripMs`. */
export function injectedFor(points: readonly CalibrationPoint[], roundTripMs: number): number {
  let best = 0;
  let bestError = Number.POSITIVE_INFINITY;
  for (
    let injectedMs = Math.max(0, Math.floor(roundTripMs) - 3);
    injectedMs <= roundTripMs + 1;
    injectedMs += 1
  ) {
    const error = Math.abs(injectedMs + latenessMs(points, injectedMs) - roundTripMs);
    if (error < bestError) {
      best = injectedMs;
      bestError = error;
    }
  }
  return best;
}

/** Sends one byte every two milliseconds and times each one's way there and back. */
async function roundTripsMs(port: number): Promise<readonly number[]> {
  const socket = connect({ host: LOOPBACK, port, noDelay: true });
  const sentUs: number[] = [];
  const seenMs: number[] = [];
  const all = new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', () =>
      reject(new Error(`the connection to port ${port} closed while it was measured`)),
    );
    socket.on('data', (bytes) => {
      const nowUs = monotonicUs();
      for (let index = 0; index < bytes.length; index += 1) {
        seenMs.push((nowUs - (sentUs[seenMs.length] ?? nowUs)) / 1_000);
      }
      if (seenMs.length >= PROBES) resolve();
    });
  });
  all.catch(() => {}); // Awaited below; it may fail before that.
  for (let probe = 0; probe < PROBES; probe += 1) {
    sentUs.push(monotonicUs());
    socket.write('.');
    await pause(PROBE_GAP_MS);
  }
  try {
    await all;
  } finally {
    socket.destroy();
  }
  return seenMs;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
