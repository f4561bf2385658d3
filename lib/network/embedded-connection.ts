/**
 * One caller's connection over an embedded link: two flows and what the link's effects make of them. It is told
 * whenever the effects that are for it change.
 */

import { connect, type Socket } from 'node:net';
import { starvation } from '../process/starvation.ts';
import type { Clock } from '../time/monotonic.ts';
import type { Alarm } from './alarm.ts';
import { createFlights } from './flights.ts';
import { createFlow } from './flow.ts';
import type { Condition } from './link.ts';
import { LOOPBACK } from './link-ports.ts';
import { arrivalAtCallerUs, arrivalAtServiceUs } from './path-timing.ts';

export interface Connection {
  /** The effects that are for it have changed. */
  change(condition: Condition): void;
  /** Resets the caller's side and drops the other. */
  reset(): void;
}

export interface ConnectionPath {
  readonly clock: Clock;
  readonly alarm: Alarm;
  readonly upstreamPort: number;
  readonly roundTripMs: number;
  /** Of the link and the number of the connection: what draws are named by. */
  readonly name: string;
  readonly onStarved: (sentence: string) => void;
}

/** A connection made while all is lost: open, heard by nobody, and broken from its first day. */
export function strand(caller: Socket): Connection {
  caller.resume();
  caller.on('error', () => {}); // The caller gave up; there is nobody to tell.
  caller.on('end', () => caller.destroy());
  const reset = (): void => void caller.resetAndDestroy();
  return {
    change: (condition) => {
      if (!loses(condition) || condition.resets) reset();
    },
    reset,
  };
}

export function loses({ toService, toCaller }: Condition): boolean {
  return toService === 'lost' && toCaller === 'lost';
}

export function carry(caller: Socket, path: ConnectionPath, first: Condition): Connection {
  const { clock, alarm, name } = path;
  let condition = first;
  const roundTripUs = (): number => (path.roundTripMs + condition.addedMs) * 1_000;
  const opened = { openedUs: clock(), handshakeUs: roundTripUs() };
  const service = connect({ port: path.upstreamPort, host: LOOPBACK, allowHalfOpen: true, noDelay: true });
  let lostToService = false;
  let lostToCaller = false;
  let carriedToCaller = 0;
  /** Where the counting of a cut began. */
  let cutFrom = 0;
  const drop = (): void => {
    toService.stop();
    toCaller.stop();
    service.destroy();
  };
  const reset = (): void => {
    drop();
    caller.resetAndDestroy();
  };
  const toService = createFlow({
    source: caller,
    target: service,
    clock,
    alarm,
    flights: createFlights(name, 'toService'),
    condition: () => condition,
    silenced: () => condition.toService === 'lost',
    onRead: () => {
      if (condition.resets) reset();
    },
    onLoss: (what) => {
      lostToService = true;
      if (what === 'bytes') return;
      // The caller hung up into the silence and will not come back: nothing is left to keep.
      drop();
      caller.destroy();
    },
    arrivalUs: (sentUs) => arrivalAtServiceUs(opened, sentUs, roundTripUs()),
  });
  const toCaller = createFlow({
    source: service,
    target: caller,
    clock,
    alarm,
    flights: createFlights(name, 'toCaller'),
    condition: () => condition,
    silenced: () => condition.toCaller === 'lost',
    // Also when the service hung up: the caller cannot know, and goes on waiting.
    onLoss: () => {
      lostToCaller = true;
    },
    mayDeliver: (bytes) => {
      const { cutAfterBytes } = condition;
      if (cutAfterBytes === null) {
        carriedToCaller += bytes;
        return bytes;
      }
      const left = Math.max(0, cutFrom + cutAfterBytes - carriedToCaller);
      carriedToCaller += Math.min(left, bytes);
      // What may still go is written first: the end stands behind it.
      if (left <= bytes) setImmediate(cut);
      return left;
    },
    arrivalUs: (sentUs) => arrivalAtCallerUs(opened, sentUs, roundTripUs()),
  });
  const cut = (): void => {
    drop();
    caller.destroySoon();
  };
  caller.on('error', () => {
    toCaller.stop();
    toService.reset();
  });
  // Also when the endpoint does not listen: the caller is told when an answer could have come.
  service.on('error', (error: NodeJS.ErrnoException) => {
    const starved = starvation('it', error.code);
    if (starved !== undefined) path.onStarved(starved);
    toService.stop();
    toCaller.reset();
  });
  return {
    change: (wanted) => {
      const before = condition;
      condition = wanted;
      if (before.cutAfterBytes === null) cutFrom = carriedToCaller;
      // Streams that lost bytes cannot go on. Over a real path the peers' retransmissions would meet state that is
      // long gone; connections that lost nothing live on.
      const mended =
        (lostToService && wanted.toService === 'pass') || (lostToCaller && wanted.toCaller === 'pass');
      if (mended || (wanted.resets && !before.resets)) reset();
    },
    reset,
  };
}
