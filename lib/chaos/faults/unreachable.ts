/** Nothing answers a connect, not even with a refusal: a host that is off, or a way that leads nowhere. */

import { defineFaultKind } from '../fault-kind.ts';
import { describeTarget, linkTarget } from '../target.ts';
import { planOnLinks, whichConnections } from './on-links.ts';

export const unreachable = defineFaultKind({
  kind: 'unreachable',
  about: 'Connects are not answered at all, open connections fall silent.',
  fields: { target: linkTarget, connections: whichConnections },
  title: ({ target, connections }) =>
    `${describeTarget(target)} cannot be reached${connections.which === 'new' ? ', open connections live on' : ''}`,
  plan: (spec, view) =>
    planOnLinks(spec, view, { effect: { kind: 'unreachable' }, during: { kind: 'unreachable' } }),
});
