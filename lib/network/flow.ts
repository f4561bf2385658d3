/**
 * One direction of a connection over an embedded link: reads from one socket, holds what it read for as long
 * as the path takes, writes to the other. Ends and resets travel through the same queue as the bytes, so
 * nothing overtakes.
 */

import type { Socket } from 'node:net';
import type { Clock } from '../time/monotonic.ts';
import type { Alarm } from './alarm.ts';
import { createDelayLine } from './delay-line.ts';
import { type Flights, pieceBytes } from './flights.ts';
import type { Condition } from './link.ts';

export interface FlowOptions {
  readonly source: Socket;
  readonly target: Socket;
  readonly clock: Clock;
  readonly alarm: Alarm;
  /** When the path alone brings what was sent at `sentUs` to the other end. */
  readonly arrivalUs: (sentUs: number) => number;
  readonly flights: Flights;
  /** What the connection meets now. */
  readonly condition: () => Condition;
  /** True while the path swallows what is on it. */
  readonly silenced: () => boolean;
  /** Told when the path swallowed something: the stream is broken for good. */
  readonly onLoss: (what: Item['kind']) => void;
  /** Asked before bytes are written; how many of them may be. Fewer than all: the rest is dropped. */
  readonly mayDeliver?: (bytes: number) => number;
  /** Told when something is read, before it sets out. */
  readonly onRead?: () => void;
}

export interface Flow {
  /** The source died: its reset sets out behind what it had sent. */
  reset(): void;
  /** Forgets what is under way and delivers nothing more. */
  stop(): void;
}

type Item =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }
  | { readonly kind: 'reset' };

/** Beyond this much under way the sender is held up, as a full TCP window would. */
const WINDOW_BYTES = 4 * 1024 * 1024;

export function createFlow(options: FlowOptions): Flow {
  const { source, target, clock, alarm, flights } = options;
  const line = createDelayLine<Item>();
  let underWayBytes = 0;
  let ringForUs = Number.POSITIVE_INFINITY;
  let stopped = false;

  const send = (item: Item): void => {
    if (stopped) return;
    if (options.silenced()) {
      options.onLoss(item.kind);
      return;
    }
    const nowUs = clock();
    const condition = options.condition();
    flights.begin(condition);
    const pathUs = options.arrivalUs(nowUs);
    if (item.kind === 'bytes') sendBytes(item.bytes, condition, pathUs);
    else line.push(item, flights.arrivalUs(condition, pathUs, 0));
    deliver(nowUs);
    if (underWayBytes + target.writableLength > WINDOW_BYTES) source.pause();
  };

  const sendBytes = (bytes: Uint8Array, condition: Condition, pathUs: number): void => {
    underWayBytes += bytes.length;
    const size = pieceBytes(condition);
    if (bytes.length <= size) {
      line.push({ kind: 'bytes', bytes }, flights.arrivalUs(condition, pathUs, bytes.length));
      return;
    }
    for (let from = 0; from < bytes.length; from += size) {
      const piece = bytes.subarray(from, from + size);
      line.push({ kind: 'bytes', bytes: piece }, flights.arrivalUs(condition, pathUs, piece.length));
    }
  };

  const deliver = (nowUs: number): void => {
    for (let item = line.take(nowUs); item !== undefined && !stopped; item = line.take(nowUs)) {
      if (item.kind === 'bytes') underWayBytes -= item.bytes.length;
      if (options.silenced()) options.onLoss(item.kind);
      else if (item.kind === 'bytes') write(item.bytes);
      else if (item.kind === 'end') target.end();
      else target.resetAndDestroy();
    }
    if (source.isPaused() && underWayBytes + target.writableLength <= WINDOW_BYTES) source.resume();
    const nextUs = line.nextUs();
    if (nextUs === undefined || nextUs >= ringForUs) return;
    ringForUs = nextUs;
    alarm.at(nextUs, () => {
      ringForUs = Number.POSITIVE_INFINITY;
      if (!stopped) deliver(clock());
    });
  };

  const write = (bytes: Uint8Array): void => {
    const most = options.mayDeliver?.(bytes.length) ?? bytes.length;
    if (most >= bytes.length) target.write(bytes);
    else if (most > 0) target.write(bytes.subarray(0, most));
  };

  source.on('data', (bytes: Uint8Array) => {
    options.onRead?.();
    send({ kind: 'bytes', bytes });
  });
  source.on('end', () => send({ kind: 'end' }));
  target.on('drain', () => {
    if (source.isPaused() && underWayBytes <= WINDOW_BYTES) source.resume();
  });
  return {
    reset: () => send({ kind: 'reset' }),
    stop: () => {
      stopped = true;
      line.clear();
    },
  };
}
