/**
 * The front of a world in a container: what other containers, or the ports that the container publishes, reach of it.
 * Everything of ours listens on loopback; the front is the one thing that does not, and opens only when asked.
 *
 *     :443   a TLS connection to any name of the world, told apart by the name in its first bytes → the name's link
 *     :N     whatever comes → one port of loopback (a CONNECT proxy, the admin API)
 */

import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { EnvironmentError } from '../errors/regionfall-error.ts';
import { helloName } from './client-hello.ts';
import type { World } from './local-world.ts';

export interface FrontOptions {
  /** Of the container: `0.0.0.0` for all that it has. */
  readonly address: string;
  readonly doors: readonly FrontDoor[];
}

export type FrontDoor =
  /** Host name → port of its link on 127.0.0.1. */
  | { readonly port: number; readonly names: ReadonlyMap<string, number> }
  | { readonly port: number; readonly leadsTo: number };

/** Doors of the front of a world that others play in, by what is behind them. */
export const FRONT_PORTS = {
  names: 443,
  admin: 7_000,
  /** Of the first location; the others follow, one by one. */
  firstEdge: 7_010,
} as const;

/** All there is to reach of a world, as seen from its first location. */
export function doorsOf(world: Pick<World, 'links' | 'admin' | 'edges'>): readonly FrontDoor[] {
  const home = world.links[0]?.location;
  const names = world.links.filter(({ location }) => location === home);
  return [
    { port: FRONT_PORTS.names, names: new Map(names.map(({ host, port }) => [host, port])) },
    { port: FRONT_PORTS.admin, leadsTo: Number(new URL(world.admin.url).port) },
    ...Object.values(world.edges).map((leadsTo, index) => ({ port: FRONT_PORTS.firstEdge + index, leadsTo })),
  ];
}

export interface Front {
  /** In the order of the doors; a door of port 0 got a free one. */
  readonly ports: readonly number[];
  close(): Promise<void>;
}

/** Who connects and says nothing costs a connection; not for ever. */
const HELLO_DEADLINE_MS = 10_000;

/** @throws EnvironmentError RF-PORT-TAKEN. Nothing listens then. */
export async function openFront({ address, doors }: FrontOptions): Promise<Front> {
  const sockets = new Set<Socket>();
  const servers: Server[] = [];
  const close = async (): Promise<void> => {
    const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    for (const socket of sockets) socket.destroy();
    await Promise.all(closed);
  };
  for (const door of doors) {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (caller) => {
      sockets.add(caller);
      caller.once('close', () => sockets.delete(caller)).on('error', () => {});
      // Callers hang up for good: one that gave up in a silence must not be kept for ever.
      caller.once('end', () => caller.end());
      if ('leadsTo' in door) lead(caller, door.leadsTo, []);
      else leadByName(caller, door.names);
    });
    try {
      await listen(server, address, door.port);
      servers.push(server);
    } catch (error) {
      await close();
      throw error;
    }
  }
  return { ports: servers.map((server) => (server.address() as AddressInfo).port), close };
}

function leadByName(caller: Socket, names: ReadonlyMap<string, number>): void {
  const heard: Buffer[] = [];
  const giveUp = setTimeout(() => caller.resetAndDestroy(), HELLO_DEADLINE_MS);
  caller.once('close', () => clearTimeout(giveUp));
  caller.on('data', function listenFor(chunk: Buffer) {
    heard.push(chunk);
    const name = helloName(Buffer.concat(heard));
    if (name === 'more') return;
    clearTimeout(giveUp);
    caller.off('data', listenFor).pause();
    const port = names.get(name);
    // Whoever asks for another name has come to the wrong world: no certificate of ours would fit.
    if (port === undefined) caller.resetAndDestroy();
    else lead(caller, port, heard);
  });
}

/** A refused or reset link is a reset to the caller: it was connected before we knew whom it wants. */
function lead(caller: Socket, port: number, head: readonly Buffer[]): void {
  const way = connect({ host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true });
  for (const bytes of head) way.write(bytes);
  caller.pipe(way);
  way.pipe(caller);
  way.on('error', () => caller.resetAndDestroy());
  caller.on('error', () => way.resetAndDestroy());
  caller.once('close', () => way.destroy());
}

function listen(server: Server, address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', ({ code = '', message }: NodeJS.ErrnoException) => {
      reject(
        new EnvironmentError(`nothing can listen on ${address}:${port}: ${message}`, {
          code: 'RF-PORT-TAKEN',
          hint:
            code === 'EACCES'
              ? 'a container needs the sysctl net.ipv4.ip_unprivileged_port_start=0 for this, or another user'
              : `ss -ltnp 'sport = :${port}' tells who does`,
        }),
      );
    });
    server.listen({ host: address, port }, resolve);
  });
}
