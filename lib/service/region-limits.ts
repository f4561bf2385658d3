/**
 * What the Regions of a service bear: gives each its quotas and its pace, and says from when on they hold. What faults
 * put on top of the pace waits with it.
 */

import { createQuotas, type Quotas } from '../sts/quotas.ts';
import { createRegionService, type RegionService, type RegionServiceOptions } from '../sts/region-service.ts';
import type { Clock } from '../time/monotonic.ts';
import { createRandom } from '../time/random.ts';
import { createDepartures } from './departures.ts';
import { lateService } from './late-service.ts';
import { later } from './later.ts';
import { createPace } from './pace.ts';
import { pacedService, type WaitingRoom } from './paced-service.ts';
import type { ServiceConfig } from './service-config.ts';

export interface RegionLimits {
  /** STS of a Region within its limits. */
  serve(options: Omit<RegionServiceOptions, 'quotas'>): RegionService;
  /** From now on they hold, if they did not before. */
  begin(): void;
}

export function createRegionLimits(
  { regionSettings = {}, settingsFromLog = false, seed = 0 }: ServiceConfig,
  clock: Clock,
): RegionLimits {
  let holds = !settingsFromLog;
  const random = createRandom(seed);
  const quotasOf = (region: string): Quotas => {
    const quotas = createQuotas(regionSettings[region]?.quotas, clock);
    if (holds) return quotas;
    return { take: (account, global) => !holds || quotas.take(account, global) };
  };
  return {
    serve: (options) => {
      const { region } = options;
      const service = createRegionService({ ...options, quotas: quotasOf(region) });
      const room: WaitingRoom = { clock, departures: createDepartures({ clock, later }) };
      const spec = regionSettings[region]?.pace;
      if (spec === undefined) return lateService(service, options.faults, room);
      const pace = createPace(spec, random.fork(`service time ${region}`));
      return lateService(
        pacedService(service, pace, room, () => holds),
        options.faults,
        room,
      );
    },
    begin: () => {
      holds = true;
    },
  };
}
