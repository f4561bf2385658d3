/**
 * All proxies of a run on one Toxiproxy. What they should look like is kept here, never read from the server:
 * a server that hangs, dies or disobeys is killed, and a clean one is put in its place with every proxy as it
 * should be, on the same ports.
 */

import { freePort, type PortChooser } from './link-ports.ts';
import { type ProxyPlace, ToxiproxyFailure } from './toxiproxy-control.ts';
import { startToxiproxyServer, type ToxiproxyServer } from './toxiproxy-server.ts';
import { type ProxyShape, sameShape } from './toxiproxy-shape.ts';

export interface ToxiproxyFleet {
  readonly version: string;
  pid(): number;
  apiPort(): number;
  /** Makes a proxy in front of `upstreamPort`, on a port that was free. */
  add(upstreamPort: number, shape: ProxyShape): Promise<ProxyPlace>;
  /** Resolves when the proxy was read back in that shape, if need be on a new server. */
  shape(place: ProxyPlace, shape: ProxyShape): Promise<void>;
  /** Compares what the server shows with what was ordered; a sentence when someone else had a hand in it. */
  compare(): Promise<string | undefined>;
  close(): Promise<void>;
}

export interface FleetOptions {
  readonly path: string;
  readonly ports: PortChooser;
  /** A server was replaced: why, and the process id of the new one. */
  readonly onReplaced: (reason: string, pid: number) => void;
  /** No server can be kept running; the run cannot go on. */
  readonly onLost: (error: Error) => void;
}

/** A Toxiproxy that has to be replaced more often than this is not worth measuring through. */
const REPLACEMENTS_MAX = 5;

export async function openToxiproxyFleet(options: FleetOptions): Promise<ToxiproxyFleet> {
  const wanted = new Map<string, { readonly place: ProxyPlace; shape: ProxyShape }>();
  let server = await startToxiproxyServer(options.path, options.ports);
  let replacing: Promise<void> | undefined;
  let replacements = 0;
  /** Orders begun, and orders being carried out. */
  let orders = 0;
  let ordersOpen = 0;
  let closed = false;
  let named = 0;

  const watch = (watched: ToxiproxyServer): void => {
    void watched.ended.then(() => {
      if (closed || watched !== server || replacing !== undefined) return;
      replace('it ended by itself').catch(options.onLost);
    });
  };

  const replaceNow = async (reason: string): Promise<void> => {
    replacements += 1;
    if (closed) throw new ToxiproxyFailure('Toxiproxy is being closed');
    if (replacements > REPLACEMENTS_MAX) throw new ToxiproxyFailure(`Toxiproxy failed again: ${reason}`);
    server.kill();
    await server.ended;
    server = await startToxiproxyServer(options.path, options.ports);
    for (const { place, shape } of wanted.values()) await server.control.create(place, shape);
    watch(server);
    options.onReplaced(reason, server.pid);
  };

  const replace = (reason: string): Promise<void> => {
    replacing ??= replaceNow(reason).finally(() => {
      replacing = undefined;
    });
    return replacing;
  };

  const carryOut = async (place: ProxyPlace, entry: { readonly shape: ProxyShape }): Promise<void> => {
    for (;;) {
      await replacing;
      const used = server;
      try {
        await used.control.shape(place, entry.shape);
        return;
      } catch (error) {
        if (used === server) await replace((error as Error).message);
      }
    }
  };

  watch(server);
  return {
    version: server.version,
    pid: () => server.pid,
    apiPort: () => server.apiPort,
    add: async (upstreamPort, shape) => {
      for (;;) {
        named += 1;
        const place = { name: `link-${named}`, port: await freePort(options.ports), upstreamPort };
        try {
          await server.control.create(place, shape);
          wanted.set(place.name, { place, shape });
          return place;
        } catch (error) {
          // The likely reason is that someone took the port in between; anything else fails again at once.
          if (!server.running() || (await server.control.proxies()).has(place.name)) throw error;
        }
      }
    },
    shape: async (place, shape) => {
      const entry = wanted.get(place.name);
      if (entry === undefined) throw new Error(`no proxy ${place.name} was added`);
      entry.shape = shape;
      orders += 1;
      ordersOpen += 1;
      try {
        await carryOut(place, entry);
      } finally {
        ordersOpen -= 1;
      }
    },
    compare: async () => {
      const [ordersBefore, used] = [orders, server];
      const undisturbed = (): boolean => ordersOpen === 0 && orders === ordersBefore && used === server;
      if (!undisturbed()) return undefined;
      const seen = await used.control.proxies().catch(async (error: Error) => {
        if (used === server && !closed) await replace(error.message);
        return undefined;
      });
      // While orders are being carried out the two differ rightly.
      if (seen === undefined || !undisturbed()) return undefined;
      for (const { place, shape } of wanted.values()) {
        const now = seen.get(place.name);
        if (now?.shape === undefined || now.port !== place.port || !sameShape(now.shape, shape)) {
          return `the proxy on port ${place.port} of Toxiproxy was changed by someone else`;
        }
      }
      const strangers = [...seen.keys()].filter((name) => name !== used.mark && !wanted.has(name));
      return strangers.length === 0
        ? undefined
        : `someone else made proxies in our Toxiproxy: ${strangers.join(', ')}`;
    },
    close: async () => {
      closed = true;
      await replacing?.catch(() => {});
      server.kill();
      await server.ended;
    },
  };
}
