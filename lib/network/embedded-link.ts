/**
 * A link made in this process: a listener on loopback that carries bytes to the endpoint with half the round
 * trip each way. It does what a proxy cannot: a fresh connection pays its TCP round trip, a lifted fault
 * releases nothing early, and an idle connection outlives a silence that it never noticed.
 *
 *   passing ⇄ silence ⇄ refused, any to any:
 *     → refused   the listener closes, open connections are reset
 *     → silence   bytes vanish, new connections are accepted and lead nowhere
 *     silence →   connections that lost bytes are reset: their streams cannot go on. (Over a real path the
 *                 peers' retransmissions would meet state that is long gone; the idle ones live on.)
 */

import { connect, createServer, type Socket } from 'node:net';
import { starvation } from '../process/starvation.ts';
import { type Clock, monotonicUs } from '../time/monotonic.ts';
import { type Alarm, createAlarm } from './alarm.ts';
import { createFlow } from './flow.ts';
import { HEALTHY, type Link, type LinkCondition } from './link.ts';
import { LOOPBACK, listenAgain, listenOnChosen, type PortChooser } from './link-ports.ts';
import { arrivalAtCallerUs, arrivalAtServiceUs } from './path-timing.ts';

export interface EmbeddedLinkOptions {
  readonly id: string;
  /** Port of the endpoint on 127.0.0.1. */
  readonly upstreamPort: number;
  readonly roundTripMs: number;
  readonly ports: PortChooser;
  readonly clock?: Clock;
  /** One alarm for all links of a process, so that only one of them spins. */
  readonly alarm?: Alarm;
  /** Told in a sentence when this process, and not the endpoint, could not hold a connection. */
  readonly onStarved?: (sentence: string) => void;
}

export async function openEmbeddedLink(options: EmbeddedLinkOptions): Promise<Link> {
  const { clock = monotonicUs, alarm = createAlarm() } = options;
  let condition: LinkCondition = HEALTHY;
  const connections = new Set<Connection>();
  const path: PathState = {
    clock,
    alarm,
    upstreamPort: options.upstreamPort,
    onStarved: options.onStarved ?? (() => {}),
    silenced: () => condition.kind === 'silence',
    roundTripUs: () => (options.roundTripMs + (condition.kind === 'passing' ? condition.addedMs : 0)) * 1_000,
  };
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (caller) => {
    const connection = condition.kind === 'silence' ? strand(caller) : carry(caller, path);
    connections.add(connection);
    caller.once('close', () => connections.delete(connection));
  });
  const port = await listenOnChosen(server, options.ports);
  const closeListener = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const connection of connections) connection.reset();
    await closed;
  };

  const change = async (wanted: LinkCondition): Promise<void> => {
    const before = condition;
    condition = wanted;
    if (before.kind === 'silence' && wanted.kind === 'passing') {
      for (const connection of connections) if (connection.broken()) connection.reset();
    }
    if (wanted.kind === 'refused' && server.listening) await closeListener();
    if (wanted.kind !== 'refused' && !server.listening) await listenAgain(server, port);
  };
  let changes: Promise<unknown> = Promise.resolve();
  return {
    id: options.id,
    port,
    apply: (wanted) => {
      const changed = changes.then(() => change(wanted));
      changes = changed.catch(() => {});
      return changed;
    },
    observe: () => ({ open: connections.size, condition }),
    close: async () => {
      await changes;
      if (server.listening) await closeListener();
    },
  };
}

interface PathState {
  readonly clock: Clock;
  readonly alarm: Alarm;
  readonly upstreamPort: number;
  readonly onStarved: (sentence: string) => void;
  readonly silenced: () => boolean;
  readonly roundTripUs: () => number;
}

interface Connection {
  /** True once bytes were lost: the stream cannot go on. */
  broken(): boolean;
  /** Resets the caller's side and drops the other. */
  reset(): void;
}

/** A connection made during a silence: open, heard by nobody, broken from its first day. */
function strand(caller: Socket): Connection {
  caller.resume();
  caller.on('error', () => {}); // The caller gave up; there is nobody to tell.
  caller.on('end', () => caller.destroy());
  return { broken: () => true, reset: () => caller.resetAndDestroy() };
}

function carry(caller: Socket, path: PathState): Connection {
  const { clock, alarm, silenced } = path;
  const opened = { openedUs: clock(), handshakeUs: path.roundTripUs() };
  const service = connect({ port: path.upstreamPort, host: LOOPBACK, allowHalfOpen: true, noDelay: true });
  let broken = false;
  const drop = (): void => {
    toService.stop();
    toCaller.stop();
    service.destroy();
  };
  const toService = createFlow({
    source: caller,
    target: service,
    clock,
    alarm,
    silenced,
    onLoss: (what) => {
      broken = true;
      if (what === 'bytes') return;
      // The caller hung up into the silence and will not come back: nothing is left to keep.
      drop();
      caller.destroy();
    },
    arrivalUs: (sentUs) => arrivalAtServiceUs(opened, sentUs, path.roundTripUs()),
  });
  const toCaller = createFlow({
    source: service,
    target: caller,
    clock,
    alarm,
    silenced,
    // Also when the service hung up: the caller cannot know, and goes on waiting.
    onLoss: () => {
      broken = true;
    },
    arrivalUs: (sentUs) => arrivalAtCallerUs(opened, sentUs, path.roundTripUs()),
  });
  caller.on('error', () => {
    toCaller.stop();
    toService.reset();
  });
  // Also when the endpoint does not listen: the caller is told when an answer could have come.
  service.on('error', (error: NodeJS.ErrnoException) => {
    const starved = starvation('it', error.code);
    if (starved !== undefined) path.onStarved(starved);
    toService.stop();
    toCaller.reset();
  });
  return {
    broken: () => broken,
    reset: () => {
      drop();
      caller.resetAndDestroy();
    },
  };
}
