/**
 * The network of one world: every link, the edges, and the faults that lie on them, whichever way links are
 * made. Faults come with leases; one that nobody renews is lifted here, without anyone asking.
 */

import { type Clock, monotonicUs } from '../time/monotonic.ts';
import type { Random } from '../time/random.ts';
import { type Edge, type EdgeRoute, openEdge } from './edge.ts';
import { createFaultTable } from './fault-table.ts';
import { compose, type Link } from './link.ts';
import type { LinkEffect, LinkFault } from './link-effect.ts';
import { createLinkMaker, type NetworkNews } from './link-maker.ts';
import { createPortChooser } from './link-ports.ts';
import type {
  EdgeConfig,
  EdgeDials,
  LinkConfig,
  NetworkConfig,
  NetworkReady,
  NetworkState,
} from './network-config.ts';

export interface Network {
  readonly ready: NetworkReady;
  /** Resolves once every link is in its new condition. */
  setFault(fault: LinkFault): Promise<void>;
  renewFault(renewal: { readonly id: string; readonly leaseMs: number }): void;
  clearFault(fault: { readonly id: string }): Promise<void>;
  observe(): NetworkState;
  dialled(): readonly EdgeDials[];
  close(): Promise<void>;
}

export interface NetworkParts {
  readonly random: Random;
  readonly news: NetworkNews;
  readonly clock?: Clock;
}

export async function openNetwork(config: NetworkConfig, parts: NetworkParts): Promise<Network> {
  const { clock = monotonicUs, news } = parts;
  const ports = createPortChooser(parts.random);
  const maker = await createLinkMaker(config, { ports, clock, news });
  const links = new Map<string, Link>();
  const edges: Edge[] = [];
  const table = createFaultTable(
    config.links.map(({ id }) => id),
    clock,
  );
  let leaseTimer: NodeJS.Timeout | undefined;

  /** What was last laid on each link, and when it is so; nothing known where that went wrong. */
  const orders = new Map<string, Order>();

  /** Brings every link to the effects that the table gives it; resolves when all are there. */
  const settle = async (): Promise<void> => {
    for (const link of links.values()) {
      const effects = table.effects(link.id);
      if (sameEffects(effects, orders.get(link.id)?.effects)) continue;
      const order: Order = { effects, inForce: link.apply(effects) };
      orders.set(link.id, order);
      // What a link is like after a failed order is unknown: the next settling orders it again.
      order.inForce.catch(() => {
        if (orders.get(link.id) === order) orders.set(link.id, UNKNOWN);
      });
    }
    // All are waited for before the first failure is told: one stuck link leaves no other half-way.
    const results = await Promise.allSettled([...orders.values()].map(({ inForce }) => inForce));
    for (const edge of edges) edge.changed();
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  };

  const watchLeases = (): void => {
    clearTimeout(leaseTimer);
    const nextUs = table.nextExpiryUs();
    if (nextUs === undefined) return;
    leaseTimer = setTimeout(
      () => {
        const over = table.expire();
        watchLeases();
        if (over.length === 0) return;
        news.expired(over);
        settle().catch((error: Error) => news.lost(error.message));
      },
      Math.max(1, Math.ceil((nextUs - clock()) / 1_000)),
    );
  };

  const close = async (): Promise<void> => {
    clearTimeout(leaseTimer);
    await Promise.all(edges.map((edge) => edge.close()));
    await maker.close([...links.values()]);
  };

  try {
    for (const link of config.links) {
      links.set(link.id, await maker.make(link));
      orders.set(link.id, { effects: [], inForce: Promise.resolve() });
    }
    for (const edge of config.edges) {
      edges.push(await openEdge({ name: edge.name, ports, routes: routesFrom(edge, config.links, links) }));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ready: {
      links: [...links.values()].map(({ id, port }) => ({ id, port })),
      edges: Object.fromEntries(edges.map(({ name, port }) => [name, port])),
      limits: maker.limits,
      calibration: maker.calibration(config.links),
      pids: maker.pids(),
    },
    setFault: async (fault) => {
      table.set(fault);
      watchLeases();
      await settle();
    },
    renewFault: ({ id, leaseMs }) => {
      table.renew(id, leaseMs);
      watchLeases();
    },
    clearFault: async ({ id }) => {
      table.clear(id);
      watchLeases();
      await settle();
    },
    observe: () => ({
      faults: table.faults(),
      links: [...links.values()].map((link) => {
        const { open, effects } = link.observe();
        return { id: link.id, open, effects };
      }),
    }),
    dialled: () => edges.map((edge) => ({ edge: edge.name, dials: edge.dialled() })),
    close,
  };
}

interface Order {
  readonly effects: readonly LinkEffect[] | undefined;
  readonly inForce: Promise<void>;
}

const UNKNOWN: Order = { effects: undefined, inForce: Promise.resolve() };

function routesFrom(
  { location, allowed }: EdgeConfig,
  configs: readonly LinkConfig[],
  links: ReadonlyMap<string, Link>,
): ReadonlyMap<string, EdgeRoute> {
  const routes = new Map<string, EdgeRoute>();
  for (const { id, host, ...config } of configs) {
    const link = links.get(id);
    if (config.location !== location || link === undefined || allowed?.includes(host) === false) continue;
    routes.set(host, { port: link.port, connects: () => compose(link.observe().effects).connect });
  }
  return routes;
}

/** A fault that was set anew is another, also where it says the same. */
function sameEffects(a: readonly LinkEffect[], b: readonly LinkEffect[] | undefined): boolean {
  return b !== undefined && a.length === b.length && a.every((effect, index) => effect === b[index]);
}
