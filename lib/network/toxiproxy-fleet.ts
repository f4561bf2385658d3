/**
 * All proxies of a run on one Toxiproxy. What they should look like is kept here, never read from the server: a child
 * of ours that hangs, dies or disobeys is killed, and a clean one is put in its place with every proxy as it should
 * be, on the same ports. A server that was given to us and fails is lost, and so is the network.
 */

import { freePort, type PortChooser } from './link-ports.ts';
import { isAsOrdered, type ProxyPlace, type SeenProxy, ToxiproxyFailure } from './toxiproxy-control.ts';
import type { HeldPorts } from './toxiproxy-held-ports.ts';
import type { ToxiproxyServer } from './toxiproxy-server.ts';
import type { ProxyShape } from './toxiproxy-shape.ts';

export interface ToxiproxyFleet {
  readonly version: string;
  /** The API of the server that is used now. */
  url(): string;
  /** Of our child; undefined where the server is not ours. */
  pid(): number | undefined;
  /** Makes a proxy in front of `upstreamPort`, on a port that was free. */
  add(upstreamPort: number, shape: ProxyShape): Promise<ProxyPlace>;
  /** Resolves when the proxy was read back in that shape, if need be on a new server. */
  shape(place: ProxyPlace, shape: ProxyShape): Promise<void>;
  /** Takes a proxy away, and with it its connections. */
  remove(place: ProxyPlace): Promise<void>;
  /** Compares what the server shows with what was ordered; tells when someone else had a hand in it. */
  compare(): Promise<void>;
  close(): Promise<void>;
}

export interface FleetOptions {
  /** Starts a server of our own, or joins the one that was given. */
  readonly open: () => Promise<ToxiproxyServer>;
  readonly ports: PortChooser;
  readonly held: HeldPorts;
  /** What the names of our proxies begin with. */
  readonly prefix: string;
  /** A server was replaced: why, and the process id of the new one. */
  readonly onReplaced: (reason: string, pid: number) => void;
  /** Told once, in a sentence: nothing measured from here on can be trusted. */
  readonly onTampered: (sentence: string) => void;
  /** Told once: no server can be kept running, the run cannot go on. */
  readonly onLost: (error: Error) => void;
  /** Default 5: a Toxiproxy that fails more often is not worth measuring through. */
  readonly replacementsMax?: number;
}

const ADD_ATTEMPTS = 3;

interface Entry {
  readonly place: ProxyPlace;
  /** What it should look like. */
  shape: ProxyShape;
  /** What it was last read back as; undefined while that is not known. */
  seen: ProxyShape | undefined;
}

