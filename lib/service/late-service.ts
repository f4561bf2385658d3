/** A Region's STS while faults let its answers leave late: they are the same answers, on their way after the pace. */

import { hostOf, type ReceivedRequest, type RegionService, type Served } from '../sts/region-service.ts';
import type { ServiceFaults } from '../sts/service-faults.ts';
import type { WaitingRoom } from './paced-service.ts';

/** @param service At its pace, if it has one: the delay comes on top. */
export function lateService(
  service: RegionService,
  faults: Pick<ServiceFaults, 'any' | 'lateMs'>,
  { clock, departures }: WaitingRoom,
): RegionService {
  const { region } = service;
  const depart = (served: Served, request: ReceivedRequest): Served | Promise<Served> => {
    const { operation, account } = served;
    const addedMs = faults.lateMs({
      region,
      operation,
      account: () => account,
      host: () => hostOf(request),
    });
    return addedMs === 0 ? served : departures.at(clock() + addedMs * 1_000, served);
  };
  return {
    region,
    answer: (request) => {
      const served = service.answer(request);
      if (!faults.any()) return served;
      return served instanceof Promise
        ? served.then((answered) => depart(answered, request))
        : depart(served, request);
    },
  };
}
