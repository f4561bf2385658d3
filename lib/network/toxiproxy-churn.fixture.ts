/**
 * Turns the toxics of many proxies over and over under traffic, as no run ever would: for the question whether a
 * Toxiproxy that hangs is noticed, and whether every proxy carries traffic in the end.
 */

import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { monotonicUs } from '../time/monotonic.ts';
import { createRandom, type Random } from '../time/random.ts';
import type { Effect, LinkEffect } from './link-effect.ts';
import { LOOPBACK, listenOnChosen, type PortChooser } from './link-ports.ts';
import type { ProxyPlace } from './toxiproxy-control.ts';
import type { ToxiproxyFleet } from './toxiproxy-fleet.ts';
import { OPEN_SHAPE, type ProxyShape, shapeOf } from './toxiproxy-shape.ts';
import { stepsBetween } from './toxiproxy-steps.ts';

export interface ChurnOptions {
  readonly fleet: ToxiproxyFleet;
  readonly ports: PortChooser;
  readonly seed: number;
  /** Toxics to add and to remove, together. */
  readonly turns: number;
  readonly proxies: number;
  /** Told now and then how many turns have been taken. */
  readonly onProgress?: (turns: number) => void;
}

export interface ChurnResult {
  readonly orders: number;
  readonly turns: number;
  /** Of one order; the replacing of a server that hung included. */
  readonly slowestMs: number;
  /** Exchanges that came back whole, of all proxies, while the toxics changed. */
  readonly exchanges: number;
  /** Proxies that carried a fresh exchange after the last fault was lifted. */
  readonly served: number;
}

/** Keeps some ten connections at work on each proxy. */
const CONNECTIONS = 10;

export async function churn(options: ChurnOptions): Promise<ChurnResult> {
  const { fleet } = options;
  const random = createRandom(options.seed);
  const echo = createServer({ noDelay: true }, (socket) => {
    socket.on('data', (bytes) => socket.write(bytes)).on('error', () => socket.destroy());
  });
  const echoPort = await listenOnChosen(echo, options.ports);
  const places: { place: ProxyPlace; shape: ProxyShape }[] = [];
  for (let index = 0; index < options.proxies; index += 1) {
    places.push({ place: await fleet.add(echoPort, OPEN_SHAPE), shape: OPEN_SHAPE });
  }
  const traffic = createTraffic(random.fork('traffic'));
  for (const { place } of places) for (let n = 0; n < CONNECTIONS; n += 1) traffic.keep(place.port);

  let [orders, turns, slowestMs] = [0, 0, 0];
  const order = async (at: { place: ProxyPlace; shape: ProxyShape }, shape: ProxyShape): Promise<void> => {
    turns += stepsBetween(at.shape, shape).filter(({ kind }) => kind === 'add' || kind === 'remove').length;
    at.shape = shape;
    orders += 1;
    const sentUs = monotonicUs();
    await fleet.shape(at.place, shape);
    slowestMs = Math.max(slowestMs, (monotonicUs() - sentUs) / 1_000);
  };
  try {
    while (turns < options.turns) {
      // Orders to several proxies at once, as a fault of a Region gives them.
      await Promise.all(places.map((at) => order(at, shapeOf(draw(random), 2, Math.round))));
      options.onProgress?.(turns);
    }
    await Promise.all(places.map((at) => order(at, OPEN_SHAPE)));
    const exchanges = traffic.exchanges();
    traffic.stop();
    const served = await Promise.all(places.map(({ place }) => exchangeOnce(place.port)));
    return { orders, turns, slowestMs, exchanges, served: served.filter(Boolean).length };
  } finally {
    traffic.stop();
    echo.close();
  }
}

const EFFECTS: readonly ((random: Random) => Effect)[] = [
  () => ({ kind: 'refused' }),
  () => ({ kind: 'silence' }),
  (random) => ({ kind: 'one-way', lost: random.below(2) === 0 ? 'requests' : 'answers' }),
  () => ({ kind: 'reset' }),
  (random) => ({ kind: 'narrow', bytesPerSecond: 1_000 * (1 + random.below(2_000)) }),
  (random) => ({ kind: 'cut-short', afterBytes: random.below(60_000) }),
  (random) => ({ kind: 'slow', delay: { kind: 'fixed', addedMs: random.below(40) } }),
  (random) => ({
    kind: 'slow',
    delay: { kind: 'jittered', addedMs: random.below(40), jitterMs: random.below(20) },
  }),
];

/** None to three faults, some of them for a share of the connections. */
function draw(random: Random): readonly LinkEffect[] {
  return Array.from({ length: random.below(4) }, (_, index) => {
    const effect = EFFECTS[random.below(EFFECTS.length)]?.(random) ?? { kind: 'silence' };
    const share = effect.kind === 'refused' || random.below(2) === 0 ? 1 : 0.5;
    return { id: `fault ${index}`, effect, connections: { which: 'all', share }, seed: 1 };
  });
}

/** Connections that send, wait for the echo and send again; those that end or fall silent are opened anew. */
function createTraffic(random: Random) {
  const open = new Set<Socket>();
  let exchanges = 0;
  let stopped = false;
  const keep = (port: number): void => {
    if (stopped) return;
    const socket = connect({ host: LOOPBACK, port, noDelay: true });
    open.add(socket);
    let awaited = 0;
    const send = (): void => {
      awaited = 1 + random.below(20_000);
      socket.write(Buffer.alloc(awaited));
    };
    socket
      .setTimeout(200, () => socket.destroy())
      .on('connect', send)
      .on('data', (bytes) => {
        awaited -= bytes.length;
        if (awaited > 0) return;
        exchanges += 1;
        setTimeout(() => {
          if (!socket.destroyed && socket.writable) send();
        }, random.below(5));
      })
      .on('error', () => {}) // Most of them end badly: that is the point.
      .on('close', () => {
        open.delete(socket);
        setTimeout(keep, 5, port);
      });
  };
  return {
    keep,
    exchanges: () => exchanges,
    stop: () => {
      stopped = true;
      for (const socket of open) socket.destroy();
    },
  };
}

async function exchangeOnce(port: number): Promise<boolean> {
  const socket = connect({ host: LOOPBACK, port, noDelay: true });
  try {
    const answered = new Promise<boolean>((resolve) => {
      socket
        .on('data', () => resolve(true))
        .on('error', () => resolve(false))
        .on('close', () => resolve(false));
      socket.write('.');
    });
    return await Promise.race([answered, pause(5_000, false, { ref: false })]);
  } finally {
    socket.destroy();
  }
}
