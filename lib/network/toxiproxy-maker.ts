/**
 * Makes links as proxies of Toxiproxy: a child of ours, or one that was given. Measures how late it is before the
 * first link, and looks all the time whether someone else has a hand in it.
 */

import { setTimeout as pause } from 'node:timers/promises';
import { ownPrefix } from '../process/owner-names.ts';
import { limitsOf } from './abilities.ts';
import type { LinkMaker, NetworkNews } from './link-maker.ts';
import type { PortChooser } from './link-ports.ts';
import type { NetworkConfig } from './network-config.ts';
import { calibrate, injectedFor, latenessMs } from './toxiproxy-calibration.ts';
import { openToxiproxyFleet, type ToxiproxyFleet } from './toxiproxy-fleet.ts';
import { joinToxiproxy } from './toxiproxy-given.ts';
import { createHeldPorts } from './toxiproxy-held-ports.ts';
import { openToxiproxyLink } from './toxiproxy-link.ts';
import { startToxiproxyServer } from './toxiproxy-server.ts';

/** How often what Toxiproxy shows is compared with what was ordered: half of what it may take to be told. */
const COMPARE_EVERY_MS = 500;

export async function createToxiproxyMaker(
  { toxiproxyPath: path, toxiproxyUrl: url }: Pick<NetworkConfig, 'toxiproxyPath' | 'toxiproxyUrl'>,
  ports: PortChooser,
  news: NetworkNews,
): Promise<LinkMaker> {
  const held = createHeldPorts();
  const prefix = ownPrefix();
  const fleet = await openToxiproxyFleet({
    open: () => {
      if (url !== undefined) return joinToxiproxy({ url, prefix, held });
      if (path === undefined) throw new Error('a network of Toxiproxy needs its path or its URL');
      return startToxiproxyServer(path, ports, held);
    },
    ports,
    held,
    prefix,
    onReplaced: (reason, pid) => news.replaced({ reason, pid }),
    onTampered: news.tampered,
    onLost: (error) => news.lost(error.message),
  });
  const points = await calibrate(fleet, ports).catch(async (error: unknown) => {
    await fleet.close().catch(() => {}); // Why it cannot be measured tells more.
    throw error;
  });
  const watching = new AbortController();
  void watch(fleet, watching.signal);
  return {
    limits: limitsOf('toxiproxy'),
    make: ({ id, upstreamPort, roundTripMs }) =>
      openToxiproxyLink({
        id,
        upstreamPort,
        roundTripMs,
        fleet,
        injectedMs: (ms) => injectedFor(points, ms),
      }),
    calibration: (links) => ({
      points,
      links: links.map(({ id, roundTripMs }) => {
        const injectedMs = injectedFor(points, roundTripMs);
        return { id, roundTripMs, injectedMs, expectedMs: injectedMs + latenessMs(points, injectedMs) };
      }),
    }),
    pids: () => {
      const pid = fleet.pid();
      return pid === undefined ? [] : [{ name: 'toxiproxy', pid }];
    },
    close: async () => {
      watching.abort();
      await fleet.close();
    },
  };
}

async function watch(fleet: ToxiproxyFleet, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await fleet.compare(); // Tells what it finds by itself.
    await pause(COMPARE_EVERY_MS, undefined, { signal }).catch(() => {});
  }
}
