/** The options that `up` and `exec` share: which world to open. */

import type { EraName } from '../aws/eras.ts';
import { EnvironmentError } from '../errors/regionfall-error.ts';
import type { World } from '../world/local-world.ts';
import type { NetworkName } from './option-values.ts';

/** Regions of a world that nobody described. The first is where a program stands unless told otherwise. */
export const DEFAULT_REGIONS = ['eu-west-1', 'us-east-1', 'us-west-2'] as const;

export interface WorldChoice {
  /** The default era without it. */
  readonly era?: EraName;
  readonly regions: readonly string[];
  readonly locations: readonly string[];
  readonly network: NetworkName;
  readonly seed: number;
  readonly adminPort?: number;
  /** Ends the opening at once. */
  readonly signal?: AbortSignal;
}

/**
 * Opens a world with a door in each location for programs that know nothing of us.
 * @throws CalledOff when the signal came first.
 */
export async function openChosenWorld(choice: WorldChoice): Promise<World> {
  const { openWorld } = await import('../world/local-world.ts');
  // us-east-1 serves the global name for every location that has no Region of its own in the world.
  return openWorld({
    ...choice,
    global: choice.regions.includes('us-east-1'),
    edges: choice.locations.map((location) => ({ name: location, location })),
    controlPlane: true,
  });
}

/** The error for a part of a world that ended while the world was in use. */
export async function endOfWorld(world: World): Promise<never> {
  const ended = await Promise.race(
    [world.service, world.network].map(async (child) => ({ child, ...(await child.exited) })),
  );
  throw new EnvironmentError(
    `the world ended: its ${ended.child.name} process is gone (${ended.signal ?? `code ${ended.code}`})`,
    {
      code: 'RF-WORLD-ENDED',
      hint: ended.child.stderrTail() || 'regionfall doctor',
    },
  );
}
