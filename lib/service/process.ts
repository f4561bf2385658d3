/** Entry of the service process: the conductor's calls, handed to the service. Ends itself with its parent. */

import { serveParent } from '../process/rpc.ts';
import { fetchKeys } from '../sts/federation/fetch-keys.ts';
import { monotonicUs } from '../time/monotonic.ts';
import { openService, type Service } from './service.ts';
import type { ServiceConfig, ServiceReady } from './service-config.ts';
import type { ServiceControl } from './service-control.ts';

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
      openWriter: async (path) => {
        const writer = await (await import('../journal/sample-writer.ts')).openServiceWriter(path);
        // Better no run than one that its service has not seen: it ends while the load is still on.
        return { ...writer, flush: () => writer.flush().catch(dieUnwritten) };
      },
      fetchText: fetchKeys,
    });
    return service.ready;
  },
  beginLog: (order: { path: string; originUs: number }) => opened().log.begin(order),
  endLog: () => opened().log.end(),
  setFault: (order: Argument<'setFault'>) => opened().control.setFault(order),
  renewFault: (order: Argument<'renewFault'>) => opened().control.renewFault(order),
  clearFault: (order: Argument<'clearFault'>) => opened().control.clearFault(order),
  setRegionSwitch: (order: Argument<'setRegionSwitch'>) => opened().control.setRegionSwitch(order),
  setControlPlane: (order: Argument<'setControlPlane'>) => opened().control.setControlPlane(order),
  regionSwitches: (order: Argument<'regionSwitches'>) => opened().control.regionSwitches(order),
  observe: () => opened().control.observe(),
});

/** Its last words are what a person reads of it. */
function dieUnwritten(error: Error): void {
  process.stderr.write(`its log cannot be written: ${error.message}\n`);
  process.exit(1);
}
