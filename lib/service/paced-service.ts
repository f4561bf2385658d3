/**
 * A Region's STS at its declared pace: answers are worked out when requests come and leave when a server of that
 * pace would be done with them.
 */

import { type Answer, failure } from '../sts/answer.ts';
import { SERVICE_UNAVAILABLE, THROTTLING } from '../sts/errors.ts';
import { HTML_PAGE } from '../sts/html-page.ts';
import type { ReceivedRequest, RegionService, Served } from '../sts/region-service.ts';
import type { Clock } from '../time/monotonic.ts';
import type { Departures } from './departures.ts';
import type { Pace } from './pace.ts';

export interface WaitingRoom {
  readonly clock: Clock;
  /** Of the whole Region. */
  readonly departures: Departures;
}

/** Codes of answers that are given at the door and keep no server busy. */
const AT_THE_DOOR: readonly string[] = [THROTTLING.code, HTML_PAGE];

/**
 * @param inForce Asked for every request; while false, answers leave at once and take nobody's place.
 */
export function pacedService(
  service: RegionService,
  pace: Pace,
  { clock, departures }: WaitingRoom,
  inForce: () => boolean,
): RegionService {
  const depart = (served: Served, request: ReceivedRequest): Served | Promise<Served> => {
    if (AT_THE_DOOR.includes(served.answer.errorCode)) return served;
    const slot = pace.admit(clock());
    if (slot === 'full') return { ...served, answer: unavailable(request) };
    return departures.at(slot.endUs, served);
  };
  return {
    region: service.region,
    answer: (request) => {
      const served = service.answer(request);
      if (!inForce()) return served;
      return served instanceof Promise
        ? served.then((answered) => depart(answered, request))
        : depart(served, request);
    },
  };
}

/** That a full queue is answered with 503 is a guess. */
function unavailable({ requestId, http }: ReceivedRequest): Answer {
  const accept = http.headers.find(([name]) => name === 'accept')?.[1] ?? '';
  return failure(SERVICE_UNAVAILABLE, {
    requestId,
    format: accept.includes('application/json') ? 'json' : 'xml',
  });
}