export async function openToxiproxyFleet(options: FleetOptions): Promise<ToxiproxyFleet> {
  const { ports, prefix, replacementsMax = 5 } = options;
  const wanted = new Map<string, Entry>();
  let server = await options.open();
  let replacing: Promise<void> | undefined;
  let replacements = 0;
  /** Orders begun, and orders being carried out. */
  let orders = 0;
  let ordersOpen = 0;
  let closed = false;
  let named = 0;

  const tellLost = once(options.onLost);
  const tellTampered = once(options.onTampered);

  const watch = (watched: ToxiproxyServer): void => {
    void watched.ended.then(() => {
      if (closed || watched !== server || replacing !== undefined) return;
      replace('it ended by itself').catch(() => {}); // Told by onLost.
    });
  };

  const replaceNow = async (firstReason: string): Promise<void> => {
    const { pid, url } = server;
    if (pid === undefined) {
      throw new ToxiproxyFailure(`the Toxiproxy at ${url} failed and is not ours to restart: ${firstReason}`);
    }
    let [why, reason] = ['', firstReason];
    for (;;) {
      replacements += 1;
      if (replacements > replacementsMax) throw new ToxiproxyFailure(`Toxiproxy failed again: ${reason}`);
      await server.close();
      why ||= withLastWords(firstReason, server.output());
      if (closed) throw new ToxiproxyFailure('Toxiproxy is being closed');
      try {
        server = await options.open();
        for (const entry of wanted.values()) {
          const { place, shape } = entry;
          entry.seen = undefined;
          await server.control.create(place, shape);
          entry.seen = shape;
        }
        break;
      } catch (error) {
        reason = (error as Error).message;
      }
    }
    if (server.pid !== undefined) options.onReplaced(why, server.pid);
    watch(server);
  };

  const replace = (reason: string): Promise<void> => {
    replacing ??= replaceNow(reason)
      .catch((error: Error) => {
        if (!closed) tellLost(error);
        throw error;
      })
      .finally(() => {
        replacing = undefined;
      });
    return replacing;
  };

  const carryOut = async (entry: Entry): Promise<void> => {
    for (;;) {
      await replacing;
      const used = server;
      const { place, shape, seen } = entry;
      try {
        entry.seen = undefined;
        const before = await used.control.shape(place, shape);
        if (used === server) entry.seen = shape;
        // The order is carried out all the same: what is to be healed must be healed.
        if (seen !== undefined && !isAsOrdered(before, place, seen)) tellTampered(changedByOther(place));
        return;
      } catch (error) {
        // A port that cannot be kept, for one, is no fault of the server's.
        if (!(error instanceof ToxiproxyFailure)) throw error;
        if (used === server) await replace(error.message);
      }
    }
  };

  const look = async (): Promise<ReadonlyMap<string, SeenProxy> | undefined> => {
    const [ordersBefore, used] = [orders, server];
    const undisturbed = (): boolean =>
      !closed && replacing === undefined && ordersOpen === 0 && orders === ordersBefore && used === server;
    if (!undisturbed()) return undefined;
    const proxies = await used.control.proxies().catch(async (error: Error) => {
      if (used === server && !closed) await replace(error.message).catch(() => {}); // Told by onLost.
      return undefined;
    });
    // While orders are being carried out the two differ rightly.
    return undisturbed() ? proxies : undefined;
  };

  watch(server);
  return {
    version: server.version,
    url: () => server.url,
    pid: () => server.pid,
    add: async (upstreamPort, shape) => {
      ordersOpen += 1;
      try {
        for (let attempt = 1; ; attempt += 1) {
          named += 1;
          const place = { name: `${prefix}${named}`, port: await freePort(ports), upstreamPort };
          try {
            await server.control.create(place, shape);
            wanted.set(place.name, { place, shape, seen: shape });
            return place;
          } catch (error) {
            // The likely reason is that someone took the port in between.
            if (attempt === ADD_ATTEMPTS) throw error;
            await server.control.remove(place.name);
          }
        }
      } finally {
        orders += 1;
        ordersOpen -= 1;
      }
    },
    shape: async (place, shape) => {
      const entry = wanted.get(place.name);
      if (entry === undefined) throw new Error(`no proxy ${place.name} was added`);
      entry.shape = shape;
      orders += 1;
      ordersOpen += 1;
      try {
        await carryOut(entry);
      } finally {
        ordersOpen -= 1;
      }
    },
    remove: async ({ name }) => {
      orders += 1;
      ordersOpen += 1;
      wanted.delete(name);
      try {
        await server.control.remove(name);
      } finally {
        ordersOpen -= 1;
      }
    },
    compare: async () => {
      const used = server;
      const seen = await look();
      if (seen === undefined) return;
      for (const { place, shape } of wanted.values()) {
        const now = seen.get(place.name);
        if (now === undefined || !isAsOrdered(now, place, shape)) tellTampered(changedByOther(place));
      }
      const strangers = [...seen.keys()].filter((name) => name !== used.mark && !wanted.has(name));
      if (strangers.length > 0) {
        tellTampered(`someone else made proxies in our Toxiproxy: ${strangers.slice(0, 5).join(', ')}`);
      }
    },
    close: async () => {
      closed = true;
      await replacing?.catch(() => {});
      try {
        await server.close();
      } finally {
        await options.held.releaseAll();
      }
    },
  };
}

function changedByOther({ port }: ProxyPlace): string {
  return `the proxy on port ${port} of Toxiproxy was changed by someone else`;
}

/** A Go program that breaks down says why in its first line. */
function withLastWords(reason: string, output: string): string {
  const words = /^(?:panic|fatal error): .{1,200}/m.exec(output)?.[0];
  return words === undefined ? reason : `${reason} (${words})`;
}

function once<Value>(tell: (value: Value) => void): (value: Value) => void {
  let told = false;
  return (value) => {
    if (told) return;
    told = true;
    tell(value);
  };
}
