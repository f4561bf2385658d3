/**
 * The two ways of making links, behind one face: in this process, or as proxies of Toxiproxy. Everything that
 * only one of them has (a calibration, a child process, limits to confess) is here and not in the network.
 */

import type { Clock } from '../time/monotonic.ts';
import { createAlarm } from './alarm.ts';
import { watchDescriptors } from './descriptor-watch.ts';
import { openEmbeddedLink } from './embedded-link.ts';
import type { Link } from './link.ts';
import type { PortChooser } from './link-ports.ts';
import type { Calibration, LinkConfig, NetworkConfig, NetworkReady } from './network-config.ts';
import { calibrate, injectedFor, latenessMs } from './toxiproxy-calibration.ts';
import { openToxiproxyFleet, type ToxiproxyFleet } from './toxiproxy-fleet.ts';
import { openToxiproxyLink, TOXIPROXY_LIMITS } from './toxiproxy-link.ts';

/** What the network tells unasked. */
export interface NetworkNews {
  /** A fault lifted itself: nobody renewed it. */
  readonly expired: (faults: readonly string[]) => void;
  /** Toxiproxy was replaced; the guardian must learn of the new process. */
  readonly replaced: (news: { readonly reason: string; readonly pid: number }) => void;
  /** Someone else changed our Toxiproxy: nothing measured from here on can be trusted. */
  readonly tampered: (sentence: string) => void;
  /** The network cannot go on. */
  readonly lost: (reason: string) => void;
}

/** Makes links of one kind and knows what there is to say about them. */
export interface LinkMaker {
  readonly limits: readonly string[];
  make(link: LinkConfig): Promise<Link>;
  calibration(links: readonly LinkConfig[]): Calibration | null;
  pids(): NetworkReady['pids'];
  close(links: readonly Link[]): Promise<void>;
}

interface LinkMakerParts {
  readonly ports: PortChooser;
  readonly clock: Clock;
  readonly news: NetworkNews;
}

export async function createLinkMaker(
  config: Pick<NetworkConfig, 'kind' | 'toxiproxyPath'>,
  parts: LinkMakerParts,
): Promise<LinkMaker> {
  return config.kind === 'embedded'
    ? embeddedMaker(parts)
    : await toxiproxyMaker(config.toxiproxyPath, parts.ports, parts.news);
}

const EMBEDDED_LIMITS = [
  'The embedded network accepts a connect at once and charges the missing TCP round trip to the first flight: latencies include it, the connect time of a sample does not.',
  'The embedded network carries streams over loopback: it loses, repeats and reorders no packets, and its bandwidth is the machine’s.',
] as const;

/** How often what Toxiproxy shows is compared with what was ordered. */
const COMPARE_EVERY_MS = 1_000;

function embeddedMaker({ ports, clock, news }: LinkMakerParts): LinkMaker {
  const alarm = createAlarm();
  const watching = watchDescriptors(news.lost);
  return {
    limits: EMBEDDED_LIMITS,
    make: ({ id, upstreamPort, roundTripMs }) =>
      openEmbeddedLink({ id, upstreamPort, roundTripMs, ports, clock, alarm, onStarved: news.lost }),
    calibration: () => null,
    pids: () => [],
    close: async (links) => {
      clearInterval(watching);
      await Promise.all(links.map((link) => link.close()));
    },
  };
}

async function toxiproxyMaker(
  path: string | undefined,
  ports: PortChooser,
  news: NetworkNews,
): Promise<LinkMaker> {
  if (path === undefined) throw new Error('a network of Toxiproxy needs the path of its server');
  const fleet = await openToxiproxyFleet({
    path,
    ports,
    onReplaced: (reason, pid) => news.replaced({ reason, pid }),
    onLost: (error) => news.lost(error.message),
  });
  const points = await calibrate(fleet, ports).catch(async (error: unknown) => {
    await fleet.close();
    throw error;
  });
  const watching = watchForTampering(fleet, news);
  return {
    limits: Object.values(TOXIPROXY_LIMITS),
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
    pids: () => [{ name: 'toxiproxy', pid: fleet.pid() }],
    close: async () => {
      clearInterval(watching);
      await fleet.close();
    },
  };
}

function watchForTampering(fleet: ToxiproxyFleet, news: NetworkNews): NodeJS.Timeout {
  const watching = setInterval(() => {
    fleet.compare().then(
      (sentence) => {
        if (sentence === undefined) return;
        clearInterval(watching);
        news.tampered(sentence);
      },
      (error: Error) => news.lost(error.message),
    );
  }, COMPARE_EVERY_MS);
  return watching;
}
