/** Connections are accepted and reset as soon as the caller says something: a balancer with nobody behind it. */

import { defineFaultKind } from '../fault-kind.ts';
import { describeTarget, linkTarget } from '../target.ts';
import { connectionChoice, describeConnections, planOnLinks } from './on-links.ts';

export const reset = defineFaultKind({
  kind: 'reset',
  about: 'Connections are accepted, and reset at the first byte; open ones at once.',
  fields: { target: linkTarget, connections: connectionChoice },
  title: ({ target, connections }) =>
    `${describeTarget(target)} accepts and resets${describeConnections(connections)}`,
  plan: (spec, view) => planOnLinks(spec, view, { effect: { kind: 'reset' }, during: { kind: 'reset' } }),
});
