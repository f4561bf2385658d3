/**
 * How long what one connection sends is under way in one direction, beyond the path itself: drawn delays, a narrow
 * path, stalls. Pure arithmetic in microseconds, with draws of its own for every fault and connection.
 */

import { drawDelayMs } from '../time/delay.ts';
import { createRandom, type Random } from '../time/random.ts';
import type { Condition } from './link.ts';

export interface Flights {
  /** Takes note of a flight's begin: what is drawn is drawn once for all of it. */
  begin(condition: Condition): void;
  /** When bytes that the path alone would bring at `pathUs` arrive. */
  arrivalUs(condition: Condition, pathUs: number, bytes: number): number;
}

export type Direction = 'toService' | 'toCaller';

/** @param name Of the link and the connection; draws differ from connection to connection and repeat with the seed. */
export function createFlights(name: string, direction: Direction): Flights {
  const randoms = new Map<string, Random>();
  const randomOf = (id: string, seed: number): Random => {
    const key = `${seed}/${id}`;
    const random = randoms.get(key) ?? createRandom(seed).fork(`${id} ${name} ${direction}`);
    randoms.set(key, random);
    return random;
  };
  let extraUs = 0;
  /** When a narrow path has carried all that was given to it. */
  let freeUs = 0;
  return {
    begin: ({ drawnDelays, stalls }) => {
      extraUs = 0;
      if (direction === 'toCaller') {
        for (const { id, seed, delay } of drawnDelays) {
          extraUs += drawDelayMs(delay, randomOf(id, seed)) * 1_000;
        }
      }
      for (const { id, seed, share, stallMs } of stalls) {
        if (randomOf(id, seed).next() < share) extraUs += stallMs * 1_000;
      }
    },
    arrivalUs: ({ bytesPerSecond }, pathUs, bytes) => {
      const dueUs = pathUs + extraUs;
      if (bytesPerSecond === null) return dueUs;
      freeUs = Math.max(freeUs, dueUs) + (bytes / bytesPerSecond) * 1e6;
      return freeUs;
    },
  };
}

/** The most bytes to send on at once: a narrow path carries a stream, and not one lump at the end of a long wait. */
export function pieceBytes({ bytesPerSecond }: Condition): number {
  return bytesPerSecond === null ? Number.POSITIVE_INFINITY : Math.max(64, Math.floor(bytesPerSecond / 20));
}
