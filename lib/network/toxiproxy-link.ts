/**
 * A link made of a proxy of Toxiproxy. The same claims as the embedded link, but for those that the table of
 * abilities takes back.
 */

import { cannot } from './abilities.ts';
import type { Link } from './link.ts';
import type { LinkEffect } from './link-effect.ts';
import type { ToxiproxyFleet } from './toxiproxy-fleet.ts';
import { type ProxyShape, shapeOf } from './toxiproxy-shape.ts';

export interface ToxiproxyLinkOptions {
  readonly id: string;
  readonly upstreamPort: number;
  readonly roundTripMs: number;
  readonly fleet: ToxiproxyFleet;
  /** The whole milliseconds to inject for a wanted round trip, from the calibration. */
  readonly injectedMs: (roundTripMs: number) => number;
}

export async function openToxiproxyLink(options: ToxiproxyLinkOptions): Promise<Link> {
  const { fleet } = options;
  let inForce: readonly LinkEffect[] = [];
  const shapeFor = (effects: readonly LinkEffect[]): ProxyShape =>
    shapeOf(effects, options.roundTripMs, options.injectedMs);
  const place = await fleet.add(options.upstreamPort, shapeFor([]));
  let changes: Promise<unknown> = Promise.resolve();
  const inTurn = (shape: ProxyShape, effects: readonly LinkEffect[]): Promise<void> => {
    const changed = changes.then(async () => {
      await fleet.shape(place, shape);
      inForce = effects;
    });
    changes = changed.catch(() => {});
    return changed;
  };
  return {
    id: options.id,
    port: place.port,
    apply: async (effects) => {
      for (const { effect, connections } of effects) {
        const sentence = cannot('toxiproxy', effect, connections);
        if (sentence !== undefined) throw new RangeError(sentence);
      }
      await inTurn(shapeFor(effects), effects);
    },
    observe: () => ({ open: null, effects: inForce }),
    close: () => inTurn({ ...shapeFor([]), enabled: false }, []),
  };
}
