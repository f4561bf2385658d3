/** Connections are refused at once, and open ones are reset: a service that is gone, and says so. */

import { defineFaultKind } from '../fault-kind.ts';
import { describeTarget, linkTarget } from '../target.ts';
import { planOnLinks, whichConnections } from './on-links.ts';

export const refused = defineFaultKind({
  kind: 'refused',
  about: 'Connections are refused at once, open ones are reset.',
  fields: { target: linkTarget, connections: whichConnections },
  title: ({ target, connections }) =>
    `${describeTarget(target)} refuses connections${connections.which === 'new' ? ', open ones live on' : ''}`,
  plan: (spec, view) => planOnLinks(spec, view, { effect: { kind: 'refused' }, during: { kind: 'refused' } }),
});
