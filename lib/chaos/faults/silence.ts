/** Connections are accepted and never answered: the outage that only a time limit of the caller's own can see. */

import { z } from 'zod';
import { COMMON_FIELDS, defineFaultKind } from '../fault-kind.ts';
import { describeTarget, linkTarget } from '../target.ts';
import { planOnLinks } from './network-plan.ts';

export const silence = defineFaultKind({
  kind: 'silence',
  schema: z
    .strictObject({ kind: z.literal('silence'), ...COMMON_FIELDS, target: linkTarget })
    .describe('Connections are accepted and never answered.'),
  title: (spec) => `${describeTarget(spec.target)} accepts and never answers`,
  plan: (spec, view) => planOnLinks(spec.target, view, { kind: 'silence' }, { kind: 'silent' }),
});
