/** Connections are accepted and never answered: the outage that only a time limit of the caller's own can see. */

import { defineFaultKind } from '../fault-kind.ts';
import { describeTarget, linkTarget } from '../target.ts';
import { connectionChoice, describeConnections, planOnLinks } from './on-links.ts';

export const silence = defineFaultKind({
  kind: 'silence',
  about: 'Connections are accepted and never answered.',
  fields: { target: linkTarget, connections: connectionChoice },
  title: ({ target, connections }) =>
    `${describeTarget(target)} accepts and never answers${describeConnections(connections)}`,
  plan: (spec, view) => planOnLinks(spec, view, { effect: { kind: 'silence' }, during: { kind: 'silent' } }),
});
