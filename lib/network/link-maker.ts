/**
 * The two ways of making links, behind one face: in this process, or as proxies of Toxiproxy. Everything that
 * only one of them has (a calibration, a child process, limits to confess) is here and not in the network.
 */

import type { Calibration } from '../journal/event.ts';
import type { Clock } from '../time/monotonic.ts';
import { limitsOf } from './abilities.ts';
import { createAlarm } from './alarm.ts';
import { watchDescriptors } from './descriptor-watch.ts';
import { openEmbeddedLink } from './embedded-link.ts';
import type { Link } from './link.ts';
import type { PortChooser } from './link-ports.ts';
import type { LinkConfig, NetworkConfig, NetworkReady } from './network-config.ts';
import { createToxiproxyMaker } from './toxiproxy-maker.ts';

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
  config: Pick<NetworkConfig, 'kind' | 'toxiproxyPath' | 'toxiproxyUrl'>,
  parts: LinkMakerParts,
): Promise<LinkMaker> {
  return config.kind === 'embedded'
    ? embeddedMaker(parts)
    : await createToxiproxyMaker(config, parts.ports, parts.news);
}

function embeddedMaker({ ports, clock, news }: LinkMakerParts): LinkMaker {
  const alarm = createAlarm();
  const watching = watchDescriptors(news.lost);
  return {
    limits: limitsOf('embedded'),
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
