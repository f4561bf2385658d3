/**
 * Ports for links and edges. They lie below the system's ephemeral range, so that no outgoing connection of
 * anyone can take the port of a link while the link refuses connections and is not listening on it.
 */

import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { EnvironmentError } from '../errors/regionfall-error.ts';
import type { Random } from '../time/random.ts';

export const LOOPBACK = '127.0.0.1';

export interface PortRange {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/** Hands out candidates of a range, each once; says so when there are no more. */
export interface PortChooser {
  next(): number;
}

/** Below this live the well-known servers of a developer's machine. */
const LOWEST = 14_000;

/** The ports we may use on this machine. Linux tells where its ephemeral range begins; others begin at 49152. */
export function linkPortRange(ephemeralRangeText: string | undefined = readEphemeralRange()): PortRange {
  const begin = Number(/^\s*(\d+)/.exec(ephemeralRangeText ?? '')?.[1] ?? 49_152);
  // A machine whose ephemeral range begins very low leaves no room below it; then any high port must do.
  return begin > LOWEST + 1_000
    ? { from: LOWEST, to: Math.min(begin, 49_152) }
    : { from: LOWEST, to: 49_152 };
}

export function createPortChooser(random: Random, range: PortRange = linkPortRange()): PortChooser {
  const size = range.to - range.from;
  const start = random.below(size);
  let given = 0;
  return {
    next: () => {
      if (given >= size) {
        throw new EnvironmentError(`no free port between ${range.from} and ${range.to - 1}`, {
          code: 'RF-PORT-TAKEN',
          hint: 'end some of the programs that listen on this machine and try again',
        });
      }
      given += 1;
      return range.from + ((start + given - 1) % size);
    },
  };
}

/** Listens on the first candidate that is free. */
export async function listenOnChosen(server: Server, chooser: PortChooser): Promise<number> {
  for (;;) {
    const port = chooser.next();
    if (await listen(server, port)) return port;
  }
}

/**
 * Listens again on a port that was ours before. Someone may hold it for a moment; someone who keeps it is an
 * environment error, since callers know the link by this port.
 */
export async function listenAgain(server: Server, port: number): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    if (await listen(server, port)) return;
    await pause(25);
  }
  throw portTaken(port);
}

/** A candidate that nobody listens on now, for a server that is not ours to bind. */
export async function freePort(chooser: PortChooser): Promise<number> {
  const trial = createServer();
  const port = await listenOnChosen(trial, chooser);
  await new Promise<void>((resolve) => trial.close(() => resolve()));
  return port;
}

export function portTaken(port: number): EnvironmentError {
  return new EnvironmentError(`port ${port} on ${LOOPBACK} was taken by another program`, {
    code: 'RF-PORT-TAKEN',
    hint: `see who holds it (ss -ltnp 'sport = :${port}'), end it and run again`,
  });
}

/** False when the port is taken or not ours to bind. */
function listen(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      server.off('listening', onListening);
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    };
    const onListening = (): void => {
      server.off('error', onError);
      resolve(true);
    };
    server.once('error', onError).once('listening', onListening);
    server.listen({ host: LOOPBACK, port, backlog: 1_024 });
  });
}

function readEphemeralRange(): string | undefined {
  try {
    return readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
  } catch {
    return undefined; // Not Linux.
  }
}
