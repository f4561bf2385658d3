/**
 * Toxiproxy's latency is late, by an amount that grows with the latency, and takes whole milliseconds only.
 * Once per run we measure how late it is on this machine and inject that much less, so that what a caller
 * sees is as close to the wanted round trip as whole milliseconds allow. Links and reports use the result;
 * what remains is in `expectedMs`.
 */

import { connect, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { CalibrationPoint } from '../journal/event.ts';
import { monotonicUs } from '../time/monotonic.ts';
import { LOOPBACK, listenOnChosen, type PortChooser } from './link-ports.ts';
import type { ProxyPlace } from './toxiproxy-control.ts';
import type { ToxiproxyFleet } from './toxiproxy-fleet.ts';
import { shapeOf } from './toxiproxy-shape.ts';

/** Injected latencies, both ways together, at which lateness is measured: it grows up to some ten, and hardly beyond. */
const POINTS_MS = [0, 1, 2, 4, 6, 10, 40, 100, 200];
/** A machine that is busy for a moment spoils the rounds of that moment, and the median of the rounds is another's. */
const ROUNDS = 3;
const PROBES = 20;
/** Uneven, so that probes do not fall into step with the timers that they are to measure. */
const PROBE_GAPS_MS = [1, 4, 2, 5, 3];

/**
 * Measures every point and a direct connection in turn, several times over; takes some two seconds. No probe shares
 * its connection with another: callers rarely send while something of theirs is under way, and a proxy that has just
 * woken is less late.
 */
export async function calibrate(
  fleet: ToxiproxyFleet,
  ports: PortChooser,
): Promise<readonly CalibrationPoint[]> {
  const echo = createServer({ noDelay: true }, (socket) => {
    socket.on('data', (bytes) => socket.write(bytes)).on('error', () => socket.destroy());
  });
  const echoPort = await listenOnChosen(echo, ports);
  const places: ProxyPlace[] = [];
  const lines: Line[][] = [];
  try {
    for (const injectedMs of POINTS_MS) {
      places.push(
        await fleet.add(
          echoPort,
          shapeOf([], injectedMs, (ms) => ms),
        ),
      );
    }
    for (const port of [echoPort, ...places.map(({ port }) => port)]) {
      lines.push(await Promise.all(Array.from({ length: PROBES }, () => openLine(port))));
    }
    const rounds: (readonly (readonly number[])[])[] = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await probeAll(lines));
    return POINTS_MS.map((injectedMs, index) => {
      const late = (share: number): number =>
        quantile(
          rounds.map(
            ([direct, ...seen]) =>
              quantile(seen[index] ?? [], share) - quantile(direct ?? [], 0.5) - injectedMs,
          ),
          0.5,
        );
      return { injectedMs, lateMsMedian: late(0.5), lateMsP99: late(0.99) };
    });
  } finally {
    for (const line of lines.flat()) line.close();
    for (const place of places) await fleet.remove(place);
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

/** One byte at a time over each line of each way, one after the other; the far ways first, as they take longest. */
async function probeAll(lines: readonly (readonly Line[])[]): Promise<readonly (readonly number[])[]> {
  const seenMs: Promise<readonly number[]>[] = [];
  for (const way of lines.toReversed()) {
    const probes: Promise<number>[] = [];
    for (const [index, line] of way.entries()) {
      probes.push(line.roundTripMs());
      await pause(PROBE_GAPS_MS[index % PROBE_GAPS_MS.length]);
    }
    seenMs.push(Promise.all(probes));
  }
  return (await Promise.all(seenMs)).toReversed();
}

interface Line {
  /** Of one byte, there and back. */
  roundTripMs(): Promise<number>;
  close(): void;
}

/** A connection that has carried something already. */
async function openLine(port: number): Promise<Line> {
  const socket = connect({ host: LOOPBACK, port, noDelay: true });
  let answered: PromiseWithResolvers<number> | undefined;
  let sentUs = 0;
  const fail = (error?: Error): void =>
    answered?.reject(error ?? new Error(`the connection to port ${port} closed while it was measured`));
  socket
    .on('error', fail)
    .on('close', () => fail())
    .on('data', () => answered?.resolve((monotonicUs() - sentUs) / 1_000));
  const line: Line = {
    roundTripMs: () => {
      answered = Promise.withResolvers();
      answered.promise.catch(() => {}); // Awaited by the caller; it may fail before that.
      sentUs = monotonicUs();
      socket.write('.');
      return answered.promise;
    },
    close: () => socket.destroy(),
  };
  await line.roundTripMs();
  return line;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
