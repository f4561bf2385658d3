/** Connections are refused at once, and open ones are reset: a service that is gone, and says so. */

import { z } from 'zod';
import { COMMON_FIELDS, defineFaultKind } from '../fault-kind.ts';
import { describeTarget, linkTarget } from '../target.ts';
import { planOnLinks } from './network-plan.ts';

export const refused = defineFaultKind({
  kind: 'refused',
  schema: z
    .strictObject({ kind: z.literal('refused'), ...COMMON_FIELDS, target: linkTarget })
    .describe('Connections are refused at once, open ones are reset.'),
  title: (spec) => `${describeTarget(spec.target)} refuses connections`,
  plan: (spec, view) => planOnLinks(spec.target, view, { kind: 'refused' }, { kind: 'refused' }),
});
