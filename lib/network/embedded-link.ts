/**
 * A link made in this process: a listener on loopback that carries bytes to the endpoint with half the round
 * trip each way. It does what a proxy cannot: a fresh connection pays its TCP round trip, a lifted fault
 * releases nothing early, and an idle connection outlives a silence that it never noticed.
 *
 *   listener:    open ⇄ closed (refused) ⇄ held with a full queue (unreachable), any to any
 *   connection:  each has the effects that are for it, by share and by when it was opened
 */

import { createServer, type Server, type Socket } from 'node:net';
import { type Clock, monotonicUs } from '../time/monotonic.ts';
import { createRandom } from '../time/random.ts';
import { type Alarm, createAlarm } from './alarm.ts';
import { type Connection, carry, loses, strand } from './embedded-connection.ts';
import { type HeldPort, holdPort } from './full-backlog.ts';
import { type Condition, compose, type Link } from './link.ts';
import type { LinkEffect } from './link-effect.ts';
import { listenAgain, listenOnChosen, type PortChooser } from './link-ports.ts';

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

interface Open {
  readonly connection: Connection;
  /** In the order of opening, from 0. */
  readonly number: number;
}

export async function openEmbeddedLink(options: EmbeddedLinkOptions): Promise<Link> {
  const { id, upstreamPort, roundTripMs, clock = monotonicUs, alarm = createAlarm() } = options;
  const connections = new Set<Open>();
  let effects: readonly LinkEffect[] = [];
  /** Number of the first connection that was opened under a fault, by the fault's id. */
  let firstUnder: ReadonlyMap<string, number> = new Map();
  let opened = 0;

  const conditionOf = (number: number): Condition =>
    effects.length === 0 ? NONE : compose(effects.filter((effect) => isFor(effect, number, id, firstUnder)));

  const accept = (caller: Socket): void => {
    const number = opened;
    opened += 1;
    const condition = conditionOf(number);
    const path = {
      clock,
      alarm,
      upstreamPort,
      roundTripMs,
      name: `${id} ${number}`,
      onStarved: options.onStarved ?? (() => {}),
    };
    const connection = loses(condition) ? strand(caller) : carry(caller, path, condition);
    const open = { connection, number };
    connections.add(open);
    caller.once('close', () => connections.delete(open));
  };
  const listener = (): Server => createServer({ allowHalfOpen: true, noDelay: true }, accept);

  let server: Server | undefined = listener();
  let held: HeldPort | undefined;
  const port = await listenOnChosen(server, options.ports);

  const bringListener = async (connect: Condition['connect']): Promise<void> => {
    if (connect !== 'accept') {
      server?.close();
      server = undefined;
    }
    if (connect !== 'drop') {
      await held?.release();
      held = undefined;
    }
    if (connect === 'drop') held ??= await holdPort(port);
    if (connect === 'accept' && server === undefined) {
      const next = listener();
      await listenAgain(next, port);
      server = next;
    }
  };

  const change = async (wanted: readonly LinkEffect[]): Promise<void> => {
    effects = wanted;
    firstUnder = new Map(wanted.map(({ id: fault }) => [fault, firstUnder.get(fault) ?? opened]));
    const { connect } = compose(wanted);
    // Closed before open connections learn of it, opened after: nobody slips through half-way.
    if (connect !== 'accept') await bringListener(connect);
    for (const { connection, number } of [...connections]) {
      const condition = conditionOf(number);
      if (condition.connect === 'refuse') connection.reset();
      else connection.change(condition);
    }
    if (connect === 'accept') await bringListener(connect);
  };

  let changes: Promise<unknown> = Promise.resolve();
  return {
    id,
    port,
    apply: (wanted) => {
      const changed = changes.then(() => change(wanted));
      changes = changed.catch(() => {});
      return changed;
    },
    observe: () => ({ open: connections.size, effects }),
    close: async () => {
      await changes;
      const last = server;
      const closed = new Promise<void>((resolve) => {
        if (last === undefined) resolve();
        else last.close(() => resolve());
      });
      server = undefined;
      for (const { connection } of connections) connection.reset();
      await closed;
      await held?.release();
      held = undefined;
    },
  };
}

const NONE = compose([]);

/** Whether an effect is for a connection: by when it was opened, and by the draw of a share. */
function isFor(
  { id, connections: { which, share }, seed }: LinkEffect,
  number: number,
  link: string,
  firstUnder: ReadonlyMap<string, number>,
): boolean {
  if (which === 'new' && number < (firstUnder.get(id) ?? 0)) return false;
  return share === 1 || createRandom(seed).fork(`${id} ${link} ${number}`).next() < share;
}
