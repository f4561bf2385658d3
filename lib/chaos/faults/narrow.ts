/** Each connection carries so few bytes a second that handshakes and answers queue behind themselves. */

import { z } from 'zod';
import { NOISE_MS } from '../delay-spec.ts';
import { defineFaultKind, RAMP_FIELD } from '../fault-kind.ts';
import { describeTarget, linkTarget } from '../target.ts';
import { connectionChoice, describeConnections, planOnLinks } from './on-links.ts';

/** What a fresh connection with one AssumeRole carries toward the caller and toward the service, as measured. */
const FRESH_BYTES = { toCaller: 4_400, toService: 2_300 } as const;
/** Half of what the bytes toward the caller take: a network may let the first of them through at once. */
const SHOWN_BYTES = FRESH_BYTES.toCaller / 2;
const WIDEST = (SHOWN_BYTES * 1_000) / NOISE_MS;

export const narrow = defineFaultKind({
  kind: 'narrow',
  about: 'Each way of each connection carries no more than so many bytes a second.',
  fields: {
    target: linkTarget,
    connections: connectionChoice,
    bytesPerSecond: z.int().min(1_000).describe(`Bytes a second, each way: 1000 to ${WIDEST}.`),
    ...RAMP_FIELD,
  },
  title: ({ target, bytesPerSecond, connections }) =>
    `${describeTarget(target)} carries ${bytesPerSecond} bytes a second${describeConnections(connections)}`,
  plan: (spec, view) => {
    const millisecondsFor = (bytes: number): number => Math.ceil((bytes * 1_000) / spec.bytesPerSecond);
    return planOnLinks(spec, view, {
      effect: { kind: 'narrow', bytesPerSecond: spec.bytesPerSecond },
      effectAt: (strength) => ({
        kind: 'narrow',
        bytesPerSecond: Math.round(spec.bytesPerSecond / strength),
      }),
      during: { kind: 'slower', byMs: millisecondsFor(SHOWN_BYTES) },
      addedMs: millisecondsFor(FRESH_BYTES.toCaller + FRESH_BYTES.toService),
    });
  },
  check: ({ bytesPerSecond }) =>
    bytesPerSecond <= WIDEST
      ? []
      : [
          {
            place: 'bytesPerSecond',
            value: bytesPerSecond,
            message: `so wide that an answer is not ${NOISE_MS} ms later: nothing could be proved`,
            hint: `write at most ${WIDEST}`,
          },
        ],
});
