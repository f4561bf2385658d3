/**
 * One direction of a connection over an embedded link: reads from one socket, holds what it read for as long
 * as the path takes, writes to the other. Ends and resets travel through the same queue as the bytes, so
 * nothing overtakes.
 */

import type { Socket } from 'node:net';
import type { Clock } from '../time/monotonic.ts';
import type { Alarm } from './alarm.ts';
import { createDelayLine } from './delay-line.ts';

export interface FlowOptions {
  readonly source: Socket;
  readonly target: Socket;
  readonly clock: Clock;
  readonly alarm: Alarm;
  /** When what was sent at `sentUs` reaches the other end. */
  readonly arrivalUs: (sentUs: number) => number;
  /** True while the path swallows what is on it. */
  readonly silenced: () => boolean;
  /** Told when the path swallowed something: the stream is broken for good. */
  readonly onLoss: (what: Item['kind']) => void;
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
  const { source, target, clock, alarm } = options;
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
    if (item.kind === 'bytes') underWayBytes += item.bytes.length;
    const nowUs = clock();
    line.push(item, options.arrivalUs(nowUs));
    deliver(nowUs);
    if (underWayBytes + target.writableLength > WINDOW_BYTES) source.pause();
  };

  const deliver = (nowUs: number): void => {
    for (let item = line.take(nowUs); item !== undefined && !stopped; item = line.take(nowUs)) {
      if (item.kind === 'bytes') underWayBytes -= item.bytes.length;
      if (options.silenced()) options.onLoss(item.kind);
      else if (item.kind === 'bytes') target.write(item.bytes);
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

  source.on('data', (bytes: Uint8Array) => send({ kind: 'bytes', bytes }));
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
