/** Entry of the service process: the conductor's calls, handed to the service. Ends itself with its parent. */

import { serveParent } from '../process/rpc.ts';
import { fetchKeys } from '../sts/federation/fetch-keys.ts';
import { monotonicUs } from '../time/monotonic.ts';
import { openService, type Service, type ServiceControl } from './service.ts';
import type { ServiceConfig, ServiceReady } from './service-config.ts';

let service: Service | undefined;

function opened(): Service {
  if (service === undefined) throw new Error('the service has not been opened');
  return service;
}

type Argument<Method extends keyof ServiceControl> = Parameters<ServiceControl[Method]>[0];

serveParent({
  open: async (config: ServiceConfig): Promise<ServiceReady> => {
    if (service !== undefined) throw new Error('the service is open already');
    service = await openService(config, {
      clock: monotonicUs,
      wallClock: Date.now,
      // Apache Arrow takes a quarter of a start, and is first needed when a run begins.
      openWriter: async (path) => (await import('../journal/sample-writer.ts')).openServiceWriter(path),
      fetchText: fetchKeys,
    });
    return service.ready;
  },
  beginLog: (order: { path: string; originUs: number }) => opened().log.begin(order),
  endLog: () => opened().log.end(),
  setFault: (order: Argument<'setFault'>) => opened().control.setFault(order),
  setControlPlane: (order: Argument<'setControlPlane'>) => opened().control.setControlPlane(order),
  renewFault: (order: Argument<'renewFault'>) => opened().control.renewFault(order),
  clearFault: (order: Argument<'clearFault'>) => opened().control.clearFault(order),
  setRegionSwitch: (order: Argument<'setRegionSwitch'>) => opened().control.setRegionSwitch(order),
  regionSwitches: (order: Argument<'regionSwitches'>) => opened().control.regionSwitches(order),
  observe: () => opened().control.observe(),
});
