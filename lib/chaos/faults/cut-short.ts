/** Connections end in the middle of an answer: the caller cannot know whether its request was carried out. */

import { z } from 'zod';
import { defineFaultKind } from '../fault-kind.ts';
import { describeTarget, linkTarget } from '../target.ts';
import { connectionChoice, describeConnections, planOnLinks } from './on-links.ts';

/** A fresh connection with one AssumeRole carries 4.4 kB toward the caller, as measured; more would cut no probe. */
const AFTER_BYTES_AT_MOST = 4_000;

export const cutShort = defineFaultKind({
  kind: 'cut-short',
  about: 'Connections carry so many bytes toward the caller and are then closed.',
  fields: {
    target: linkTarget,
    connections: connectionChoice,
    afterBytes: z
      .int()
      .min(1)
      .describe(`Bytes toward the caller, TLS included; at most ${AFTER_BYTES_AT_MOST}.`),
  },
  title: ({ target, afterBytes, connections }) =>
    `${describeTarget(target)} closes after ${afterBytes} bytes${describeConnections(connections)}`,
  plan: (spec, view) =>
    planOnLinks(spec, view, {
      effect: { kind: 'cut-short', afterBytes: spec.afterBytes },
      during: { kind: 'reset' },
    }),
  check: ({ afterBytes }) =>
    afterBytes <= AFTER_BYTES_AT_MOST
      ? []
      : [
          {
            place: 'afterBytes',
            value: afterBytes,
            message: 'a whole answer on a fresh connection is shorter: it could not be proved',
            hint: `write at most ${AFTER_BYTES_AT_MOST}`,
          },
        ],
});
