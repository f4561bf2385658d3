/** Bytes vanish one way: what the service has done and what the caller has learned of it part ways. */

import { z } from 'zod';
import { defineFaultKind } from '../fault-kind.ts';
import { describeTarget, linkTarget } from '../target.ts';
import { connectionChoice, describeConnections, planOnLinks } from './on-links.ts';

export const oneWay = defineFaultKind({
  kind: 'one-way',
  about: 'Connections are accepted, and what is sent one way gets lost.',
  fields: {
    target: linkTarget,
    connections: connectionChoice,
    lost: z.enum(['requests', 'answers']).describe('What never arrives.'),
  },
  title: ({ target, lost, connections }) =>
    `${lost} ${lost === 'requests' ? 'to' : 'of'} ${describeTarget(target)} get lost${describeConnections(connections)}`,
  plan: (spec, view) =>
    planOnLinks(spec, view, { effect: { kind: 'one-way', lost: spec.lost }, during: { kind: 'silent' } }),
});
